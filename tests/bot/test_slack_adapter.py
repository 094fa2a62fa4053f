"""The Slack adapter against the loopback Slack, over the real wire."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.public import PublicListener
from bot.slack_adapter import hello, sending
from bot.slack_adapter.listing import manifest, remembered
from bot.slack_adapter.refusals import TOKEN_ERRORS
from bot.slack_adapter.transport import MANIFEST_FACT, SlackAdapter
from commands.model import (
    Action,
    Call,
    Choice,
    Command,
    File,
    Form,
    Mention,
    Option,
    Picture,
    Press,
    Prose,
    Reply,
    UserError,
    text,
)
from scheduler.address import destination
from scheduler.outcomes import Doubtful, Refused, Retry, Sent
from tests.clocks import Ahead
from tests.fronts import (
    ASK_PASSAGE,
    COMMANDS,
    DEMANDS,
    FOUND,
    HELLO,
    OVERVIEW,
    SHARED,
    ScriptedFront,
    after,
    until,
    utc_now,
)  # fmt: skip
from tests.peers.slack_peer import SlackPeer
from tests.peers.slack_peer.files_api import may_open

CHANNEL = destination("slack:T1/C1")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
CHART = Reply("A chart", (Picture("chart", PNG, "Exports rose from 2 to 5"),))
DIGEST = Reply("The week ahead", (Prose(text("The signing is in 7 days.")),), summary="1 date is near")


@asynccontextmanager
async def running(
    front: ScriptedFront,
    peer: SlackPeer | None = None,
    *,
    http: bool = False,
    token: str | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> AsyncIterator[tuple[SlackPeer, SlackAdapter]]:
    """A connected adapter, and a proof that the socket carried nothing that Slack would not take."""
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(peer or SlackPeer())
        there.install(_manifest(front, http))
        app_token = None if http else there.app_token
        secret = there.signing_secret if http else None
        adapter = SlackAdapter(front, token or there.bot_token, app_token, secret, there.api_base, clock)
        await stack.enter_async_context(adapter)
        if http:
            public = await stack.enter_async_context(PublicListener(0, adapter.slack_events, "127.0.0.1"))
            there.http_target = f"http://127.0.0.1:{public.port}/slack/events"
        await until(lambda: adapter.status().connected)
        yield there, adapter
    assert there.sockets.mistakes == []


def _manifest(front: ScriptedFront, http: bool) -> dict[str, Any]:
    url = "https://bot.example.org" if http else None
    return manifest(front.commands(), socket_mode=not http, public_url=url)


def words(message: Mapping[str, Any]) -> str:
    """What a client shows of the blocks."""
    return "\n".join(_strings(message["blocks"]))


def _strings(value: object) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _strings(item)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [found for item in value.values() for found in _strings(item)]


@pytest.mark.parametrize("http", [False, True])
async def test_a_topics_answer_travels_in_the_acknowledgement(http: bool) -> None:
    async with running(ScriptedFront(), http=http) as (peer, _):
        exchange = await peer.command("/dprk-demands")
        body = await exchange.acknowledgement()
        assert body["response_type"] == "ephemeral"
        assert "recognition of its nuclear power status" in words(body)
        assert body["text"].startswith("Three demands that Kim would likely make\nWhat Pyongyang would ask")
        assert exchange.ephemeral
        assert not peer.calls("chat.postMessage")


@pytest.mark.parametrize("http", [False, True])
async def test_other_commands_acknowledge_first_and_answer_later(http: bool) -> None:
    front = ScriptedFront()
    front.script["brief search"] = after(0.1, FOUND)
    async with running(front, http=http) as (peer, _):
        exchange = await peer.command("/brief", "search sanctions and missiles")
        assert await exchange.acknowledgement() is None
        answer = await exchange.answer()
        assert "2 passages mention “sanctions”" in words(answer)
        assert exchange.ephemeral
        assert exchange.acked_at < exchange.visible_at
        assert front.said[0][1].options == {"words": "sanctions and missiles"}


async def test_slacks_escapes_arrive_as_addresses() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        await (await peer.command("/brief-admin", "digest channel=#general ping=@editors")).answer()
        await (await peer.command("/brief", "follow who=@bob")).answer()
    assert front.said[0][1].options == {"channel": "slack:T1/C1", "ping": "usergroup:S1"}
    assert front.said[1][1].options == {"who": "slack:T1/U2"}


async def test_the_callers_language_zone_and_rights_come_from_slack_once_an_hour() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        await (await peer.command("/brief", "search one", user="U2")).answer()
        await (await peer.command("/brief", "search two", user="U2")).answer()
        await (await peer.command("/brief-admin", "digest", user="U9")).answer()
        assert len(peer.calls("users.info")) == 2
    bob, _, admin = (call.caller for _, call in front.said)
    assert (str(bob.person), bob.locale, bob.zone, bob.manages) == (
        "slack:T1/U2",
        "ja-JP",
        "Asia/Tokyo",
        False,
    )
    assert admin.manages


async def test_a_topic_does_not_wait_for_what_slack_knows_of_the_asker() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        peer.fail_next("users.info", delay=1.0)
        first = await peer.command("/dprk-demands", user="U2")
        await first.acknowledgement()
        assert first.acked_at - first.sent_at < 0.5
        assert front.said[0][1].caller.locale == "en"


async def test_without_a_profile_a_command_answers_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack_adapter.receiving.PROFILE_SECONDS", 0.05)
    async with running(ScriptedFront()) as (peer, _):
        peer.fail_next("users.info", delay=0.2)
        assert "2 passages" in words(await (await peer.command("/brief", "search one")).answer())


async def test_what_cannot_be_parsed_is_refused_in_private_with_what_to_do() -> None:
    class Strict(ScriptedFront):
        def parse(self, line: str) -> tuple[Command, Mapping[str, str]]:
            raise UserError("There is no command {line}; did you mean /brief show?", line=line)

    async with running(Strict()) as (peer, _):
        exchange = await peer.command("/brief", "shwo dialogue-1 “now”")
        body = await exchange.acknowledgement()
        said = "There is no command /brief shwo dialogue-1 “now”; did you mean /brief show?"
        assert body["text"] == f"{said}\nNot done\n{said}"
        assert exchange.ephemeral


async def test_a_missing_option_opens_a_form_and_its_answers_run_the_command() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        asked = await peer.command("/brief", "show")
        view = await asked.view()
        assert view["title"]["text"] == "Show a passage"
        submitted = await peer.submit(view, {"passage": "dialogue-1", "view": "whole"})
        await submitted.acknowledgement()
        await until(lambda: peer.ephemerals())
        assert words(peer.ephemerals()[-1].payload) == "dialogue-1"
    key, call = front.said[-1]
    assert key == "form:show-1"
    assert call.options == {"passage": "dialogue-1", "view": "whole"}
    assert call.place == CHANNEL
    assert not peer.refused


async def test_a_form_names_each_wrong_answer_beside_it() -> None:
    fields = (Option("lead", "Days before", "integer", required=True), Option("quiet", "No sound", "boolean"))
    front = ScriptedFront()
    front.script["brief follow"] = Form("Follow", "brief follow", fields, key="form:follow-1")
    front.presses["form:follow-1"] = Press("open", "brief follow")
    async with running(front) as (peer, _):
        view = await (await peer.command("/brief", "follow")).view()
        submitted = await peer.submit(view, {"lead": "soon", "quiet": "yes"})
        assert await submitted.acknowledgement() == {
            "response_action": "errors",
            "errors": {"lead": "lead is a whole number, not “soon”; write it like lead=5."},
        }
    assert [key for key, _ in front.said] == [""]


async def test_a_form_that_comes_too_late_says_what_to_do() -> None:
    async with running(ScriptedFront()) as (peer, _):
        peer.fail_next("views.open", error="expired_trigger_id")
        answer = await (await peer.command("/brief", "show")).answer()
        assert answer["text"].startswith(
            "Slack did not open the form of /brief show in time. Send the command once more."
        )


async def test_values_are_suggested_while_a_form_is_filled_in() -> None:
    completed = Option("passage", "Its id", required=True, completes=COMMANDS[2].options[1].completes)
    form = replace(ASK_PASSAGE, fields=(completed, ASK_PASSAGE.fields[1]))
    front = ScriptedFront(suggestions=(Choice("dialogue-1: Kim would", "dialogue-1"),))
    front.script["brief show"] = form
    async with running(front) as (peer, _):
        view = await (await peer.command("/brief", "show")).view()
        offered = await (await peer.suggest("passage", "dia", view=view)).suggestions()
    assert [each["value"] for each in offered] == ["dialogue-1", "dia"]
    option, partial, call = front.asked[0]
    assert (option, partial, call.command) == ("passage", "dia", "brief show")


async def test_user_groups_are_offered_where_somebody_is_to_be_pinged() -> None:
    front = ScriptedFront()
    ping = Option("ping", "Whom to notify", "role", required=True)
    front.script["brief-admin digest"] = Form("Digest", "brief-admin digest", (ping,), key="form:digest")
    async with running(front) as (peer, _):
        view = await (await peer.command("/brief-admin", "digest")).view()
        offered = await (await peer.suggest("ping", "edit", view=view)).suggestions()
        assert [(each["text"]["text"], each["value"]) for each in offered] == [
            ("@editors (Editors)", "usergroup:S1")
        ]


async def test_a_file_of_a_form_is_fetched_with_the_token() -> None:
    front = ScriptedFront()
    field = Option("file", "The YAML", "file", required=True)
    front.script["brief-admin upload"] = Form("Upload", "brief-admin upload", (field,), key="form:upload")
    front.script["form:upload"] = Reply("Revision 2 is published")
    async with running(front) as (peer, _):
        view = await (await peer.command("/brief-admin", "upload")).view()
        await peer.submit(view, {"file": [peer.attach("brief.yaml", b"brief: x")]})
        await until(lambda: peer.ephemerals())
    upload = front.said[-1][1].uploads["file"]
    assert (upload.name, upload.content) == ("brief.yaml", b"brief: x")


async def test_a_button_turns_the_askers_own_page_in_place() -> None:
    async with running(ScriptedFront()) as (peer, _):
        exchange = await peer.command("/dprk-demands")
        await exchange.answer()
        pressed = await peer.click("page:demands-2")
        assert "the removal of sanctions" in words(await pressed.answer())
        assert len(peer.ephemerals()) == 1


async def test_a_button_on_a_public_message_answers_the_presser_alone() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        await adapter.send(CHANNEL, DEMANDS, "key1")
        pressed = await peer.click("page:demands-2", user="U2")
        assert "the removal of sanctions" in words(await pressed.answer())
        assert pressed.ephemeral
        assert "recognition" in words(peer.messages()[0].payload)


async def test_sharing_shows_the_answer_to_everybody() -> None:
    front = ScriptedFront()
    front.script["page:demands-2"] = SHARED
    async with running(front) as (peer, _):
        await (await peer.command("/dprk-demands")).answer()
        shared = await peer.click("page:demands-2")
        await shared.answer()
        assert not shared.ephemeral
        assert len(peer.messages()) == 1


async def test_a_spent_response_url_leaves_the_way_of_a_message() -> None:
    async with running(ScriptedFront()) as (peer, _):
        peer.fail_next("response_url", error="used_url", status=404)
        await (await peer.command("/brief", "search one")).acknowledgement()
        await until(lambda: peer.ephemerals())
        assert "2 passages" in words(peer.ephemerals()[0].payload)


async def test_in_direct_messages_the_place_is_the_person() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        direct = peer.state.direct("U1").id
        await (await peer.command("/dprk-demands", channel=direct)).answer()
    assert str(front.said[0][1].place) == "slack:T1/@U1"


@pytest.mark.parametrize("http", [False, True])
async def test_a_repeated_request_is_handled_once(http: bool) -> None:
    front = ScriptedFront()
    async with running(front, http=http) as (peer, _):
        for text_ in ("search one", ""):
            name = "/brief" if text_ else "/dprk-demands"
            exchange = await peer.command(name, text_)
            await exchange.answer()
            assert (await peer.replay(exchange)).body is None
        pressed = await peer.click("page:demands-2")
        await pressed.answer()
        await peer.replay(pressed)
        await asyncio.sleep(0.1)
    assert len(front.said) == 3


async def test_a_request_repeated_after_a_restart_is_handled_once() -> None:
    front = ScriptedFront()
    async with SlackPeer() as peer:
        async with _socket(front, peer):
            exchange = await peer.command("/brief", "search one")
            await exchange.answer()
        async with _socket(front, peer):
            await peer.replay(exchange)
            await asyncio.sleep(0.1)
    assert len(front.said) == 1


@pytest.mark.parametrize(("signature", "age"), [("wrong", 0.0), ("missing", 0.0), ("right", 1000.0)])
async def test_only_slack_itself_is_answered(signature: Any, age: float) -> None:
    front = ScriptedFront()
    async with running(front, http=True) as (peer, _):
        exchange = await peer.command("/dprk-demands", signature=signature, age=age)
        await exchange.finished()
        assert exchange.late_acks[0].status == 401
        assert await peer.verify_url()
    assert front.said == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"}, b"{}", 401),
        ({"X-Slack-Request-Timestamp": "²", "X-Slack-Signature": "v0=1"}, b"{}", 401),
        ({"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=é"}, b"{}", 401),
        ({"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=1"}, b"\xff", 400),
        ({}, b"", 401),
    ],
)
async def test_a_malformed_request_is_refused_without_a_trace(
    headers: dict[str, str], body: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(ScriptedFront(), http=True) as (peer, _), aiohttp.ClientSession() as client:
        answer = await client.post(peer.http_target or "", headers=headers, data=body)
        assert answer.status == status
    assert "Traceback" not in caplog.text


async def test_a_delivery_is_sent_and_found_again_by_its_key() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        start = utc_now() - timedelta(minutes=5)
        sent = await adapter.send(CHANNEL, DIGEST, "key-1")
        assert isinstance(sent, Sent)
        for number in range(3):
            await adapter.send(CHANNEL, DIGEST, f"other-{number}")
        assert await adapter.find(CHANNEL, "key-1", start) == sent
        assert await adapter.find(CHANNEL, "key-9", start) == Retry("it is not in the channel")
        payload = peer.messages()[0].payload
        assert payload["text"].startswith("1 date is near\nThe week ahead\nThe signing is in 7 days.")


async def test_the_whole_history_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PAGE", 2)
    async with running(ScriptedFront()) as (_, adapter):
        start = utc_now() - timedelta(minutes=5)
        sent = [await adapter.send(CHANNEL, DIGEST, f"key-{number}") for number in range(6)]
        assert await adapter.find(CHANNEL, "key-0", start) == sent[0]


async def test_deliveries_reach_threads_and_people() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        start = utc_now() - timedelta(minutes=5)
        parent = await adapter.send(CHANNEL, DIGEST, "key-1")
        assert isinstance(parent, Sent)
        thread = CHANNEL._replace(thread=parent.message_id)
        inside = await adapter.send(thread, DIGEST, "key-2")
        assert await adapter.find(thread, "key-2", start) == inside
        direct = await adapter.send(destination("slack:T1/@U2"), DIGEST, "key-3")
        assert await adapter.find(destination("slack:T1/@U2"), "key-3", start) == direct
        assert peer.messages()[1].payload["thread_ts"] == parent.message_id
        assert len(peer.direct_messages("U2")) == 1


async def test_a_message_in_a_channel_without_the_bot_is_looked_up_by_joining() -> None:
    async with running(ScriptedFront()) as (_, adapter):
        start = utc_now() - timedelta(minutes=5)
        elsewhere = destination("slack:T1/C2")
        sent = await adapter.send(elsewhere, DIGEST, "key-1")
        assert isinstance(sent, Sent)
        assert await adapter.find(elsewhere, "key-1", start) == sent


async def test_a_sent_message_is_edited_and_keeps_its_key() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        sent = await adapter.send(CHANNEL, DIGEST, "key-1")
        assert isinstance(sent, Sent)
        long = Reply("Moved to July", (Prose(text("<&> " * 1000)),))
        assert await adapter.edit(CHANNEL, sent.message_id, long) == sent
        assert "Moved to July" in words(peer.messages()[0].payload)
        assert await adapter.find(CHANNEL, "key-1", utc_now() - timedelta(minutes=5)) == sent


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            "channel_not_found",
            "the channel does not exist, or the bot is not in it: invite it with /invite @Briefbot",
        ),
        ("is_archived", "the channel is archived: unarchive it, or choose another with /brief-admin channel"),
        ("not_in_channel", "the bot is not in the channel: invite it with /invite @Briefbot"),
        ("account_inactive", "the app was removed from the workspace: install the app again"),
        ("token_revoked", "the bot token was revoked: install the app again"),
        ("messages_tab_disabled", "the app's Messages tab is off: install the app again"),
        ("user_disabled", "this person's account is deactivated: stop what they follow"),
        ("invalid_blocks", "Slack refused it (invalid_blocks): /brief-admin health and the log say more"),
    ],
)
async def test_a_permanent_refusal_says_what_to_do(error: str, said: str) -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        peer.fail_next("chat.postMessage", error=error)
        outcome = await adapter.send(CHANNEL, DIGEST, "key-1")
        assert isinstance(outcome, Refused)
        assert outcome.reason.startswith(said)
        reach = "token" if error in TOKEN_ERRORS else "destination"
        assert outcome.reach == ("message" if error == "invalid_blocks" else reach)


async def test_a_missing_scope_is_named() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        peer.state.scopes -= {"chat:write"}
        outcome = await adapter.send(CHANNEL, DIGEST, "key-1")
        assert outcome == Refused(
            "the app lacks the scope chat:write: install the app again from what `briefbot slack-manifest` prints",
            "token",
        )


async def test_a_rate_limit_is_tried_later_and_a_lost_answer_is_in_doubt() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        peer.fail_next("chat.postMessage", error="ratelimited", headers={"Retry-After": "7"})
        assert await adapter.send(CHANNEL, DIGEST, "a") == Retry(
            "Slack asks the bot to slow down", timedelta(seconds=7)
        )
        peer.fail_next("chat.postMessage", drop=True, after_storing=True)
        assert await adapter.send(CHANNEL, DIGEST, "b") == Doubtful("Slack's answer was lost")
        peer.fail_next("chat.postMessage", error="internal_error", status=500)
        assert isinstance(await adapter.send(CHANNEL, DIGEST, "c"), Doubtful)
        # aiohttp itself asks a second time where nothing can be changed by it
        peer.fail_next("conversations.history", drop=True, times=2)
        assert isinstance(await adapter.find(CHANNEL, "b", utc_now()), Doubtful)
        assert len(peer.messages()) == 1


async def test_what_fails_before_the_message_is_sent_is_simply_tried_again() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        peer.fail_next("conversations.open", drop=True)
        assert isinstance(await adapter.send(destination("slack:T1/@U2"), DIGEST, "a"), Retry)
        peer.fail_next("upload", status=500, error="broken")
        assert isinstance(await adapter.send(CHANNEL, CHART, "b"), Retry)
        await peer.stop()
        await asyncio.sleep(0.05)  # the end of the pooled connections is noticed
        assert await adapter.send(CHANNEL, DIGEST, "c") == Retry("Slack could not be reached")
        assert isinstance(await adapter.find(CHANNEL, "c", utc_now()), Doubtful)
        await peer.start()


async def test_a_delivery_pings_only_whom_a_mention_names() -> None:
    mean = "<!channel> <@U2> @everyone <!subteam^S1>"
    async with running(ScriptedFront()) as (peer, adapter):
        await adapter.send(CHANNEL, Reply(mean, (Prose(text(mean)),), summary=mean, footer=mean), "a")
        await adapter.send(
            CHANNEL, Reply("Hi", (Prose(text(Mention("usergroup:S1", "Editors"), mean)),)), "b"
        )
        assert [message.notified for message in peer.messages()] == [[], ["usergroup:S1"]]


async def test_a_picture_is_uploaded_and_shown_with_its_words() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        assert isinstance(await adapter.send(CHANNEL, CHART, "a"), Sent)
        image = next(each for each in peer.messages()[0].payload["blocks"] if each["type"] == "image")
        assert image["alt_text"] == "Exports rose from 2 to 5"
        assert peer.state.files[image["slack_file"]["id"]].data == PNG
        assert "Exports rose from 2 to 5" in peer.messages()[0].payload["text"]


async def test_a_picture_that_slack_does_not_show_in_time_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "PROCESSING", (0.01, 0.02))
    async with running(ScriptedFront()) as (peer, adapter):
        peer.state.file_processing_s = 60
        assert isinstance(await adapter.send(CHANNEL, CHART, "a"), Sent)
        assert words(peer.messages()[0].payload) == "A chart\nExports rose from 2 to 5"


async def test_a_picture_in_a_private_answer_is_one_that_the_asker_may_open() -> None:
    front = ScriptedFront()
    front.script["dprk-demands"] = CHART
    async with running(front) as (peer, _):
        answer = await (await peer.command("/dprk-demands")).answer()
        assert [block["type"] for block in answer["blocks"]] == ["header", "image", "context"]
        file = answer["blocks"][1]["slack_file"]["id"]
        assert words(answer).endswith("the picture is in your direct messages with the bot, too")
        assert [may_open(peer.state, file, user) for user in ("U1", "U2")] == [True, False]
        assert peer.direct_messages("U1")[0].payload["files"][0]["id"] == file


async def test_a_picture_in_a_public_answer_stands_in_the_channel_alone() -> None:
    front = ScriptedFront()
    front.script["dprk-demands"] = CHART.with_(visibility="public")
    async with running(front) as (peer, _):
        answer = await (await peer.command("/dprk-demands")).answer()
        assert [block["type"] for block in answer["blocks"]] == ["header", "image"]
        assert peer.direct_messages("U1") == []


async def test_a_picture_that_slack_does_not_take_is_told_in_words() -> None:
    front = ScriptedFront()
    front.script["dprk-demands"] = CHART
    async with running(front) as (peer, _):
        peer.fail_next("upload", status=500, error="broken")
        answer = await (await peer.command("/dprk-demands")).answer()
        assert words(answer) == (
            "A chart\nExports rose from 2 to 5\nSlack did not take the picture; the words say all it shows"
        )


async def test_a_file_is_shared_with_the_asker_alone_and_the_answer_says_where() -> None:
    front = ScriptedFront()
    front.script["brief search"] = FOUND.with_(files=(File("dates.ics", b"BEGIN", "Dates"),))
    async with running(front) as (peer, _):
        answer = await (await peer.command("/brief", "search one")).answer()
        await until(lambda: peer.direct_messages("U1"))
        assert peer.direct_messages("U1")[0].payload["files"][0]["name"] == "dates.ics"
        await until(lambda: peer.ephemerals())
        assert "dates.ics: in your direct messages with the bot" in words(peer.ephemerals()[0].payload)
        assert answer


async def test_joining_a_channel_the_bot_says_hello_once_a_workspace() -> None:
    front = ScriptedFront(hello=HELLO)
    async with running(front) as (peer, _):
        await peer.invite("C2")
        await until(lambda: "slack:T1" in front.greeted_workspaces)
        await peer.invite("C4", inviter="U9")
        await (await peer.event({"type": "member_joined_channel", "user": "U1", "channel": "C1"})).finished()
        await asyncio.sleep(0.05)
        assert words(peer.messages("C2")[0].payload).startswith("Hello, I brief this server")
        assert peer.messages("C4") == peer.messages("C1") == []


async def test_a_hello_that_was_lost_is_not_said_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hello, "AGAIN", (0.01,))
    front = ScriptedFront(hello=HELLO)
    async with running(front) as (peer, _):
        peer.fail_next("chat.postMessage", error="ratelimited")
        peer.fail_next("chat.postMessage", drop=True, after_storing=True)
        await peer.invite("C2")
        await until(lambda: len(peer.calls("chat.postMessage")) == 2)
        await asyncio.sleep(0.05)
        assert len(peer.messages("C2")) == 1


async def test_the_home_tab_shows_what_to_try_and_what_comes_next() -> None:
    front = ScriptedFront()
    async with running(front) as (peer, _):
        await peer.open_home("U2")
        await until(lambda: peer.home("U2"))
        shown = words(peer.home("U2") or {})
        tries = "まずは次の三つのコマンドをお試しください:"
        assert f"{tries}\n/dprk-demands\n What Pyongyang would ask of Washington" in shown, (
            "U2 reads Japanese"
        )
        assert "What comes next\nThe signing is in 7 days." in shown
    assert str(front.said[-1][1].place) == "slack:T1/@U2"
    assert front.said[-1][1].caller.zone == "Asia/Tokyo"


async def test_a_button_in_the_home_tab_answers_by_direct_message() -> None:
    async with running(ScriptedFront()) as (peer, _):
        await peer.open_home("U1")
        await until(lambda: peer.home("U1"))
        await peer.click("open:dates", view=peer.home("U1"))
        await until(lambda: peer.direct_messages("U1"))
        assert "Watch dates" in words(peer.direct_messages("U1")[0].payload)


async def test_every_page_of_what_comes_next_stands_in_the_home_tab() -> None:
    front = ScriptedFront()

    def paged(call: Call) -> Reply:
        number = call.press.page if call.press else 1
        turn = Action("More", Press("page", "brief overview", page=2), "page:overview-2")
        shown = OVERVIEW.actions[0]
        return Reply(
            "What comes next", (Prose(text(f"Part {number}.")),), actions=(turn, shown), page=number, pages=2
        )

    front.script["brief overview"] = paged
    async with running(front) as (peer, _):
        await peer.open_home("U1")
        await until(lambda: peer.home("U1"))
        shown = words(peer.home("U1") or {})
    assert "What comes next\nPart 1.\nPart 2.\nAll dates" in shown
    assert "More" not in shown


async def test_home_tabs_that_were_opened_lately_follow_what_changes_and_the_others_do_not() -> None:
    front, clock = ScriptedFront(), Ahead()
    async with running(front, clock=clock.utc) as (peer, adapter):
        await peer.open_home("U2")
        await until(lambda: peer.home("U2"))
        clock.jump(timedelta(days=8).total_seconds())
        await peer.open_home("U1")
        await until(lambda: peer.home("U1"))
        await adapter.refresh()
        await adapter.refresh()
        front.script["brief overview"] = OVERVIEW.with_(blocks=(Prose(text("The signing is in 37 days.")),))
        await adapter.refresh()
        await until(lambda: "in 37 days" in words(peer.home("U1") or {}))
        assert "in 7 days" in words(peer.home("U2") or {})
        # What shows the same already is not sent again.
        assert len(peer.calls("views.publish")) == 3
        front.script["brief overview"] = OVERVIEW.with_(blocks=(Prose(text("You follow the talks.")),))
        await (await peer.command("/brief", "follow")).answer()
        await until(lambda: "You follow the talks." in words(peer.home("U1") or {}))


@asynccontextmanager
async def _socket(front: ScriptedFront, peer: SlackPeer) -> AsyncIterator[SlackAdapter]:
    adapter = SlackAdapter(front, peer.bot_token, peer.app_token, None, peer.api_base, utc_now)
    async with adapter:
        await until(lambda: adapter.status().connected)
        yield adapter


async def test_a_platform_that_was_down_at_the_start_or_dies_is_found_again() -> None:
    peer = SlackPeer()
    await peer.start()
    await peer.stop()
    adapter = SlackAdapter(ScriptedFront(), peer.bot_token, peer.app_token, None, peer.api_base, utc_now)
    async with adapter:
        await until(lambda: "out of reach" in adapter.status().words)
        async with peer:
            await until(lambda: adapter.status().connected)
            assert adapter.status().words == "connected to Loopback (Socket Mode)"
            await peer.stop()
            await until(lambda: not adapter.status().connected)
            await peer.start()
            await until(lambda: adapter.status().connected and peer.connections)
            assert "recognition" in words(await (await peer.command("/dprk-demands")).answer())
    assert adapter.status().words == "stopped"


async def test_a_socket_cut_without_a_word_is_opened_again() -> None:
    async with running(ScriptedFront()) as (peer, _):
        peer.sockets.drop()
        await until(lambda: peer.sockets.hellos == 2 and peer.connections)
        assert "recognition" in words(await (await peer.command("/dprk-demands")).answer())


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_a_new_socket_is_open_before_the_old_one_closes(reason: Any) -> None:
    front = ScriptedFront()
    front.script["dprk-demands"] = after(0.1, DEMANDS)
    async with running(front) as (peer, adapter):
        begun = await peer.command("/dprk-demands")
        await until(lambda: front.said)
        await peer.disconnect(reason)
        await until(lambda: peer.sockets.hellos == 2)
        assert len(peer.sockets.connections) == 2
        assert "recognition" in words(await begun.answer())
        assert "recognition" in words(await (await peer.command("/dprk-demands")).answer())
        assert adapter.status().connected


async def test_what_is_in_flight_is_answered_before_the_adapter_closes() -> None:
    front = ScriptedFront()
    front.script["dprk-demands"] = after(0.1, DEMANDS)
    front.script["brief search"] = after(0.1, FOUND)
    async with SlackPeer() as peer:
        async with _socket(front, peer):
            topic, search = await peer.command("/dprk-demands"), await peer.command("/brief", "search one")
            await until(lambda: len(front.said) == 2)
        assert "recognition" in words(await topic.answer())
        assert "2 passages" in words(await search.answer())


@pytest.mark.parametrize(
    ("bot_token", "app_token", "said"),
    [
        ("xoxb-wrong", "xapp-loopback", "off: Slack does not know the bot token: put the bot token"),
        ("xoxb-loopback", "xapp-wrong", "off: Slack refuses the app-level token (invalid_auth): put one"),
    ],
)
async def test_a_refused_token_is_said_once_with_its_cure(
    bot_token: str, app_token: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with SlackPeer() as peer:
        adapter = SlackAdapter(ScriptedFront(), bot_token, app_token, None, peer.api_base, utc_now)
        async with adapter:
            await until(lambda: adapter.status().words.startswith("off"))
            await asyncio.sleep(0.1)
            assert adapter.status().words.startswith(said)
            assert not adapter.status().connected
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


async def test_socket_mode_switched_off_is_said_with_its_cure() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        await peer.disconnect("link_disabled")
        await until(lambda: not adapter.status().connected)
        assert adapter.status().words == (
            "off: Socket Mode is off: switch it on at the app's page, Socket Mode, and start again"
        )


async def test_an_uninstalled_app_stops_and_says_so() -> None:
    async with running(ScriptedFront()) as (peer, adapter):
        await peer.event({"type": "app_uninstalled"})
        await until(lambda: not adapter.status().connected)
        assert adapter.status().words.startswith(
            "off: the app was removed from the workspace: install it again"
        )


async def test_new_topics_are_noticed_where_the_printed_manifest_lacks_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    front = ScriptedFront()
    async with running(front) as (_, adapter):
        await adapter.refresh()
        front.facts[MANIFEST_FACT] = remembered(front.commands()).replace("/japan-rok-outlook", "/old-topic")
        await adapter.refresh()
        await adapter.refresh()
    behind = [record.getMessage() for record in caplog.records if "manifest is behind" in record.getMessage()]
    assert behind == [
        "Slack's manifest is behind (missing /japan-rok-outlook; gone /old-topic): print the new one with"
        " `briefbot slack-manifest` and put it in at the app's page, App Manifest; until then they answer as"
        " /brief topic NAME"
    ]
