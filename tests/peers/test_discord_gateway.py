"""The Discord peer's gateway, outages, ordered failures and control process."""

from __future__ import annotations

import asyncio
import json
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import utils
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.peers.contract import DEFAULT_FILE, TOLERANCES, Contract
from tests.peers.discord_bot import Bot, running
from tests.peers.discord_peer import DiscordPeer

IDENTIFY = {"token": "peer.token.discord", "intents": 1, "properties": {}}


class Socket:
    """A bare gateway client."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, compressed: bool) -> None:
        self.socket = socket
        self.inflate = zlib.decompressobj() if compressed else None

    async def send(self, op: int, d: Any) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": d}))

    async def read(self) -> Any:
        message = await self.socket.receive(timeout=5)
        if message.type is aiohttp.WSMsgType.CLOSE:
            return message.data
        data = self.inflate.decompress(message.data) if self.inflate else message.data
        return json.loads(data)


@pytest.fixture
async def peer() -> AsyncIterator[DiscordPeer]:
    async with DiscordPeer() as peer:
        yield peer
        assert peer.violations == []


@pytest.fixture
async def bot(peer: DiscordPeer) -> AsyncIterator[Bot]:
    async with running(Bot(), peer) as bot:
        yield bot


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def connected(
    http: aiohttp.ClientSession, peer: DiscordPeer, query: str = "v=10&encoding=json"
) -> Socket:
    socket = await http.ws_connect(f"{peer.gateway.address}?{query}")
    return Socket(socket, compressed="compress" in query)


@pytest.mark.parametrize("query", ["v=10&encoding=json", "v=9&encoding=json&compress=zlib-stream"])
async def test_a_session_opens_with_hello_ready_and_guilds(
    peer: DiscordPeer, http: aiohttp.ClientSession, query: str
) -> None:
    socket = await connected(http, peer, query)
    hello = await socket.read()
    assert (hello["op"], hello["d"]) == (10, {"heartbeat_interval": 41250})
    await socket.send(1, None)
    assert (await socket.read())["op"] == 11
    await socket.send(2, IDENTIFY)
    ready, guild = await socket.read(), await socket.read()
    assert (ready["t"], ready["s"], ready["d"]["guilds"][0]["unavailable"]) == ("READY", 1, True)
    assert ready["d"]["application"]["id"] == peer.state.application_id
    assert (guild["t"], guild["s"], guild["d"]["name"]) == ("GUILD_CREATE", 2, "Research")


async def test_the_client_gets_the_compression_it_asks_for(peer: DiscordPeer, bot: Bot) -> None:
    [connection] = peer.gateway.connections
    assert connection.request.query["compress"] == utils._ActiveDecompressionContext.COMPRESSION_TYPE
    assert peer.gateway.heartbeats >= 1


@pytest.mark.parametrize(("sends", "code"), [
    ([(2, IDENTIFY | {"token": "wrong"})], 4004),
    ([(2, IDENTIFY), (2, IDENTIFY)], 4005),
    ([(3, {})], 4003),
    ([(2, IDENTIFY), (99, {})], 4001),
    ([(2, IDENTIFY | {"intents": 1 << 40})], 4013),
    ([(2, IDENTIFY | {"intents": 1 << 15})], 4014),
    ([(2, IDENTIFY | {"shard": [2, 1]})], 4010),
    ([(1, "x" * 5000)], 4002),
    ([(1, None)] * 121, 4008),
])  # fmt: skip
async def test_a_breach_closes_the_connection_with_its_code(
    peer: DiscordPeer, http: aiohttp.ClientSession, sends: list[tuple[int, Any]], code: int
) -> None:
    socket = await connected(http, peer)
    for op, content in sends:
        await socket.send(op, content)
    while isinstance(answer := await socket.read(), dict):
        pass
    assert answer == code


async def test_broken_json_and_old_versions_are_refused(
    peer: DiscordPeer, http: aiohttp.ClientSession
) -> None:
    socket = await connected(http, peer)
    await socket.socket.send_str("{")
    assert [(await socket.read())["op"], await socket.read()] == [10, 4002]
    assert await (await connected(http, peer, "v=8")).read() == 4012


async def test_a_client_without_heartbeats_is_timed_out(
    peer: DiscordPeer, http: aiohttp.ClientSession
) -> None:
    peer.gateway.heartbeat_interval = 0.02
    socket = await connected(http, peer)
    assert [(await socket.read())["op"], await socket.read()] == [10, 4009]


async def test_a_resume_replays_exactly_what_was_missed(
    peer: DiscordPeer, http: aiohttp.ClientSession
) -> None:
    socket = await connected(http, peer)
    await socket.send(2, IDENTIFY)
    await socket.read()
    ready = await socket.read()
    await socket.read()
    await socket.socket.close(code=4000)
    await peer.command("brief", registered=False)
    for number in (1, 2):
        await peer.command("brief", {"number": number}, registered=False)
    socket = await connected(http, peer)
    await socket.send(6, {"token": peer.token, "session_id": ready["d"]["session_id"], "seq": 3})
    events = [await socket.read() for _ in range(4)]
    assert [event.get("s") for event in events] == [None, 4, 5, 6]
    assert [event["t"] for event in events[1:]] == ["INTERACTION_CREATE", "INTERACTION_CREATE", "RESUMED"]
    assert events[1]["d"]["data"]["options"] == [{"name": "number", "type": 4, "value": 1}]


async def test_a_session_that_is_over_cannot_be_resumed(
    peer: DiscordPeer, http: aiohttp.ClientSession
) -> None:
    socket = await connected(http, peer)
    await socket.send(2, IDENTIFY)
    await socket.read()
    session = (await socket.read())["d"]["session_id"]
    other = await connected(http, peer)
    await other.read()
    await other.send(6, {"token": peer.token, "session_id": session, "seq": 99})
    assert await other.read() == 4007
    await socket.socket.close(code=1000)
    other = await connected(http, peer)
    await other.read()
    await other.send(6, {"token": peer.token, "session_id": session, "seq": 1})
    invalid = await other.read()
    assert (invalid["op"], invalid["d"]) == (9, False)


async def test_shards_get_their_own_guilds_and_direct_messages_go_to_the_first(
    peer: DiscordPeer, http: aiohttp.ClientSession
) -> None:
    of_the_guild = (int(peer.guild().id) >> 22) % 2
    for shard in (0, 1):
        socket = await connected(http, peer)
        await socket.send(2, IDENTIFY | {"shard": [shard, 2]})
        await socket.read()
        ready = await socket.read()
        assert len(ready["d"]["guilds"]) == (1 if shard == of_the_guild else 0)
    first, second = peer.gateway.sessions.values()
    before = (first.seq, second.seq)
    await peer.command("brief", dm=True, registered=False)
    assert (first.seq - before[0], second.seq - before[1]) == (1, 0)


async def test_a_privileged_intent_that_was_not_granted_ends_the_bot(
    peer: DiscordPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", peer.api_base)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(peer.gateway.address))
    async with Bot(discord.Intents(guilds=True, members=True)) as bot:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.start(peer.token)


async def test_a_wrong_token_fails_the_login(peer: DiscordPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", peer.api_base)
    async with Bot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("wrong")


async def test_a_dropped_socket_is_resumed_and_the_command_in_between_is_answered(
    peer: DiscordPeer, bot: Bot
) -> None:
    peer.gateway.drop_sockets()
    exchange = await peer.command("brief show", {"section": "china"})
    assert (await exchange.answer())["content"] == "china page 1 for reader in Research, en-US"
    assert peer.gateway.identifies == 1


async def test_the_client_reconnects_when_asked_and_resumes(peer: DiscordPeer, bot: Bot) -> None:
    await peer.gateway.ask_to_reconnect()
    await bot.until("resumed")
    assert (peer.gateway.identifies, len(peer.gateway.sessions)) == (1, 1)
    assert (await (await peer.command("brief slow")).answer())["content"] == "At last"


async def test_an_invalidated_session_is_opened_anew(peer: DiscordPeer, bot: Bot) -> None:
    await peer.gateway.invalidate()
    async with asyncio.timeout(5):
        while peer.gateway.identifies < 2:
            await asyncio.sleep(0.01)
    assert (await (await peer.command("brief slow")).answer())["content"] == "At last"


async def test_an_outage_keeps_port_messages_commands_and_sessions(peer: DiscordPeer, bot: Bot) -> None:
    channel = await bot.fetch_channel(int(peer.channel().id))
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send("Before the outage")
    base = peer.api_base
    await peer.stop()
    with pytest.raises(aiohttp.ClientError):
        await channel.send("During the outage")
    await peer.start()
    assert peer.api_base == base
    assert (await channel.fetch_message(sent.id)).content == "Before the outage"
    await peer.until_connected(10)
    assert (await (await peer.command("brief slow")).answer())["content"] == "At last"
    assert peer.gateway.identifies == 1


async def sendable(bot: Bot, peer: DiscordPeer) -> discord.TextChannel:
    channel = await bot.fetch_channel(int(peer.channel().id))
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_an_answer_can_be_lost_after_the_message_was_stored(peer: DiscordPeer, bot: Bot) -> None:
    channel = await sendable(bot, peer)
    lost = peer.fail_next("POST", r"/messages$", status=503, after_storing=True)
    with pytest.raises(discord.DiscordServerError):
        await channel.send("A reminder", nonce="delivery-7")
    again = await channel.send("A reminder", nonce="delivery-7")
    assert [stored.id for stored in peer.messages(peer.channel())] == [str(again.id)]
    assert lost.hits == 1


async def test_a_connection_can_be_cut_before_or_after_storing(peer: DiscordPeer, bot: Bot) -> None:
    channel = await sendable(bot, peer)
    for after_storing, kept in ((False, 0), (True, 1)):
        peer.fail_next("POST", r"/messages$", drop=True, after_storing=after_storing)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await channel.send("A reminder")
        assert len(peer.messages(peer.channel())) == kept


async def test_a_rate_limit_on_order_is_waited_for_and_one_without_via_is_a_ban(
    peer: DiscordPeer, bot: Bot
) -> None:
    channel = await sendable(bot, peer)
    limited = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}
    order = peer.fail_next("POST", r"/messages$", status=429, body=limited, times=2)
    await channel.send("A reminder")
    assert (order.hits, len(peer.messages(peer.channel()))) == (2, 1)
    peer.fail_next("POST", r"/messages$", status=429, body=limited, headers={"Via": ""})
    with pytest.raises(discord.HTTPException, match="429"):
        await channel.send("Another")


async def test_an_answer_can_be_delayed(peer: DiscordPeer, bot: Bot) -> None:
    channel = await sendable(bot, peer)
    peer.fail_next("POST", r"/messages$", status=None, delay=0.05, after_storing=True)
    sending = asyncio.create_task(channel.send("A reminder"))
    async with asyncio.timeout(2):
        while not peer.messages(peer.channel()):
            await asyncio.sleep(0.005)
    assert not sending.done()
    await sending


@pytest.mark.skipif(not DEFAULT_FILE.is_file(), reason="Discord's API description is not at hand")
def test_the_contract_names_what_contradicts_the_description() -> None:
    contract = Contract.from_file()
    assert contract.reason is None
    assert (
        contract.check("POST", "/channels/1/messages", {"content": "A digest", "attachments": [{"id": 0}]})
        == []
    )
    [wrong] = contract.check("POST", "/channels/1/messages", {"content": 7})
    assert wrong.startswith("POST /channels/{channel_id}/messages: $.content: 7 is not")
    [nested] = contract.check("PUT", "/applications/1/commands", [{"name": "brief", "contexts": [9]}])
    assert "$[0].contexts[0]" in nested
    assert contract.check("POST", "/channels/1/letters", {}) == [
        "POST /channels/1/letters: the API description has no such operation"
    ]
    assert contract.check("GET", "/users/@me", {"a": 1}) == ["GET /users/@me: the description takes no body"]
    assert all(tolerance.reason for tolerance in TOLERANCES)


def test_a_missing_description_switches_the_contract_off_and_says_so(tmp_path: Path) -> None:
    contract = Contract.from_file(tmp_path / "discord-openapi.json")
    assert contract.reason == "discord-openapi.json is not at hand beside the repository"
    assert contract.check("POST", "/nonsense", None) == []


async def test_a_request_that_the_peer_does_not_speak_is_a_violation(http: aiohttp.ClientSession) -> None:
    async with DiscordPeer() as peer:
        headers = {"Authorization": f"Bot {peer.token}", "User-Agent": "DiscordBot (https://example.org, 1)"}
        async with http.get(f"{peer.api_base}/channels/1/invites", headers=headers) as answer:
            assert answer.status == 404
        assert peer.violations == ["GET /channels/1/invites: this peer has no such operation"]


async def test_the_peer_runs_as_a_process_and_is_driven_by_its_control_interface(
    http: aiohttp.ClientSession,
) -> None:
    program = [sys.executable, "-m", "tests.peers.discord_peer", "--no-contract"]
    root = Path(__file__).resolve().parents[2]
    process = await asyncio.create_subprocess_exec(*program, cwd=root, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    about = json.loads(await process.stdout.readline())
    control = f"http://127.0.0.1:{about['control_port']}/control"

    async def order(name: str, body: Any) -> Any:
        async with http.post(f"{control}/{name}", json=body) as answer:
            return await answer.json()

    async def look(name: str) -> Any:
        async with http.get(f"{control}/{name}") as answer:
            return await answer.json()

    far = DiscordPeer(about["port"])
    far.gateway.address = f"ws://127.0.0.1:{about['port']}/gateway"
    async with running(Bot(), far) as bot:
        asked = await order(
            "ask", {"verb": "command", "args": {"name": "brief show", "options": {"section": "china"}}}
        )
        assert asked["answer"]["content"] == "china page 1 for reader in Research, en-US"
        assert 0 < asked["callback_ms"] <= asked["answer_ms"]
        pressed = {"custom_id": "more", "message": asked["answer"]["id"]}
        assert (await order("ask", {"verb": "click", "args": pressed}))["answer"][
            "content"
        ] == "The rest of it"
        opened = await order("ask", {"verb": "command", "args": {"name": "form", "user": "manager"}})
        fields = {"question": "When?", "when": "Now"}
        sent = await order("ask", {"verb": "submit", "args": {"modal": opened["token"], "fields": fields}})
        assert sent["answer"]["content"] == "When? ['Now'] []"
        wrong = await order("ask", {"verb": "command", "args": {"name": "nothing"}})
        assert wrong == {
            "error": "NotOfferedError",
            "message": "/nothing is not registered here; there are: brief, form",
        }
        load = await order("load", {"name": "brief slow", "count": 6, "concurrency": 3})
        assert len(load["callback_ms"]) == len(load["answer_ms"]) == 6
        channel = await sendable(bot, far)
        await order(
            "call",
            {"method": "fail_next", "args": {"method": "POST", "path_pattern": "messages$", "status": 503}},
        )
        with pytest.raises(discord.DiscordServerError):
            await channel.send("A reminder")
        await channel.send("A reminder")
        [message] = await look(f"messages?channel={channel.id}")
        assert (message["payload"]["content"], message["notified"]) == ("A reminder", [])
        assert [entry["name"] for entry in await look("commands")] == ["brief", "form"]
        assert {"method": "GET", "path": "/users/@me", "status": 200}.items() <= (await look("requests"))[
            0
        ].items()
        assert await look("violations") == []
        await order("call", {"method": "stop"})
        await order("call", {"method": "start"})
        await order("call", {"method": "until_connected", "args": {"timeout": 10}})
        assert (await look("status"))["identifies"] == 1
    process.terminate()
    assert await process.wait() == 0
