"""The page as an adapter, over real HTTP."""

import asyncio
import base64
import io
from pathlib import Path

import pytest

from bot.database import Database
from bot.web.incoming import preferred
from bot.web.lobby import Cursor, Lobby
from bot.web.transport import BriefLine, PageUnavailable, PlannedLine, WebAdapter
from commands.model import (
    Action,
    Choice,
    Code,
    EditorNote,
    File,
    Form,
    Heading,
    Instant,
    Link,
    Listing,
    Mention,
    Option,
    Picture,
    Press,
    Prose,
    Quotation,
    Reply,
    Strong,
    text,
)  # fmt: skip
from scheduler.address import Destination, Person
from scheduler.outcomes import Refused, Retry, Sent
from tests.bot.page_house import (
    LOBBY,
    SECRET,
    TREATY,
    PageFront,
    ScriptedOverview,
    events,
    instant,
    opened,
    upcoming,
)  # fmt: skip
from tests.fronts import HELLO, SHARED, after, until, utc_now

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_a_typed_command_comes_back_as_a_card_with_the_quotes() -> None:
    async with opened() as page:
        status, answer = await page.post(
            "/api/call", line="/dprk-demands", request="request-1", zone="Asia/Tokyo", locale="ja"
        )
        assert (status, answer["kind"]) == (200, "card")
        assert answer["title"] == "What Pyongyang would ask of Washington"
        assert answer["summary"] == "Three demands that Kim would likely make"
        assert "<mark>Kim would likely</mark> demand all of the following</p></blockquote>" in answer["html"]
        assert '<span class="passage">dialogue-1</span> · Dialogue</figcaption>' in answer["html"]
        assert (
            '<button type="button" class="action plain" data-key="page:demands-2">More</button>'
            in answer["html"]
        )
        assert '<code class="asked">/dprk-demands</code>' in answer["html"]
        (_, call) = page.front.said[0]
        assert (call.command, str(call.place), call.request) == (
            "dprk-demands",
            "web:local/lobby",
            "web:request-1",
        )
        assert call.caller.person == Person("web", "local", "reader")
        assert (call.caller.zone, call.caller.locale, call.caller.manages) == ("Asia/Tokyo", "ja", True)


async def test_the_browser_says_the_language_and_a_made_up_zone_is_none() -> None:
    async with opened() as page:
        body = {"line": "/dprk-demands", "request": "request-1", "zone": "Mars/Olympus"}
        headers = {"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.5"}
        async with page.reader.post(page.at("/api/call"), json=body, headers=headers) as response:
            assert response.status == 200
        assert (page.front.said[0][1].caller.locale, page.front.said[0][1].caller.zone) == ("ko-KR", None)
        assert preferred("") == "en"


async def test_a_command_may_be_named_with_its_options() -> None:
    async with opened() as page:
        await page.post(
            "/api/call",
            command="brief-admin digest",
            options={"channel": "war-room", "zone": "Asia/Seoul"},
            request="request-1",
        )
        assert page.front.said[0][1].options == {"channel": "web:local/war-room", "zone": "Asia/Seoul"}


async def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    async with opened() as page:
        status, answer = await page.post("/api/call", line="/demands", request="request-1")
        assert status == 200
        assert answer["title"] == "Not understood"
        assert "There is no command /demands; did you mean /dprk-demands?" in answer["html"]


async def test_a_repeated_request_is_carried_out_once_and_answered_alike() -> None:
    front = PageFront()
    front.script["brief subscriptions"] = after(0.05, Reply("Nothing arrives here yet"))
    async with opened(front) as page:
        body = {"line": "/brief subscriptions", "request": "request-1"}
        answers = await asyncio.gather(*(page.post("/api/call", **body) for _ in range(3)))
        assert answers[0] == answers[1] == answers[2]
        assert len(front.said) == 1
        status, _ = await page.post("/api/call", line="/brief subscriptions", request="request-2")
        assert (status, len(front.said)) == (200, 2)


async def test_a_request_that_an_earlier_start_carried_out_is_not_carried_out_again() -> None:
    front = PageFront(seen={"web:request-1"})
    async with opened(front) as page:
        status, answer = await page.post("/api/call", line="/brief subscriptions", request="request-1")
        assert status == 409
        assert answer == {"sentence": "This request was carried out already; ask again for a new answer."}
        assert front.said == []


async def test_a_body_that_the_page_would_not_send_is_refused_by_its_field() -> None:
    async with opened() as page:
        status, answer = await page.post("/api/call", line="/dprk-demands")
        assert status == 400
        assert answer["sentence"] == (
            "request: Field required. Send a JSON object with request, zone, locale, line, command, options."
        )
        status, answer = await page.post("/api/press", key="page:demands-2", request="request-1", more=1)
        assert answer["sentence"].startswith("more: Extra inputs are not permitted.")


async def test_an_unexpected_failure_is_an_apology_with_an_id_that_the_log_knows(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(call: object) -> Reply:
        raise ValueError("inner secret")

    front = PageFront()
    front.script["brief subscriptions"] = broken
    async with opened(front) as page:
        status, answer = await page.post("/api/call", line="/brief subscriptions", request="request-1")
        assert status == 500
        sentence = answer["sentence"]
        assert sentence.startswith(
            "Sorry, something went wrong here. Try again; if it stays, the log tells more"
        )
        assert "inner secret" not in sentence
        assert sentence.removesuffix(".").split()[-1] in caplog.text


async def test_a_pressed_button_turns_the_page_in_its_place() -> None:
    async with opened() as page:
        _, answer = await page.post("/api/press", key="page:demands-2", request="request-1")
        assert (answer["kind"], answer["replaces"]) == ("card", True)
        assert "the removal of sanctions" in answer["html"]
        assert page.front.said[0][0] == "page:demands-2"


async def test_what_is_shared_stands_in_the_feed_for_everybody() -> None:
    async with opened() as page:
        _, answer = await page.post("/api/press", key="share:demands", request="request-1")
        assert (answer["kind"], answer["title"]) == ("posted", "What Pyongyang would ask of Washington")
        messages, _ = await page.lobby.latest(10)
        assert [message.reply for message in messages] == [SHARED]
        await page.post("/api/press", key="share:demands", request="request-1")
        assert len((await page.lobby.latest(10))[0]) == 1


async def test_a_missing_option_is_asked_for_in_a_form_and_its_answers_run_the_command() -> None:
    async with opened() as page:
        _, form = await page.post("/api/call", line="/brief show", request="request-1")
        assert (form["kind"], form["key"], form["title"]) == ("form", "form:show-1", "Show a passage")
        assert (
            '<input type="text" value="" autocomplete="off" id="form:show-1-passage" name="passage"'
            in form["html"]
        )
        assert '<option value="whole">Whole</option>' in form["html"]
        assert '<textarea rows="4" id="form:show-1-reason"' in form["html"]
        _, answer = await page.post(
            "/api/submit",
            key="form:show-1",
            request="request-2",
            answers={"passage": "dialogue-1", "view": "", "reason": "to read"},
            files={"file": {"name": "brief.yaml", "content": base64.b64encode(b"format: 1").decode()}},
        )
        assert answer["title"] == "dialogue-1"
        key, call = page.front.said[1]
        assert (key, call.options) == ("form:show-1", {"passage": "dialogue-1", "reason": "to read"})
        assert (call.uploads["file"].name, call.uploads["file"].content) == ("brief.yaml", b"format: 1")


async def test_every_kind_of_question_has_its_own_field() -> None:
    fields = (
        Option("day", "Which day", "date", required=True),
        Option("count", "How many", "integer", default=3),
        Option("quiet", "Without a sound", "boolean", default=True),
        Option("file", "The YAML", "file"),
        Option("channel", "Where", "channel"),
    )
    front = PageFront()
    front.script["brief show"] = Form("All of them", "brief show", fields, key="form:all")
    async with opened(front) as page:
        _, form = await page.post("/api/call", line="/brief show", request="request-1")
        assert 'type="date" value="" id="form:all-day" name="day"' in form["html"]
        assert 'type="number" step="1" value="3" id="form:all-count"' in form["html"]
        assert '<option value="yes" selected>Yes</option>' in form["html"]
        assert 'type="file" id="form:all-file"' in form["html"]
        assert 'list="form:all-channel-values"' in form["html"]


async def test_a_file_that_is_too_large_is_refused_with_the_limit() -> None:
    async with opened() as page:
        large = io.BytesIO(bytes(15 * 1024 * 1024))
        headers = {"Content-Type": "application/json"}
        async with page.reader.post(page.at("/api/submit"), data=large, headers=headers) as response:
            assert response.status == 413
            assert await response.json() == {"sentence": "This is larger than 10 MB; send a smaller file."}
        files = {"file": {"name": "brief.yaml", "content": "?"}}
        status, answer = await page.post("/api/submit", key="form:show-1", request="request-1", files=files)
        assert (status, answer) == (
            400,
            {"sentence": "files.file.content: not Base64. Send the file's bytes in Base64."},
        )


async def test_completion_knows_the_registry() -> None:
    async with opened() as page:
        found = await page.get("/api/complete?line=/de&cursor=3")
        assert found["items"] == [
            {
                "label": "/dprk-demands",
                "detail": "What Pyongyang would ask of Washington",
                "insert": "/dprk-demands",
            }
        ]
        assert (found["start"], found["end"]) == (0, 3)
        found = await page.get("/api/complete?line=/&cursor=1")
        assert [item["label"] for item in found["items"]][:3] == [
            "/dprk-demands",
            "/japan-rok-outlook",
            "/brief show",
        ]
        listed = (await page.get("/api/commands"))["commands"]
        assert listed[2]["options"][0] == {
            "name": "view", "description": "How much", "kind": "choice", "required": False,
            "choices": [{"label": "Short", "value": "short"}, {"label": "Whole", "value": "whole"}],
            "completes": False,
        }  # fmt: skip


async def test_completion_offers_values_and_the_names_of_options() -> None:
    front = PageFront(suggestions=(Choice("dialogue-1: U.S.-DPRK dialogue", "dialogue-1"),))
    async with opened(front) as page:
        found = await page.get("/api/complete?line=/brief show wh&cursor=14")
        assert found["items"] == [{"label": "Whole", "detail": "whole", "insert": "whole "}]
        assert (found["start"], found["end"], found["about"]) == (12, 14, "view: How much")
        found = await page.get("/api/complete?line=/brief show passage=di&cursor=22")
        assert found["items"][0]["insert"] == "passage=dialogue-1 "
        assert front.asked[0][:2] == ("passage", "di")
        found = await page.get("/api/complete?line=/brief show &cursor=12")
        assert [item["insert"] for item in found["items"]] == ["short ", "whole ", "passage="]
        found = await page.get("/api/complete?line=/brief-admin digest zone=%22Asia/To&cursor=33")
        assert front.asked[-1][:2] == ("zone", "Asia/To")
        found = await page.get("/api/complete?line=/brief-admin digest &cursor=20")
        assert found["items"][0] == {
            "label": "lobby", "detail": "web:local/lobby", "insert": "web:local/lobby ",
        }  # fmt: skip
        found = await page.get("/api/complete?command=brief show&option=passage&partial=di")
        assert found == {"items": [{"label": "dialogue-1: U.S.-DPRK dialogue", "value": "dialogue-1"}]}


async def test_a_delivery_stands_once_in_the_history_and_is_found_by_its_key() -> None:
    async with opened() as page:
        since = instant("2026-12-11")
        missing = await page.adapter.find(LOBBY, "k1", since)
        assert missing == Retry("The page's history holds no such message.")
        sent = await page.adapter.send(LOBBY, TREATY, "k1")
        assert sent == Sent("1")
        assert await page.adapter.send(LOBBY, TREATY, "k1") == sent
        assert await page.adapter.find(LOBBY, "k1", since) == sent
        assert len((await page.lobby.latest(10))[0]) == 1
        other = Destination("web", "local", "war-room")
        assert await page.adapter.send(other, TREATY, "k1") == Sent("2")
        async with page.reader.get(page.adapter.address) as response:
            body = await response.text()
        assert body.count("It is in seven days.") == 6  # two messages in three looks
        assert "Message to everybody here · war-room" in body


async def test_only_rooms_of_the_page_can_be_reached() -> None:
    async with opened() as page:
        elsewhere = Destination("slack", "T1", "C1")
        refused = Refused("slack:T1/C1 is no room of the page; write it like web:local/lobby.")
        assert await page.adapter.send(elsewhere, TREATY, "k1") == refused
        assert await page.adapter.find(elsewhere, "k1", utc_now()) == refused
        assert await page.adapter.edit(elsewhere, "1", TREATY) == refused
        assert await page.adapter.edit(LOBBY, "7", TREATY) == Refused(
            "The page's history holds no message 7 in web:local/lobby, so nothing was changed."
        )


async def test_a_sent_message_arrives_live_and_after_a_reconnection_exactly_once() -> None:
    async with opened() as page:
        async with page.reader.get(page.at("/api/events?after=0-0")) as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            await page.adapter.send(LOBBY, TREATY, "k1")
            first = await upcoming(events(stream), "message")
        assert first.data["title"] == "61st anniversary of the entry into force"
        assert (first.id, first.data["key"]) == ("1-0", "k1")
        await page.adapter.send(LOBBY, TREATY.with_(title="While nobody looked"), "k2")
        async with page.reader.get(page.at("/api/events"), headers={"Last-Event-ID": first.id}) as stream:
            arriving = events(stream)
            second = await upcoming(arriving, "message")
            assert second.data["title"] == "While nobody looked"
            await page.adapter.send(LOBBY, TREATY.with_(title="And live again"), "k3")
            assert (await upcoming(arriving, "message")).data["title"] == "And live again"


async def test_an_edit_reaches_open_pages_and_those_that_come_back() -> None:
    async with opened() as page:
        await page.adapter.send(LOBBY, TREATY, "k1")
        async with page.reader.get(page.at("/api/events?after=1-0")) as stream:
            moved = TREATY.with_(title="Moved to December 19")
            assert await page.adapter.edit(LOBBY, "1", moved) == Sent("1")
            edited = await upcoming(events(stream), "edited")
        assert (edited.data["id"], edited.data["title"]) == (1, "Moved to December 19")
        async with page.reader.get(page.at("/api/events"), headers={"Last-Event-ID": "1-0"}) as stream:
            again = await upcoming(events(stream), "edited")
        assert again.id == edited.id
        assert "edited <time" in again.data["html"]


async def test_a_message_and_its_edit_survive_a_restart(tmp_path: Path) -> None:
    async with Database(tmp_path / "page.sqlite3") as database:
        lobby = Lobby(database)
        await lobby.post(LOBBY, "k1", TREATY, instant("2026-12-11"))
        await lobby.edit(LOBBY, 1, TREATY.with_(title="Moved"), instant("2026-12-11"))
    async with Database(tmp_path / "page.sqlite3") as database, opened(database=database) as page:
        messages, cursor = await page.lobby.latest(10)
        assert [message.reply.title for message in messages] == ["Moved"]
        assert (cursor.message, messages[0].at) == (1, instant("2026-12-11"))
        assert await page.adapter.find(LOBBY, "k1", instant("2026-12-11")) == Sent("1")


def test_an_event_id_that_is_none_means_the_beginning() -> None:
    assert Cursor.read("12-1700000000000") == Cursor(12, 1700000000000)
    for written in ("", "x", "1", "-1-0", "１-x", "9" * 50 + "-1"):
        assert Cursor.read(written) == Cursor()


async def test_the_side_column_and_the_commands_change_live() -> None:
    overview = ScriptedOverview()
    async with opened(overview=overview) as page, page.reader.get(page.at("/api/events")) as stream:
        arriving = events(stream)
        first = await upcoming(arriving, "overview")
        assert "Nothing is planned. To be reminded before watch dates, ask" in first.data["html"]
        overview.lines.append(PlannedLine(instant("2026-12-11T00:00"), "discord:1/2", "61st anniversary"))
        overview.known[0] = BriefLine(
            "korean-peninsula-2024", "The Korean Peninsula", overview.known[0].published, "717 days old, expired", 3,
            ("brief.yaml:13:17 “soon” is not a date; write it like 2026-03-14",),
        )  # fmt: skip
        second = await upcoming(arriving, "overview")
        assert second.data["planned"] == [
            {"when": "2026-12-11T00:00:00+00:00", "where": "discord:1/2", "what": "61st anniversary"}
        ]
        assert "brief.yaml:13:17 “soon” is not a date; write it like 2026-03-14" in second.data["html"]
        assert "The last edit was not taken; revision 3 keeps serving. To mend:" in second.data["html"]
        assert await page.get("/api/overview") == second.data
        await page.adapter.refresh()
        await upcoming(arriving, "commands")


async def test_hello_is_said_once_for_all_times() -> None:
    async with Database(None) as database:
        front = PageFront(hello=HELLO)
        for _ in range(2):
            async with opened(front, database=database) as page:
                messages, _cursor = await page.lobby.latest(10)
                assert [message.reply for message in messages] == [HELLO]
        assert list(front.greeted_workspaces) == ["web:local"]


EVERYTHING = Reply(
    "All <kinds> & “parts”",
    (
        Prose(text("See ", Strong("this"), " or ", Code("/brief help"), Link("there", "https://example.org/?a=1&b=2"))),
        Prose(text(Link("never", "javascript:alert(1)"), Mention("role:7", "analysts"))),
        Prose(text("Due ", Instant(instant("2026-12-18T00:00"), "both"), Instant(instant("2026-12-18"), "relative"))),
        Heading("A heading"),
        Quotation("recognition of its nuclear power status", "dialogue-1", "Dialogue", (0, 11), "Status"),
        EditorNote("erratum", "December 3, 2024", "It was December 3.", "https://example.org/law"),
        Listing((text("one"), text("two")), ordered=True),
        Picture("line.png", PNG, "A line that falls"),
    ),
    actions=(Action("Danger", Press("open", "brief help"), "open:1", "danger"),),
    files=(File("dates.ics", b"BEGIN:VCALENDAR", "All dates"),),
    footer="revision 3",
    page=2,
    pages=4,
)  # fmt: skip


async def test_every_part_of_a_reply_is_shown_and_escaped() -> None:
    front = PageFront()
    front.script["brief subscriptions"] = EVERYTHING
    async with opened(front) as page:
        _, answer = await page.post("/api/call", line="/brief subscriptions", request="request-1")
        shown = answer["html"].split('<div class="look as-slack">')[0]
        for part in (
            '<h2 class="title" tabindex="-1">All &lt;kinds&gt; &amp; “parts”</h2>',
            "See <strong>this</strong> or <code>/brief help</code>"
            '<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">there</a>',
            'never (javascript:alert(1))<span class="mention">@analysts</span>',
            '<time datetime="2026-12-18T00:00:00Z" data-style="both">December 18, 2026, 00:00 UTC</time>',
            "<h3>A heading</h3>",
            '<p class="label">Status</p>',
            '<blockquote lang="en"><p><mark>recognition</mark> of its nuclear power status</p></blockquote>',
            "<strong>Editor&#39;s note</strong> · erratum · December 3, 2024",
            '<a href="https://example.org/law" target="_blank" rel="noopener noreferrer">example.org</a>',
            '<ol class="listing"><li>one</li><li>two</li></ol>',
            'alt="A line that falls"',
            'download="dates.ics">All dates</a>',
            '<button type="button" class="action danger" data-key="open:1">Danger</button>',
            "Page 2 of 4",
            "revision 3",
        ):
            assert part in shown
        for mark, expected in (('<img class="picture" src="', PNG), ('<li><a href="', b"BEGIN:VCALENDAR")):
            address = shown.split(mark)[1].split('"')[0]
            async with page.reader.get(page.at(address)) as response:
                assert await response.read() == expected
        async with page.reader.get(page.at("/api/kept/unknown")) as response:
            assert (response.status, await response.json()) == (
                404,
                {"sentence": "There is nothing at this address; the page itself stands at /."},
            )


async def test_the_previews_show_the_real_payloads() -> None:
    front = PageFront()
    front.script["brief subscriptions"] = EVERYTHING
    async with opened(front) as page:
        _, answer = await page.post("/api/call", line="/brief subscriptions", request="request-1")
    _, slack, discord = (
        answer["html"].split('<div class="look as-')[0:1] + answer["html"].split('<div class="look as-')[2:]
    )
    assert slack.startswith('slack">')
    assert discord.startswith('discord">')
    assert "could not be drawn" not in answer["html"]
    assert "<h2>All &lt;kinds&gt; &amp; “parts”</h2>" in slack
    assert "<p>✏️<strong> Editor&#39;s note · erratum · December 3, 2024</strong>" in slack
    assert "of its nuclear power status<em>\ndialogue-1 · Dialogue</em></blockquote>" in slack
    assert '<ol start="1"><li>one</li><li>two</li></ol>' in slack
    assert 'class="danger" data-key="open:1">Danger</button>' in slack
    assert "<h2>All &lt;kinds&gt; &amp; “parts”</h2>" in discord
    assert "<strong>Editor&#39;s note · erratum · December 3, 2024</strong>" in discord
    assert (
        "<strong>recognition</strong> of its nuclear power status<br><em>dialogue-1 · Dialogue</em></blockquote>"
        in discord
    )
    assert '<ol start="1"><li>one</li><li>two</li></ol>' in discord
    assert 'class="style-4" data-key="open:1">Danger</button>' in discord
    for look in (slack, discord):
        assert 'href="javascript' not in look
        assert '<time datetime="2026-12-18T00:00:00Z" data-style="both">' in look
        assert (
            '<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">there</a>'
            in look
        )
        assert 'alt="A line that falls"' in look


async def test_the_status_says_where_the_page_is_and_never_the_key() -> None:
    async with opened() as page:
        status = page.adapter.status()
        assert (status.connected, status.words) == (True, f"open at http://127.0.0.1:{page.adapter.port}/")
        assert page.adapter.link == f"http://127.0.0.1:{page.adapter.port}/?key={SECRET}"
    assert (page.adapter.status().connected, page.adapter.status().words) == (False, "closed")


async def test_a_taken_port_is_told_with_its_cure() -> None:
    async with opened() as page:
        second = WebAdapter(
            page.front, "127.0.0.1", page.adapter.port, page.lobby, page.overview, SECRET, utc_now
        )
        with pytest.raises(PageUnavailable) as refused:
            await second.__aenter__()
        assert str(refused.value).startswith(
            f"The page cannot listen on 127.0.0.1, port {page.adapter.port} ("
        )
        assert str(refused.value).endswith(
            "): end the other program there, or choose another port in WEB_PORT."
        )


async def test_closing_finishes_the_answer_in_work_and_ends_the_streams() -> None:
    front = PageFront()
    front.script["brief subscriptions"] = after(0.1, Reply("Nothing arrives here yet"))
    async with opened(front) as page, page.reader.get(page.at("/api/events")) as stream:
        asking = asyncio.create_task(page.post("/api/call", line="/brief subscriptions", request="request-1"))
        await until(lambda: front.said)
        await page.adapter.__aexit__(None, None, None)
        _, answer = await asking
        assert answer["title"] == "Nothing arrives here yet"
        assert await stream.content.read() is not None
        assert stream.content.at_eof()
