"""The loopback Slack's sockets, signed HTTP and its life as a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from .slack_bot import (
    buttons,
    client_of,
    ended,
    over_http,
    over_socket,
    section,
    served,
    started,
)
from .slack_peer import SlackPeer, SteppedClock, UnansweredError
from .slack_peer.errors import Json


@pytest.fixture
async def peer() -> AsyncIterator[SlackPeer]:
    async with SlackPeer() as running:
        yield running


async def test_a_refresh_moves_the_app_to_a_new_socket(peer: SlackPeer) -> None:
    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any) -> None:
            await ack("Here.")

    async with over_socket(peer, register):
        await peer.disconnect("warning")
        await peer.until(lambda: peer.sockets.hellos == 2)
        await peer.disconnect("refresh_requested")
        assert peer.connections == []
        await peer.wait_connected()
        assert (await (await peer.command("/brief")).answer())["text"] == "Here."
        peer.sockets.drop()
        await peer.until(lambda: not peer.connections)
        await peer.wait_connected()
        assert (await (await peer.command("/brief")).answer())["text"] == "Here."
        await peer.sockets.ping()
        await peer.until(lambda: any(connection.pongs for connection in peer.connections))


async def test_a_peer_that_comes_back_on_its_port_remembers_everything(peer: SlackPeer) -> None:
    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any) -> None:
            await ack("Here.")

    client, port = client_of(peer), peer.port
    async with over_socket(peer, register):
        posted = await client.chat_postMessage(channel="C1", text="Before.")
        await peer.stop()
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.auth_test()
        await peer.start()
        assert peer.port == port
        await peer.wait_connected()
        assert (await (await peer.command("/brief")).answer())["text"] == "Here."
    found = await client.conversations_history(channel="C1")
    assert [message["ts"] for message in found["messages"]] == [posted["ts"]]


async def raw_socket(peer: SlackPeer, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    opened = await client_of(peer).apps_connections_open(app_token=peer.app_token)
    socket = await session.ws_connect(opened["url"])
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(opened["url"])
    return socket


async def test_any_of_several_sockets_gets_a_payload_and_the_eleventh_is_sent_away(peer: SlackPeer) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await raw_socket(peer, session) for _ in range(10)]
        hellos = [await socket.receive_json() for socket in sockets]
        assert [hello["num_connections"] for hello in hellos] == list(range(1, 11))
        eleventh = await raw_socket(peer, session)
        assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
        for _ in range(10):
            await peer.command("/brief")
        envelopes = [await socket.receive_json() for socket in sockets]
        assert len({envelope["envelope_id"] for envelope in envelopes}) == 10
        assert {envelope["accepts_response_payload"] for envelope in envelopes} == {True}
        for socket, envelope in zip(sockets, envelopes, strict=True):
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
        for exchange in peer.state.exchanges:
            await exchange.acknowledgement()


async def test_an_event_that_is_not_acknowledged_comes_again_three_times() -> None:
    clock = SteppedClock()
    async with SlackPeer(clock=clock) as peer, aiohttp.ClientSession() as session:
        socket = await raw_socket(peer, session)
        await socket.receive_json()
        exchange = await peer.event({"type": "app_mention", "user": "U1", "channel": "C1", "text": "hi"})
        seen = []
        for wait in (3, 3 + 60, 3 + 300):
            seen.append(await socket.receive_json())
            await clock.advance(wait)
        seen.append(await socket.receive_json())
        await socket.send_json({"envelope_id": seen[-1]["envelope_id"], "payload": {"text": "no"}})
        await exchange.acknowledgement()
        assert [(each["retry_attempt"], each["retry_reason"]) for each in seen] == [
            (0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout"),
        ]  # fmt: skip
        assert len({each["payload"]["event_id"] for each in seen}) == 1
        assert peer.sockets.mistakes == [
            "sent a body with an acknowledgement that takes none: {'text': 'no'}"
        ]
        await socket.send_json({"envelope_id": seen[0]["envelope_id"]})
        await clock.advance(0)
        await asyncio.sleep(0.05)
        assert "acknowledged unknown envelope" in peer.sockets.mistakes[1]


async def test_a_forged_old_or_unsigned_request_is_refused_by_the_app(peer: SlackPeer) -> None:
    def register(app: AsyncApp) -> None:
        @app.command("/brief")
        async def brief(ack: Any) -> None:
            await ack("Here.")

    async with over_http(peer, register):
        assert await peer.verify_url()
        wrongs: list[Json] = [{"signature": "wrong"}, {"signature": "missing"}, {"age": 1000.0}]
        for wrong in wrongs:
            exchange = await peer.command("/brief", **wrong)
            with pytest.raises(UnansweredError, match="the user saw dispatch_failed"):
                await exchange.answer()
            assert [ack.status for ack in exchange.late_acks] == [401]
        good = await peer.command("/brief")
        assert (await good.answer())["text"] == "Here."
        again = await peer.replay(good)
        assert (again.status, again.body) == (200, "Here.")
        assert len(good.seen) == 1


async def test_events_are_retried_over_http_with_their_headers() -> None:
    clock = SteppedClock()
    got: list[tuple[str | None, str | None, Json]] = []

    async def handle(request: web.Request) -> web.Response:
        headers = request.headers
        got.append(
            (headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason"), await request.json())
        )
        if len(got) == 1:
            return web.Response(status=500)
        if len(got) == 2:
            await clock.sleep(100)
        stop = {"x-slack-no-retry": "1"} if len(got) == 3 else {}
        return web.Response(status=503 if stop else 200, headers=stop)

    async with SlackPeer(clock=clock) as peer, served(handle) as address:
        peer.http_target = address
        exchange = await peer.event({"type": "app_mention", "user": "U1", "channel": "C1"})
        while len(got) < 2:
            await asyncio.sleep(0.01)
        await clock.advance(3.5)
        await clock.advance(60)
        await exchange.finished()
        assert exchange.failure == "http_error"
        assert [entry[:2] for entry in got] == [(None, None), ("1", "http_error"), ("2", "http_timeout")]
        assert len({entry[2]["event_id"] for entry in got}) == 1
        peer.http_target = "http://127.0.0.1:1/slack/events"
        lost = await peer.command("/brief")
        with pytest.raises(UnansweredError, match="dispatch_failed"):
            await lost.answer()


async def test_the_peer_runs_as_a_process_and_is_driven_from_another() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.peers.slack_peer", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    hello = json.loads(await process.stdout.readline())
    base = hello["api_base"]
    app = AsyncApp(client=AsyncWebClient(token="xoxb-loopback", base_url=base), token="xoxb-loopback")

    @app.command("/brief")
    async def brief(ack: Any) -> None:
        await ack(text="Here.", blocks=[section(), buttons("more")])

    @app.action("act:more")
    async def more(ack: Any, respond: Any) -> None:
        await ack()
        await respond("More.")

    handler = AsyncSocketModeHandler(app, "xapp-loopback")
    await started(handler)
    control = base.replace("/api/", "/control/")
    try:
        async with aiohttp.ClientSession() as session:

            async def ask(verb: str, **body: Any) -> Json:
                async with session.post(control + verb, json=body) as response:
                    return {"status": response.status, **await response.json()}

            answered = await ask("command", name="/brief")
            assert answered["seen"][0]["text"] == "Here."
            assert answered["acked_after"] < 1
            pressed = await ask("click", action_id="act:more")
            assert pressed["posts"] == [{"text": "More."}]
            assert (await ask("replay", exchange=answered["exchange"]))["body"]["text"] == "Here."
            assert (await ask("fail", method="auth.test", error="fatal_error"))["ok"]
            assert (await ask("click", action_id="nothing"))["status"] == 400
            assert (await ask("world", archive="C1", enforce_rates=True))["ok"]
            async with session.get(control + "messages?user=U1") as response:
                assert [each["text"] for each in (await response.json())["messages"]] == ["Here.", "More."]
            async with session.get(control + "state") as response:
                state = await response.json()
            assert (state["connections"], state["channels"]["C1"]["is_archived"]) == (1, True)
    finally:
        await ended(handler)
        process.terminate()
        assert await process.wait() == 0
