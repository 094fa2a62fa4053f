"""The Discord adapter against the loopback Discord, over the real wire."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import discord
import discord.gateway
import pytest

from bot.discord_adapter import answering, syncing, transport
from bot.discord_adapter.transport import DiscordAdapter
from commands.model import Choice, Picture, Prose, Reply, text
from commands.model import Mention as Ping
from scheduler.address import destination
from scheduler.outcomes import Doubtful, Refused, Retry, Sent
from tests.fronts import (
    ASK_PASSAGE,
    COMMANDS,
    DEMANDS,
    HELLO,
    LOST,
    SHARED,
    ScriptedFront,
    after,
    until,
    utc_now,
)  # fmt: skip
from tests.peers.discord_peer import Channel, DiscordPeer, Guild, Member, Permission, Upload, world

GUILD, GENERAL = "100000000000000001", "110000000000000001"
CHANNEL = destination(f"discord:{GUILD}/{GENERAL}")
READER = "200000000000000001"
Started = Callable[..., Awaitable[DiscordAdapter]]


@asynccontextmanager
async def running(
    front: ScriptedFront, peer: DiscordPeer | None = None, token: str | None = None, path: str = "/api/v10"
) -> AsyncIterator[tuple[DiscordPeer, DiscordAdapter]]:
    """A connected adapter whose commands are known, and a proof that all it sent was lawful."""
    async with peer or DiscordPeer() as there:
        base = there.api_base.removesuffix("/api/v10") + path
        async with DiscordAdapter(front, token or there.token, base, utc_now) as adapter:
            await until(lambda: adapter.status().connected and there.commands())
            yield there, adapter
        assert there.violations == []


def words(message: dict[str, Any]) -> str:
    parts = [message.get("content") or ""]
    for embed in message["embeds"]:
        parts += [
            embed.get("title", ""),
            embed.get("description", ""),
            embed.get("footer", {}).get("text", ""),
        ]
    return "\n".join(part for part in parts if part)


async def test_a_topic_is_answered_in_the_first_response_for_the_asker_alone() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        exchange = await peer.command("dprk-demands", user="reader", locale="ja")
        answer = await exchange.answer()
        assert exchange.callback is not None
        assert exchange.callback["type"] == 4
        assert exchange.ephemeral
        assert words(answer) == (
            "What Pyongyang would ask of Washington\n"
            "> **Kim would likely** demand all of the following\n> *dialogue-1 · Dialogue*\n\n"
            "**Status**\n> recognition of its nuclear power status\n> *dialogue-1 · Dialogue*\n"
            "The Korean Peninsula · as of December 6, 2024 · revision 1"
        )
        _, call = front.said[0]
        assert (call.command, str(call.caller.person), str(call.place)) == (
            "dprk-demands", f"discord:{READER}", f"discord:{GUILD}/{GENERAL}",
        )  # fmt: skip
        assert (call.caller.name, call.caller.locale, call.caller.manages) == ("Reader", "ja", False)
        assert call.request == f"discord:{exchange.id}"
        assert abs(call.at - utc_now()) < timedelta(seconds=5)


async def test_a_question_in_direct_messages_comes_from_the_askers_inbox() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        await (await peer.command("dprk-demands", user="reader", dm=True)).answer()
        assert str(front.said[0][1].place) == f"discord:@me/@{READER}"


async def test_whoever_may_manage_the_server_or_its_channels_manages() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        for bit in (Permission.MANAGE_GUILD, Permission.MANAGE_CHANNELS, Permission.ADMINISTRATOR):
            await (await peer.command("dprk-demands", permissions=bit)).answer()
        assert [call.caller.manages for _, call in front.said] == [True, True, True]


async def test_an_interaction_that_the_gateway_repeats_is_answered_once() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        for name in ("dprk-demands", "brief subscriptions"):
            exchange = await peer.command(name)
            await peer.gateway.publish("INTERACTION_CREATE", exchange.payload, GUILD)
            await exchange.answer()
        await (await peer.command("japan-rok-outlook")).answer()
        commands = [call.command for _, call in front.said]
        assert commands == ["dprk-demands", "brief subscriptions", "japan-rok-outlook"]


async def test_a_request_that_was_handled_before_a_restart_is_left_alone() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        exchange = await peer.command("brief subscriptions")
        await exchange.answer()
        peer.state.exchanges[exchange.token].callback = None
    async with peer, DiscordAdapter(front, peer.token, peer.api_base, utc_now) as adapter:
        await until(lambda: adapter.status().connected)
        await peer.gateway.publish("INTERACTION_CREATE", exchange.payload, GUILD)
        await (await peer.command("dprk-demands")).answer()
        assert [call.command for _, call in front.said] == ["brief subscriptions", "dprk-demands"]


async def test_typed_options_arrive_with_their_types() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        options = {"lead": 7, "from": "2026-12-18", "quiet": True, "who": READER}
        await (await peer.command("brief follow", options)).answer()
        assert front.said[0][1].options == {
            "lead": 7, "from": "2026-12-18", "quiet": True, "who": f"discord:{READER}",
        }  # fmt: skip
        options = {"channel": GENERAL, "zone": "Asia/Tokyo", "ping": "300000000000000001"}
        await (await peer.command("brief-admin digest", options, user="manager")).answer()
        assert front.said[1][1].options == {
            "channel": f"discord:{GUILD}/{GENERAL}", "zone": "Asia/Tokyo", "ping": "role:300000000000000001",
        }  # fmt: skip


async def test_a_file_is_fetched_before_the_command_runs() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        yaml = Upload("brief.yaml", b"format: 1\n" * 50_000)
        exchange = await peer.command("brief-admin upload", {"file": yaml}, user="manager")
        assert words(await exchange.answer()) == "Revision 2 is published"
        upload = front.said[0][1].uploads["file"]
        assert (upload.name, upload.content) == ("brief.yaml", yaml.data)


async def test_a_file_that_is_too_large_or_lost_is_refused_in_a_sentence() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        large = Upload("brief.yaml", bytes(17 << 20))
        exchange = await peer.command("brief-admin upload", {"file": large}, user="manager")
        assert words(await exchange.answer()) == "brief.yaml is larger than 16 MiB; send a smaller file."
        peer.state.files.clear()
        original = peer.asking.messages.attachment

        def expired(*given: Any, **more: Any) -> Any:
            made = original(*given, **more)
            peer.state.files.clear()
            return made

        peer.asking.messages.attachment = expired  # type: ignore[method-assign]  # the far side of the wire
        exchange = await peer.command("brief-admin upload", {"file": Upload("a.yaml", b"x")}, user="manager")
        assert words(await exchange.answer()) == (
            "Discord did not hand over a.yaml; send the command with the file again."
        )
        assert front.said == []


async def test_what_takes_longer_is_announced_in_private_and_answered_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answering, "PATIENCE", 0.05)
    front = ScriptedFront()
    front.script["brief search"] = after(0.15, Reply(title="Found"))
    front.script["brief subscriptions"] = after(0.15, SHARED)
    async with running(front) as (peer, _):
        exchange = await peer.command("brief search", {"words": "sanctions"})
        assert await exchange.first_response() == {"type": 5, "data": {"flags": 64}}
        assert words(await exchange.answer()) == "Found"
        assert exchange.ephemeral
        shared = await peer.command("brief subscriptions")
        assert words(await shared.answer()) == "Posted below, for everybody in this channel."
        assert shared.ephemeral
        assert "Kim would likely" in words(await shared.next_followup())
        assert not shared.followups[0].only_for


async def test_a_form_that_comes_too_late_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "PATIENCE", 0.02)
    front = ScriptedFront()
    front.script["brief show"] = after(0.1, ASK_PASSAGE)
    async with running(front) as (peer, _):
        exchange = await peer.command("brief show", {"passage": "?"})
        assert words(await exchange.answer()) == (
            "The form “Show a passage” came too late for Discord to show it; send /brief show again."
        )


async def test_a_form_asks_and_its_answers_come_back_typed() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        exchange = await peer.command("brief show", {"passage": "?"}, user="reader")
        shown = await exchange.answer()
        assert (shown["title"], shown["custom_id"]) == ("Show a passage", "form:show-1")
        assert [part["label"] for part in shown["components"]] == ["Passage", "View", "Reason"]
        submitted = await peer.submit(exchange, {"passage": "dialogue-1", "view": ["whole"]})
        assert words(await submitted.answer()) == "dialogue-1"
        key, call = front.said[-1]
        assert key == "form:show-1"
        assert call.options == {"passage": "dialogue-1", "view": "whole"}
        assert str(call.caller.person) == f"discord:{READER}"


async def test_a_form_answered_by_another_form_says_what_to_do() -> None:
    front = ScriptedFront()
    front.script["form:show-1"] = ASK_PASSAGE
    async with running(front) as (peer, _):
        exchange = await peer.command("brief show", {"passage": "?"})
        await exchange.answer()
        submitted = await peer.submit(exchange, {"passage": "dialogue-1"})
        assert words(await submitted.answer()) == (
            "One more question is open: Show a passage. Discord shows no second form; send /brief show again."
        )


async def test_a_page_is_turned_in_place_in_a_private_answer() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        first = await (await peer.command("dprk-demands")).answer()
        turned = await peer.click("page:demands-2", first)
        assert "the removal of sanctions" in words(await turned.answer())
        assert turned.callback is not None
        assert turned.callback["type"] == 7
        back = await peer.click("page:demands-1", first)
        assert "Kim would likely" in words(await back.answer())


async def test_a_page_under_a_message_for_all_opens_in_private(monkeypatch: pytest.MonkeyPatch) -> None:
    front = ScriptedFront()
    async with running(front) as (peer, adapter):
        assert isinstance(await adapter.send(CHANNEL, DEMANDS, "k1"), Sent)
        public = peer.messages(GENERAL)[0].payload
        turned = await peer.click("page:demands-2|k1", public, user="reader")
        assert "the removal of sanctions" in words(await turned.answer())
        assert turned.ephemeral
        assert "Kim would likely" in words(public)
        monkeypatch.setattr(answering, "PATIENCE", 0.02)
        front.presses.clear()
        front.script["page:demands-2"] = after(0.1, Reply(title="Page two", replaces=True))
        late = await peer.click("page:demands-2|k1", public, user="reader")
        assert words(await late.next_followup()) == "Page two"
        assert late.followups[0].only_for == READER
        assert "Kim would likely" in words(peer.messages(GENERAL)[0].payload)


async def test_a_slow_page_replaces_a_private_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    front = ScriptedFront(presses={})
    async with running(front) as (peer, _):
        first = await (await peer.command("dprk-demands")).answer()
        monkeypatch.setattr(answering, "PATIENCE", 0.02)
        front.script["page:demands-2"] = after(0.1, Reply(title="Page two", replaces=True))
        late = await peer.click("page:demands-2", first)
        assert words(await late.answer()) == "Page two"
        assert late.followups == []


async def test_the_button_under_a_delivery_tells_what_arrives_here() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, adapter):
        await adapter.send(CHANNEL, SHARED, "k2")
        pressed = await peer.click("What arrives here", peer.messages(GENERAL)[0].payload, user="reader")
        assert words(await pressed.answer()) == "Nothing arrives here yet"
        assert pressed.ephemeral


async def test_a_button_that_nobody_knows_is_answered() -> None:
    async with running(ScriptedFront(presses={})) as (peer, adapter):
        await adapter.send(CHANNEL, DEMANDS.with_(actions=(DEMANDS.actions[0],)), "k3")
        front_reply = await peer.click("page:demands-2|k3", peer.messages(GENERAL)[0].payload)
        assert "the removal of sanctions" in words(await front_reply.answer())
    front = ScriptedFront(presses={}, script={"dprk-demands": DEMANDS})
    async with running(front) as (peer, _):
        first = await (await peer.command("dprk-demands")).answer()
        assert words(await (await peer.click("page:demands-2", first)).answer()) == LOST.title


async def test_completion_offers_at_most_25_values() -> None:
    front = ScriptedFront(suggestions=[Choice(f"Passage {n}", f"dialogue-{n}") for n in range(40)])
    async with running(front) as (peer, _):
        shown = await (await peer.autocomplete("brief show", "passage", "dia", {"view": "short"})).answer()
        assert [choice["value"] for choice in shown["choices"]] == [f"dialogue-{n}" for n in range(25)]
        option, partial, call = front.asked[0]
        assert (option, partial, call.command, call.options) == (
            "passage", "dia", "brief show", {"view": "short"},
        )  # fmt: skip


async def test_completion_that_takes_too_long_offers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(option: str, partial: str) -> Sequence[Choice]:
        await asyncio.sleep(5)
        return ()

    monkeypatch.setattr(answering, "COMPLETION_SECONDS", 0.05)
    async with running(ScriptedFront(suggestions=slow)) as (peer, _):
        shown = await (await peer.autocomplete("brief show", "passage", "dia")).answer(timeout=2)
        assert shown == {"choices": []}


async def test_a_failure_here_is_an_apology_with_a_number_that_the_log_knows(
    caplog: pytest.LogCaptureFixture,
) -> None:
    front = ScriptedFront()
    too_many = (*ASK_PASSAGE.fields, *ASK_PASSAGE.fields)
    front.script["brief show"] = type(ASK_PASSAGE)("T", "brief show", too_many, key="form:x")
    async with running(front) as (peer, _):
        said = words(await (await peer.command("brief show", {"passage": "?"})).answer())
        number = caplog.text.partition("error ")[2][:8]
        assert said == (
            "Something went wrong here, and it is not your doing. Send the command again; if that does not "
            f"help, tell whoever runs this bot the number {number}, which its log explains."
        )


async def test_a_first_response_that_the_server_failed_on_is_sent_again() -> None:
    async with running(ScriptedFront()) as (peer, _):
        lost = peer.fail_next("POST", "/callback$", status=502, after_storing=True)
        exchange = await peer.command("dprk-demands")
        assert "Kim would likely" in words(await exchange.answer())
        await until(lambda: [refused.code for refused in exchange.refusals] == [40060])
        assert lost.hits == 1
        peer.fail_next("POST", "/callback$", drop=True)
        assert "Kim would likely" in words(await (await peer.command("dprk-demands")).answer())


async def test_commands_are_told_once_and_again_only_when_they_changed() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, adapter):
        names = [command["name"] for command in peer.commands()]
        assert names == ["brief", "brief-admin", "dprk-demands", "japan-rok-outlook"]
        puts = [request for request in peer.requests if request.method == "PUT"]
        front.listed = COMMANDS[1:]
        await adapter.refresh()
        await adapter.refresh()
        await until(lambda: len(peer.commands()) == 3)
        again = [request for request in peer.requests if request.method == "PUT"]
        assert len(again) == len(puts) + 1
    async with running(front, peer) as (_, adapter):
        await adapter.refresh()
        await asyncio.sleep(0.1 + syncing.SETTLE / 2)
        assert [request for request in peer.requests if request.method == "PUT"] == again


@pytest.mark.parametrize("status", [404, 501])
async def test_a_server_without_a_list_of_commands_is_served_all_the_same(status: int) -> None:
    front = ScriptedFront()
    async with DiscordPeer() as peer:
        peer.fail_next("PUT", "/commands$", status=status, times=99)
        base = peer.api_base.replace("v10", "v9")
        async with DiscordAdapter(front, peer.token, base, utc_now) as adapter:
            await until(lambda: adapter.status().connected and "PUT" in [r.method for r in peer.requests])
            exchange = await peer.command("dprk-demands", registered=False)
            assert "Kim would likely" in words(await exchange.answer())


async def test_a_server_without_gateway_bot_is_asked_for_its_plain_gateway() -> None:
    async with DiscordPeer() as peer:
        peer.fail_next("GET", "/gateway/bot$", status=404, times=99)
        async with DiscordAdapter(ScriptedFront(), peer.token, peer.api_base, utc_now) as adapter:
            await until(lambda: adapter.status().connected)
            assert adapter.status().words == "connected as briefbot"


async def test_hello_is_said_once_where_the_bot_may_speak() -> None:
    front = ScriptedFront(hello=HELLO)
    closed = Channel("120000000000000001", "rules", denied=Permission.SEND_MESSAGES)
    lobby = Channel("120000000000000002", "lobby")
    async with running(front) as (peer, _):
        await until(lambda: peer.messages(GENERAL))
        said = peer.messages(GENERAL)[0]
        assert "Try /dprk-demands, /japan-rok-outlook or /brief dates." in words(said.payload)
        assert said.nonce == f"h{GUILD}"
        joined = Guild("100000000000000002", "Desk", [closed, lobby], [], dict(peer.guild().members))
        await peer.invite(joined)
        await until(lambda: peer.messages(lobby))
        assert peer.messages(closed) == []
        await peer.invite(joined)
    async with running(front, peer):
        assert len(peer.messages(GENERAL)) == len(peer.messages(lobby)) == 1
    assert set(front.greeted_workspaces) == {f"discord:{GUILD}", "discord:100000000000000002"}


async def test_a_delivery_arrives_with_a_nonce_and_a_line_for_notifications() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        sent = await adapter.send(CHANNEL, DEMANDS, "abcdefgh12345678")
        stored = peer.messages(GENERAL)[0]
        assert sent == Sent(stored.id)
        assert (stored.nonce, stored.payload["content"]) == (
            "abcdefgh12345678", "Three demands that Kim would likely make",
        )  # fmt: skip
        assert await adapter.send(CHANNEL, DEMANDS, "abcdefgh12345678") == sent
        assert len(peer.messages(GENERAL)) == 1
        assert stored.payload["components"][0]["components"][0]["custom_id"] == (
            "page:demands-2|abcdefgh12345678"
        )


async def test_a_delivery_reaches_a_person_and_a_thread() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        assert isinstance(await adapter.send(destination(f"discord:@me/@{READER}"), DEMANDS, "k4"), Sent)
        assert len(peer.messages(READER)) == 1
        thread = destination(f"discord:{GUILD}/110000000000000003")
        assert isinstance(await adapter.send(thread, DEMANDS, "k5"), Sent)
        assert len(peer.messages("110000000000000003")) == 1


async def test_a_picture_travels_with_its_words() -> None:
    reply = Reply(
        title="Calendar", blocks=(Picture("year.png", b"\x89PNG", "Four dates, the next on May 1"),)
    )
    async with running(ScriptedFront(script={"brief subscriptions": reply})) as (peer, adapter):
        await adapter.send(CHANNEL, reply, "k6")
        stored = peer.messages(GENERAL)[0].payload
        assert stored["attachments"][0]["description"] == "Four dates, the next on May 1"
        assert stored["embeds"][0]["image"]["url"].endswith("year.png")
        exchange = await peer.command("brief subscriptions")
        assert (await exchange.answer())["attachments"][0]["filename"] == "year.png"


async def test_only_an_allowed_mention_notifies() -> None:
    loud = Reply(
        title="@everyone",
        blocks=(Prose(text("<@200000000000000002> ", Ping("role:300000000000000001", "Team"))),),
        summary=f"@here <@{READER}>",
    )
    async with running(ScriptedFront()) as (peer, adapter):
        await adapter.send(CHANNEL, loud, "k7")
        assert peer.messages(GENERAL)[0].notified == ["role:300000000000000001"]


async def test_a_message_is_found_again_by_its_key() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        since = utc_now()
        assert await adapter.find(CHANNEL, "k8", since) == Retry("the message is not in the channel")
        for number in range(130):
            await peer.say(f"chatter {number}")
        sent = await adapter.send(CHANNEL, DEMANDS, "k8")
        await adapter.send(CHANNEL, SHARED, "k9")
        assert await adapter.find(CHANNEL, "k8", since) == sent
        assert isinstance(await adapter.find(CHANNEL, "k9", since), Sent)
        assert isinstance(await adapter.find(CHANNEL, "8", since), Retry)
        assert isinstance(await adapter.find(CHANNEL, "k8", since + timedelta(hours=1)), Retry)


async def test_an_empty_history_is_no_proof_where_the_bot_may_not_read_it() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        sent = await adapter.send(CHANNEL, DEMANDS, "k10")
        assert isinstance(sent, Sent)
        await peer.deny(GENERAL, Permission.READ_MESSAGE_HISTORY)
        about = {"id": GENERAL, "last_message_id": sent.message_id}
        peer.fail_next("GET", rf"/channels/{GENERAL}$", status=200, body=about)
        assert await adapter.find(CHANNEL, "k10", utc_now()) == Doubtful(
            "Discord shows no messages of this channel, though there are some; "
            "give the bot the permission Read Message History there"
        )


async def test_an_edit_replaces_all_of_a_message() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        sent = await adapter.send(CHANNEL, DEMANDS, "k11")
        assert isinstance(sent, Sent)
        assert await adapter.edit(CHANNEL, sent.message_id, Reply(title="Withdrawn")) == sent
        stored = peer.messages(GENERAL)[0].payload
        assert (words(stored), stored["components"]) == ("Withdrawn", [])
        peer.delete_message(sent.message_id)
        assert await adapter.edit(CHANNEL, sent.message_id, DEMANDS) == Refused(
            "the message is no longer there; somebody deleted it"
        )


async def test_refusals_say_what_happened_and_what_to_do() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        nowhere = destination(f"discord:{GUILD}/119999999999999999")
        assert await adapter.send(nowhere, DEMANDS, "k12") == Refused(
            "the channel does not exist any more; follow again in another channel with /brief follow",
            "destination",
        )
        await peer.deny(GENERAL, Permission.EMBED_LINKS)
        assert await adapter.send(CHANNEL, DEMANDS, "k13") == Refused(
            "the bot may not write in the channel; "
            "give it the permissions Send Messages, Embed Links and Attach Files there",
            "destination",
        )
        await peer.deny(GENERAL, Permission.VIEW_CHANNEL)
        assert await adapter.send(CHANNEL, DEMANDS, "k14") == Refused(
            "the bot cannot see the channel; give it the permission View Channel there",
            "destination",
        )
        peer.close_dms("reader")
        assert await adapter.send(destination(f"discord:@me/@{READER}"), DEMANDS, "k15") == Refused(
            "this person takes no direct messages from the bot; "
            "they can allow them in their privacy settings and follow again",
            "destination",
        )
        await peer.remove_bot()
        assert await adapter.send(destination(f"discord:@me/@{READER}"), DEMANDS, "k16") == Refused(
            "this person shares no server with the bot any more; "
            "they can join one, or install the bot for themselves, and follow again",
            "destination",
        )


async def test_a_lost_answer_is_doubtful_and_a_wait_is_obeyed() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        peer.fail_next("POST", "/messages$", drop=True, after_storing=True)
        outcome = await adapter.send(CHANNEL, DEMANDS, "k17")
        assert outcome == Doubtful(
            "Discord gave no clear answer, and may have the message: ServerDisconnectedError"
        )
        assert isinstance(await adapter.find(CHANNEL, "k17", utc_now()), Sent)
        peer.fail_next("POST", "/messages$", status=503, after_storing=True)
        assert isinstance(await adapter.send(CHANNEL, DEMANDS, "k18"), Doubtful)
        slow = {"message": "You are being rate limited.", "retry_after": 90.0, "global": False}
        peer.fail_next("POST", "/messages$", status=429, body=slow)
        assert await adapter.send(CHANNEL, DEMANDS, "k19") == Retry(
            "Discord asks to wait", timedelta(seconds=90)
        )
        peer.fail_next("POST", "/users/@me/channels", status=503)
        outcome = await adapter.send(destination(f"discord:@me/@{READER}"), DEMANDS, "k20")
        assert outcome == Retry("Discord is out of reach: it answered 503")


async def test_what_is_sent_while_discord_is_away_is_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "FIRST_PAUSE", 0.05)
    async with running(ScriptedFront()) as (peer, adapter):
        await peer.stop()
        assert isinstance(await adapter.send(CHANNEL, DEMANDS, "k21"), Retry | Doubtful)
        await until(lambda: not adapter.status().connected)
        await until(lambda: "out of reach" in adapter.status().words)
        assert await adapter.send(CHANNEL, DEMANDS, "k21") == Retry(
            "Discord is not connected at the moment; the message goes out once it is"
        )
        await peer.start()
        await until(lambda: adapter.status().connected)
        assert isinstance(await adapter.send(CHANNEL, DEMANDS, "k21"), Sent)
        assert "Kim would likely" in words(await (await peer.command("dprk-demands")).answer())


async def test_the_bot_starts_while_discord_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "FIRST_PAUSE", 0.05)
    peer = DiscordPeer()
    await peer.start()
    await peer.stop()
    async with DiscordAdapter(ScriptedFront(), peer.token, peer.api_base, utc_now) as adapter:
        await until(lambda: "out of reach" in adapter.status().words)
        async with peer:
            await until(lambda: adapter.status().connected and peer.commands())
            assert "Kim would likely" in words(await (await peer.command("dprk-demands")).answer())


async def test_a_cut_connection_is_resumed_and_misses_nothing() -> None:
    async with running(ScriptedFront()) as (peer, _):
        peer.gateway.drop_sockets()
        exchange = await peer.command("dprk-demands")
        assert "Kim would likely" in words(await exchange.answer())
        assert peer.gateway.identifies == 1
        await peer.gateway.ask_to_reconnect()
        assert "Kim would likely" in words(await (await peer.command("dprk-demands")).answer())
        assert peer.gateway.identifies == 1


@pytest.mark.parametrize("pattern", ["/gateway/bot$", "/users/@me$"])
async def test_a_refused_token_is_said_once_and_not_tried_again(
    pattern: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with DiscordPeer() as peer:
        peer.fail_next("GET", pattern, status=401, times=99)
        async with DiscordAdapter(ScriptedFront(), peer.token, peer.api_base, utc_now) as adapter:
            await until(lambda: adapter.status().words.startswith("off"))
            assert adapter.status().words == (
                "off: Discord refuses the bot's token; make a new one in the developer portal "
                "(Bot, Reset Token), put it into DISCORD_TOKEN and start again"
            )
            assert caplog.text.count("Discord stays off") == 1
            assert isinstance(await adapter.send(CHANNEL, DEMANDS, "k22"), Retry)
        assert len(peer.refused()) == 1


async def test_a_used_up_day_of_sessions_is_waited_for() -> None:
    async with DiscordPeer() as peer:
        peer.gateway.identifies = 1000
        async with DiscordAdapter(ScriptedFront(), peer.token, peer.api_base, utc_now) as adapter:
            await until(lambda: "waiting" in adapter.status().words)
            assert adapter.status().words == "Discord allows the next session in 1440 minutes; waiting"
            assert peer.gateway.identifies == 1000


async def test_stopping_finishes_the_answer_at_work() -> None:
    front = ScriptedFront()
    front.script["brief search"] = after(0.15, Reply(title="Found"))
    async with DiscordPeer() as peer:
        async with DiscordAdapter(front, peer.token, peer.api_base, utc_now) as adapter:
            await until(lambda: adapter.status().connected and peer.commands())
            exchange = await peer.command("brief search", {"words": "sanctions"})
            await until(lambda: front.said)
        assert words(await exchange.answer()) == "Found"
        assert adapter.status().words == "stopped"


async def test_discord_py_is_arranged_as_the_short_way_needs() -> None:
    """The way past discord.py's interaction objects leans on these; a later version may change them."""
    client = discord.Client(intents=discord.Intents.none())
    parsers = client._connection.parsers
    assert {"READY", "RESUMED", "INTERACTION_CREATE", "GUILD_CREATE"} <= set(parsers)
    assert hasattr(client._connection, "_ready_task")
    assert hasattr(discord.http.Route, "BASE")
    assert hasattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY")


def crowd(count: int) -> list[Guild]:
    """Servers whose shards follow one another, each with one channel."""
    every = []
    for number in range(count):
        guild, room = str((number + 1000) << 22), str((number + 500_000) << 22)
        every.append(Guild(guild, f"Crowd {number}", [Channel(room, "general")], members={READER: Member()}))
    return every


async def test_every_shard_of_a_large_bot_is_answered() -> None:
    front = ScriptedFront()
    async with DiscordPeer(guilds=[*world.default_guilds(), *crowd(12)]) as peer:
        peer.gateway.shards, peer.gateway.at_once = 4, 16
        async with DiscordAdapter(front, peer.token, peer.api_base, utc_now) as adapter:
            await until(lambda: adapter.status().connected and peer.commands(), 30)
            assert adapter.status().words == "connected as briefbot, 4 of 4 shards"
            assert sorted(each.shard for each in peer.gateway.connected) == [(n, 4) for n in range(4)]
            shards = set()
            for guild in crowd(12):
                exchange = await peer.command("dprk-demands", channel=guild.channels[0].id)
                await exchange.answer()
                shards.add((int(guild.id) >> 22) % 4)
            assert shards == {0, 1, 2, 3}
            assert len(front.said) == 12
        assert peer.violations == []
        assert peer.gateway.hasty == 0


async def test_a_lost_shard_is_opened_again_while_the_others_go_on() -> None:
    async with DiscordPeer(guilds=[*world.default_guilds(), *crowd(4)]) as peer:
        peer.gateway.shards, peer.gateway.at_once = 3, 16
        async with DiscordAdapter(ScriptedFront(), peer.token, peer.api_base, utc_now) as adapter:
            await until(lambda: adapter.status().connected and peer.commands(), 30)
            before = {each.shard: each.id for each in peer.gateway.connected}
            lost = next(each for each in peer.gateway.connected if each.shard == (1, 3))
            assert lost.connection is not None
            del peer.gateway.sessions[lost.id]
            lost.connection.abort()
            await until(
                lambda: len({each.shard for each in peer.gateway.connected if each is not lost}) == 3, 30
            )
            await until(lambda: adapter.status().connected, 30)
            later = {each.shard: each.id for each in peer.gateway.connected}
            assert (later[0, 3], later[2, 3]) == (before[0, 3], before[2, 3])
            assert later[1, 3] != before[1, 3]


@pytest.mark.timeout(60)
async def test_sessions_begin_no_faster_than_discord_allows() -> None:
    async with DiscordPeer(guilds=[*world.default_guilds(), *crowd(4)]) as peer:
        peer.gateway.shards, peer.gateway.at_once = 3, 1
        async with DiscordAdapter(ScriptedFront(), peer.token, peer.api_base, utc_now) as adapter:
            await until(lambda: adapter.status().connected, 30)
            assert (peer.gateway.identifies, peer.gateway.hasty) == (3, 0)


async def test_no_object_is_made_of_any_server() -> None:
    peer = DiscordPeer(guilds=[*world.default_guilds(), *crowd(40)])
    async with running(ScriptedFront(), peer) as (_, adapter):
        client = adapter._client
        assert client is not None
        assert list(client.guilds) == list(client.cached_messages) == []
        assert [each.id for each in client.users] == [client.user and client.user.id]
