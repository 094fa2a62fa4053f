"""What Discord refuses or limits beyond the form of a body: places, people, deadlines, tokens, rates."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.peers.discord_peer import Channel, DiscordPeer, Guild, Permission
from tests.peers.discord_peer.world import READER_USER
from tests.peers.discord_rule_breaks import (
    V2,
    argument,
    command,
    entry,
    labelled,
    modal,
    sub,
    text,
    v2,
)
from tests.peers.discord_wire import Wire, faults


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with DiscordPeer(contract=False) as peer, aiohttp.ClientSession() as http:
        yield Wire(peer, http)


@pytest.mark.parametrize("agent", ["Python/3.11 aiohttp/3.14", "DiscordBot", "Mozilla/5.0"])
async def test_a_client_that_does_not_name_itself_is_refused(wire: Wire, agent: str) -> None:
    status, _ = await wire.send("GET", "/users/@me", headers={"User-Agent": agent})
    assert status == 403


@pytest.mark.parametrize("token", ["", "Bot wrong", "Bearer peer.token.discord"])
async def test_a_wrong_token_gets_401(wire: Wire, token: str) -> None:
    unauthorized = (401, {"message": "401: Unauthorized", "code": 0})
    assert await wire.send("GET", "/users/@me", headers={"Authorization": token}) == unauthorized
    assert [received.status for received in wire.peer.refused()] == [401]


@pytest.mark.parametrize(("prefix", "status"), [
    ("/api/v10", 200), ("/api/v9", 200), ("/api", 200), ("", 200), ("/mirror/api/v9", 200), ("/api/v8", 400),
])  # fmt: skip
async def test_any_base_address_works_and_old_versions_do_not(wire: Wire, prefix: str, status: int) -> None:
    address = f"http://127.0.0.1:{wire.peer.port}{prefix}/gateway"
    async with wire.http.get(address, headers=wire.headers) as answer:
        assert answer.status == status
        if status == 200:
            assert await answer.json() == {"url": f"ws://127.0.0.1:{wire.peer.port}/gateway"}


async def test_broken_json_is_refused(wire: Wire) -> None:
    path = f"{wire.peer.api_base}/channels/{wire.peer.channel().id}/messages"
    headers = wire.headers | {"Content-Type": "application/json"}
    async with wire.http.post(path, data="{", headers=headers) as answer:
        assert (await answer.json())["code"] == 50109


async def test_unreachable_places_have_their_own_codes(wire: Wire) -> None:
    peer, words = wire.peer, {"content": "A digest"}
    general, briefs, thread = peer.channel("general"), peer.channel("briefs"), peer.channel("questions")
    assert (await wire.post(words, "1"))[1]["code"] == 10003
    await peer.deny(general)
    assert (await wire.post(words))[1]["code"] == 50001
    assert (await wire.post(words, thread.id))[1]["code"] == 50001
    await peer.deny(general, Permission.SEND_MESSAGES | Permission.READ_MESSAGE_HISTORY)
    assert (await wire.post(words))[1]["code"] == 50013
    assert (await wire.post(words, thread.id))[0] == 200
    assert await wire.send("GET", f"/channels/{general.id}/messages") == (200, [])
    await peer.deny(thread, Permission.SEND_MESSAGES_IN_THREADS)
    assert (await wire.post(words, thread.id))[1]["code"] == 50013
    await peer.deny(briefs, Permission.EMBED_LINKS)
    assert (await wire.post({"embeds": [{"title": "A digest"}]}, briefs.id))[1]["code"] == 50013
    await peer.delete_channel(briefs)
    assert (await wire.post(words, briefs.id))[1]["code"] == 10003
    await peer.remove_bot()
    assert (await wire.post(words))[1]["code"] == 50001
    assert (await wire.send("GET", f"/guilds/{peer.guild().id}"))[1]["code"] == 10004


async def test_direct_messages_are_refused_as_the_person_wishes(wire: Wire) -> None:
    _, channel = await wire.send("POST", "/users/@me/channels", {"recipient_id": READER_USER})
    _, again = await wire.send("POST", "/users/@me/channels", {"recipient_id": READER_USER})
    assert channel["id"] == again["id"]
    assert (await wire.post({"content": "A reminder"}, channel["id"]))[0] == 200
    wire.peer.close_dms("reader")
    assert (await wire.post({"content": "A reminder"}, channel["id"]))[1]["code"] == 50007
    await wire.peer.remove_bot()
    assert (await wire.post({"content": "A reminder"}, channel["id"]))[1]["code"] == 50278
    assert (await wire.send("POST", "/users/@me/channels", {"recipient_id": "1"}))[0] == 400


async def test_messages_of_others_cannot_be_changed(wire: Wire) -> None:
    theirs = await wire.peer.say("A question")
    path = f"/channels/{wire.peer.channel().id}/messages"
    assert (await wire.send("PATCH", f"{path}/{theirs.id}", {"content": "x"}))[1]["code"] == 50005
    assert (await wire.send("DELETE", f"{path}/{theirs.id}"))[1]["code"] == 50013
    assert (await wire.send("GET", f"{path}/1"))[1]["code"] == 10008
    _, seen = await wire.send("GET", f"{path}/{theirs.id}")
    assert seen["content"] == "", "other people's words need the MESSAGE_CONTENT intent"


async def test_an_edit_keeps_what_it_does_not_name_and_may_not_empty_the_message(wire: Wire) -> None:
    _, sent = await wire.post({"content": "A digest", "embeds": [{"title": "As of today"}], "flags": 1 << 12})
    path = f"/channels/{sent['channel_id']}/messages/{sent['id']}"
    _, edited = await wire.send("PATCH", path, {"content": "A correction"})
    assert (edited["content"], edited["embeds"][0]["title"], edited["flags"]) == (
        "A correction",
        "As of today",
        1 << 12,
    )
    assert (await wire.send("PATCH", path, {"content": None, "embeds": []}))[1]["code"] == 50006
    _, sent = await wire.post(v2(text("One")))
    path = f"/channels/{sent['channel_id']}/messages/{sent['id']}"
    assert (await wire.send("PATCH", path, {"components": [text("Two")]}))[1]["flags"] == V2
    assert faults((await wire.send("PATCH", path, {"content": "Three", "flags": 0}))[1]) == {"content"}


async def test_a_repeated_nonce_gives_the_first_message_for_some_minutes_only(wire: Wire) -> None:
    body = {"content": "A reminder", "nonce": "delivery-7", "enforce_nonce": True}
    first = (await wire.post(body))[1]
    wire.now += 100
    again = (await wire.post(body | {"content": "Another text"}))[1]
    assert (again["id"], again["content"], again["nonce"]) == (first["id"], "A reminder", "delivery-7")
    assert (await wire.post(body | {"enforce_nonce": False}))[1]["id"] != first["id"]
    wire.now += 300
    assert (await wire.post(body))[1]["id"] != first["id"]
    _, history = await wire.send("GET", f"/channels/{first['channel_id']}/messages")
    assert [message.get("nonce") for message in history] == [None, None, None]


async def test_history_pages_like_the_platform(wire: Wire) -> None:
    sent = [(await wire.post({"content": str(number)}))[1] for number in range(6)]
    path = f"/channels/{wire.peer.channel().id}/messages"

    async def page(query: str) -> str:
        return "".join(message["content"] for message in (await wire.send("GET", path + query))[1])

    assert await page("") == "543210"
    assert await page("?limit=2") == "54"
    assert await page(f"?before={sent[2]['id']}") == "10"
    assert await page(f"?limit=2&after={sent[1]['id']}") == "32"
    assert await page(f"?limit=3&around={sent[3]['id']}") == "432"
    assert faults((await wire.send("GET", path + "?limit=101"))[1]) == {"limit"}


async def test_the_command_count_and_the_daily_creates_are_limited(wire: Wire) -> None:
    path = f"{wire.application}/commands"
    names = [command(name=f"a{number}") for number in range(101)]
    assert (await wire.send("PUT", path, names))[1]["code"] == 30032
    assert (await wire.send("PUT", path, names[:100]))[0] == 200
    assert (await wire.send("POST", path, command(name="late")))[1]["code"] == 30032
    assert (await wire.send("PUT", path, [command(name=f"b{number}") for number in range(100)]))[0] == 200
    assert (await wire.send("PUT", path, [command(name="c")]))[1]["code"] == 30034
    wire.now += 86_401
    assert (await wire.send("PUT", path, [command(name="c")]))[0] == 200


async def test_a_command_is_overwritten_by_name_and_keeps_its_id(wire: Wire) -> None:
    path = f"{wire.application}/commands"
    status, first = await wire.send("POST", path, command())
    assert status == 201
    status, second = await wire.send("POST", path, command(description="The report"))
    assert (status, second["id"]) == (200, first["id"])
    assert second["version"] != first["version"]
    _, third = await wire.send("PUT", path, [command(description="The report")])
    assert third[0]["version"] == second["version"]
    status, changed = await wire.send("PATCH", f"{path}/{first['id']}", {"description": "Again"})
    assert (status, changed["description"], changed["name"]) == (200, "Again", "brief")
    assert (await wire.send("DELETE", f"{path}/{first['id']}"))[0] == 204
    assert (await wire.send("GET", f"{path}/{first['id']}"))[1]["code"] == 10063
    elsewhere = f"{wire.application}/guilds/1/commands"
    assert (await wire.send("PUT", elsewhere, []))[1]["code"] == 50001


async def test_groups_hold_subcommands_and_nothing_deeper(wire: Wire) -> None:
    group = {"type": 2, "name": "admin", "description": "Admin"}
    path = f"{wire.application}/commands"
    assert (await wire.send("PUT", path, [command(group | {"options": [sub(argument())]})]))[0] == 200
    deep = command(group | {"options": [group | {"options": [sub()]}]})
    assert (await wire.send("PUT", path, [deep]))[0] == 400
    mixed = command(sub(), argument())
    assert faults((await wire.send("PUT", path, [mixed]))[1]) == {"0.options"}


async def test_a_second_response_is_refused(wire: Wire) -> None:
    exchange = await wire.peer.command("brief", registered=False)
    assert await wire.respond(exchange, 4, {"content": "First"}) == (204, None)
    acknowledged = (400, {"message": "Interaction has already been acknowledged.", "code": 40060})
    assert await wire.respond(exchange, 4, {"content": "Second"}) == acknowledged
    assert (await exchange.answer())["content"] == "First"


async def test_a_response_after_three_seconds_is_refused(wire: Wire) -> None:
    exchange = await wire.peer.command("brief", registered=False)
    wire.now += 3.01
    unknown = (404, {"message": "Unknown interaction", "code": 10062})
    assert await wire.respond(exchange, 4, {"content": "Late"}) == unknown
    assert [error.code for error in exchange.refusals] == [10062]
    with pytest.raises(
        TimeoutError, match=r"the bot did not answer 'brief' within 0\.01 s.*Unknown interaction"
    ):
        await exchange.answer(0.01)
    assert (await wire.send("POST", "/interactions/1/nonsense/callback", {"type": 5}))[1]["code"] == 10062


async def test_the_token_ends_after_fifteen_minutes(wire: Wire) -> None:
    exchange = await wire.peer.command("brief", registered=False)
    assert (await wire.send("POST", wire.hook(exchange), {"content": "x"}))[1]["code"] == 10015
    await wire.respond(exchange, 5)
    wire.now += 899
    assert (await wire.send("POST", wire.hook(exchange), {"content": "In time"}))[0] == 200
    wire.now += 2
    ended = (401, {"message": "Invalid Webhook Token", "code": 50027})
    assert await wire.send("PATCH", f"{wire.hook(exchange)}/messages/@original", {"content": "x"}) == ended


async def test_a_form_is_only_a_first_response_and_never_to_a_form(wire: Wire) -> None:
    exchange = await wire.peer.command("brief", registered=False)
    await wire.respond(exchange, 5)
    form = modal(labelled(entry()))
    assert (await wire.respond(exchange, 9, form))[1]["code"] == 40060
    opener = await wire.peer.command("brief", registered=False)
    await wire.respond(opener, 9, form)
    submitted = await wire.peer.submit("ask:1", {"question": "When?"})
    assert faults((await wire.respond(submitted, 9, form))[1]) == {"type"}
    assert (await wire.respond(submitted, 4, {"content": "On 22 June"}))[0] == 204


@pytest.mark.parametrize("kind", [6, 7, 8])
async def test_a_command_takes_no_update_and_no_suggestions(wire: Wire, kind: int) -> None:
    exchange = await wire.peer.command("brief", registered=False)
    assert faults((await wire.respond(exchange, kind, {"choices": []}))[1]) == {"type"}


async def test_a_completion_cannot_be_deferred(wire: Wire) -> None:
    await wire.send("PUT", f"{wire.application}/commands", [command(argument(autocomplete=True))])
    exchange = await wire.peer.autocomplete("brief", "topic", "to")
    assert faults((await wire.respond(exchange, 5))[1]) == {"type"}


async def test_private_or_public_is_settled_when_deferring(wire: Wire) -> None:
    exchange = await wire.peer.command("brief", registered=False)
    assert faults((await wire.respond(exchange, 5, {"flags": V2}))[1]) == {"data.flags"}
    await wire.respond(exchange, 5, {"flags": 64})
    assert not exchange.is_answered()
    await wire.send("PATCH", f"{wire.hook(exchange)}/messages/@original", {"content": "Public?", "flags": 0})
    answer = await exchange.answer()
    assert (answer["content"], answer["flags"]) == ("Public?", 64)
    assert wire.peer.messages(wire.peer.channel()) == []


async def test_the_first_follow_up_fills_a_deferred_answer(wire: Wire) -> None:
    exchange = await wire.peer.command("brief", registered=False)
    await wire.respond(exchange, 5, {"flags": 64})
    await wire.send("POST", wire.hook(exchange), {"content": "The answer"})
    await wire.send("POST", wire.hook(exchange), {"content": "More"})
    assert (await exchange.answer())["content"] == "The answer"
    assert (await exchange.next_followup())["content"] == "More"
    _, gone = await wire.send("DELETE", f"{wire.hook(exchange)}/messages/{exchange.followups[0].id}")
    assert (gone, exchange.followups) == (None, [])
    await wire.send("DELETE", f"{wire.hook(exchange)}/messages/@original")
    with pytest.raises(LookupError, match="the bot deleted its answer"):
        await exchange.answer()


async def test_rates_are_enforced_when_asked(wire: Wire) -> None:
    ticks = [0.0]
    wire.peer.rates.monotonic = lambda: ticks[0]
    wire.peer.enforce_rates = True
    assert [(await wire.post({"content": "x"}))[0] for _ in range(5)] == [200] * 5
    path = f"{wire.peer.api_base}/channels/{wire.peer.channel().id}/messages"
    ticks[0] = 1.0
    async with wire.http.post(path, json={"content": "x"}, headers=wire.headers) as answer:
        assert answer.status == 429
        assert await answer.json() == {
            "message": "You are being rate limited.",
            "retry_after": 4.0,
            "global": False,
        }
        assert answer.headers["Via"]
        assert answer.headers["X-RateLimit-Scope"] == "user"
    assert (await wire.post({"content": "x"}, wire.peer.channel("briefs").id))[0] == 200
    ticks[0] = 5.0
    statuses = [(await wire.send("GET", "/users/@me"))[0] for _ in range(51)]
    assert statuses == [200] * 50 + [429]
    exchange = await wire.peer.command("brief", registered=False)
    assert (await wire.respond(exchange, 4, {"content": "x"}))[0] == 204, (
        "interactions are outside the global limit"
    )


async def test_every_answer_carries_rate_headers_and_the_exact_content_type(wire: Wire) -> None:
    async with wire.http.get(f"{wire.peer.api_base}/users/@me", headers=wire.headers) as answer:
        assert answer.headers["Content-Type"] == "application/json"
        assert {"X-RateLimit-Bucket", "X-RateLimit-Limit"} <= set(answer.headers)
        assert {"X-RateLimit-Remaining", "X-RateLimit-Reset-After", "Via"} <= set(answer.headers)


@pytest.mark.parametrize(("content", "allowed", "rung"), [
    ("<@200000000000000001>", None, ["200000000000000001"]),
    ("<@!200000000000000001>", {"parse": []}, []),
    ("<@200000000000000001>", {"parse": [], "users": ["200000000000000001"]}, ["200000000000000001"]),
    ("<@200000000000000001>", {"users": ["200000000000000002"]}, []),
    ("<@&300000000000000001>", None, ["role:300000000000000001"]),
    ("<@&300000000000000001>", {"parse": ["users"]}, []),
    ("@everyone and @here", None, ["everyone", "here"]),
    ("@everyone", {"parse": ["users", "roles"]}, []),
    ("<@1>", None, []),
])  # fmt: skip
async def test_a_message_knows_whom_it_would_ring(
    wire: Wire, content: str, allowed: Any, rung: list[str]
) -> None:
    wire.peer.guild().bot_permissions |= Permission.MENTION_EVERYONE
    mentions = {} if allowed is None else {"allowed_mentions": allowed}
    _, sent = await wire.post({"content": content} | mentions)
    assert wire.peer.stored(sent).notified == rung
    _, sent = await wire.post({"embeds": [{"description": content}]} | mentions)
    assert wire.peer.stored(sent).notified == [], "embeds never ring"
    _, sent = await wire.post(v2(text(content)) | mentions)
    assert wire.peer.stored(sent).notified == rung


async def test_everyone_needs_a_permission_and_an_interaction_rings_users_only(wire: Wire) -> None:
    _, sent = await wire.post({"content": "@everyone"})
    assert wire.peer.stored(sent).notified == []
    wire.peer.guild().bot_permissions |= Permission.MENTION_EVERYONE
    exchange = await wire.peer.command("brief", registered=False)
    await wire.respond(exchange, 4, {"content": f"@everyone <@&300000000000000001> <@{READER_USER}>"})
    assert wire.peer.stored(await exchange.answer()).notified == [READER_USER]


async def test_a_guild_of_ones_own_making_is_served(wire: Wire) -> None:
    guild = Guild("100000000000000077", "Second", [Channel("110000000000000077", "news")])
    await wire.peer.invite(guild)
    assert (await wire.post({"content": "Hello"}, "110000000000000077"))[0] == 200
    assert [entry["name"] for entry in (await wire.send("GET", "/users/@me/guilds"))[1]] == [
        "Research",
        "Second",
    ]
