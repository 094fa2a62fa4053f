"""Replies, forms, payloads and commands between the bot and Slack: every limit kept, no word lost."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack_adapter import layout
from bot.slack_adapter.incoming import (
    Origin,
    completion,
    form_call,
    line,
    metadata,
    normalised,
    origin,
    press_call,
    request_id,
)  # fmt: skip
from bot.slack_adapter.listing import Behind, behind, manifest, remembered
from bot.slack_adapter.markup import fallback, rich
from bot.slack_adapter.modals import modal, options
from bot.slack_adapter.outgoing import Outgoing, is_plain, message, updating
from commands.model import (
    Action,
    Block,
    Choice,
    Code,
    Command,
    EditorNote,
    File,
    Form,
    Heading,
    Inline,
    Instant,
    Link,
    Listing,
    Mention,
    Option,
    OptionKind,
    Picture,
    Press,
    Prose,
    Quotation,
    Reply,
    Strong,
    text,
)  # fmt: skip
from commands.pages import paginate
from scheduler.address import destination
from tests.fronts import ASK_PASSAGE, COMMANDS, DEMANDS, OUTLOOK
from tests.peers.slack_peer import validate_manifest
from tests.peers.slack_peer.mentions import notified
from tests.peers.slack_peer.message_rules import refuse_content, refuse_update
from tests.peers.slack_peer.view_rules import refuse_suggestions, refuse_view

NOON = datetime(2026, 12, 18, 12, tzinfo=UTC)
SLASH = {
    "team_id": "T1", "channel_id": "C1", "user_id": "U1", "user_name": "alice", "command": "/brief",
    "text": "", "response_url": "https://hooks.slack.com/1", "trigger_id": "1.2",
}  # fmt: skip


def blocks(*parts: Block, **more: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = message(Reply(title="T", blocks=parts, **more)).payload["blocks"]
    return made[1:]


def elements(block: Block) -> list[dict[str, Any]]:
    (made,) = blocks(block)
    found: list[dict[str, Any]] = made["elements"]
    return found


def shown(made: Outgoing) -> str:
    """Every word that a client shows, in order, attached text included."""
    parts = _texts(made.payload.get("blocks", []))
    parts += [file.content.decode() for file in made.files if file.name == "answer.txt"]
    return letters(" ".join(parts))


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _texts(item)]
    if not isinstance(value, dict):
        return []
    own = [value[key] for key in ("text", "url", "fallback", "alt_text") if isinstance(value.get(key), str)]
    return own + [found for item in value.values() for found in _texts(item)]


def letters(words: str) -> str:
    return re.sub(r"\s+", "", words)


def unescaped(words: str) -> str:
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_plain_words_stand_as_they_are_and_notify_nobody() -> None:
    mean = "a *b* _c_ ~d~ `e` <!channel> <@U1> &amp; :tada: @everyone"
    (section,) = elements(Prose(text(mean)))
    assert section == {"type": "rich_text_section", "elements": [{"type": "text", "text": mean}]}
    made = message(Reply(mean, (Prose(text(mean)), Listing((text(mean),))), footer=mean, summary=mean))
    assert notified(made.payload, []) == []
    assert "&lt;!channel&gt; &lt;@U1&gt; &amp;amp; :tada:" in made.payload["text"]


@pytest.mark.parametrize(
    ("part", "element", "words"),
    [
        (Strong("now"), {"type": "text", "text": "now", "style": {"bold": True}}, "now"),
        (Code("/brief"), {"type": "text", "text": "/brief", "style": {"code": True}}, "/brief"),
        (
            Instant(NOON),
            {"type": "date", "timestamp": 1797595200, "format": "{date}, {time}",
             "fallback": "December 18, 2026, 12:00 UTC"},
            "<!date^1797595200^{date}, {time}|December 18, 2026, 12:00 UTC>",
        ),
        (
            Instant(NOON, "relative"),
            {"type": "date", "timestamp": 1797595200, "format": "{ago}", "fallback": "December 18, 2026, 12:00 UTC"},
            "<!date^1797595200^{ago}|December 18, 2026, 12:00 UTC>",
        ),
        (
            Instant(NOON, "date"),
            {"type": "date", "timestamp": 1797595200, "format": "{date}", "fallback": "December 18, 2026"},
            "<!date^1797595200^{date}|December 18, 2026>",
        ),
        (
            Link("the ruling", "https://x.y/a?b=1&c=2"),
            {"type": "link", "url": "https://x.y/a?b=1&c=2", "text": "the ruling"},
            "the ruling (https://x.y/a?b=1&amp;c=2)",
        ),
        (Link("odd", "javascript:alert(1)"), {"type": "text", "text": "odd (javascript:alert(1))"},
         "odd (javascript:alert(1))"),
        (Mention("usergroup:S1", "Editors"), {"type": "usergroup", "usergroup_id": "S1"}, "<!subteam^S1>"),
        (Mention("person:slack:T1/U1", "Ann"), {"type": "user", "user_id": "U1"}, "<@U1>"),
        (Mention("role:12", "Team"), {"type": "text", "text": "Team"}, "Team"),
        (Mention("usergroup:channel", "<Team>"), {"type": "text", "text": "<Team>"}, "&lt;Team&gt;"),
    ],
)  # fmt: skip
def test_inline_parts_become_elements_and_words(part: Inline, element: dict[str, Any], words: str) -> None:
    assert rich((part,)) == [element]
    assert fallback((part,), "en") == words


def test_a_quote_stands_in_a_block_with_its_place_and_its_answer_in_bold() -> None:
    label, quote = elements(
        Quotation("Kim would likely demand", "dialogue-1", "Dialogue", (4, 16), "Demands")
    )
    assert label["elements"] == [{"type": "text", "text": "Demands", "style": {"bold": True}}]
    assert quote == {
        "type": "rich_text_quote",
        "elements": [
            {"type": "text", "text": "Kim "},
            {"type": "text", "text": "would likely", "style": {"bold": True}},
            {"type": "text", "text": " demand"},
            {"type": "text", "text": "\ndialogue-1 · Dialogue", "style": {"italic": True}},
        ],
    }


def test_an_editors_note_is_marked_and_links_its_source() -> None:
    (note,) = elements(EditorNote("erratum", "December 3, 2024", "It fell on December 3.", "https://x.y/a_b"))
    assert note["type"] == "rich_text_section"
    assert [each.get("text") or each.get("url") or each.get("name") for each in note["elements"]] == [
        "pencil2",
        " Editor's note · erratum · December 3, 2024",
        "\nIt fell on December 3.\nSource: ",
        "https://x.y/a_b",
    ]


def test_the_fallback_says_everything() -> None:
    assert message(OUTLOOK).payload["text"] == (
        "Where Japan and South Korea are heading\n"
        "“there is a possibility of relations cooling” (outlook-2 · Japan-ROK relations)\n"
        "Editor's note · development · April 4, 2025: The president was removed."
        " Source: https://example.org/ruling?a=1_2\n"
        "The Korean Peninsula · as of December 6, 2024 · revision 1"
    )


def test_the_notification_begins_with_the_summary() -> None:
    assert message(DEMANDS).payload["text"].splitlines()[:3] == [
        "Three demands that Kim would likely make",
        "What Pyongyang would ask of Washington",
        "“Kim would likely demand all of the following” (dialogue-1 · Dialogue)",
    ]


def test_links_are_not_unfurled_and_a_delivery_carries_its_key() -> None:
    payload = message(DEMANDS, "abc").payload
    assert payload["unfurl_links"] is payload["unfurl_media"] is False
    assert payload["metadata"] == {"event_type": "briefbot_delivery", "event_payload": {"key": "abc"}}
    assert "metadata" not in message(DEMANDS).payload


def test_buttons_are_named_by_their_key_and_cut_to_what_slack_shows() -> None:
    long = Action("x" * 80, Press("open", "brief help"), "open:1", "danger")
    (row,) = blocks(actions=(long, Action("More", Press("open", "brief help"), "open:2")))
    assert row["elements"][0]["text"]["text"] == "x" * 74 + "…"
    assert [(each["action_id"], each.get("style")) for each in row["elements"]] == [
        ("open:1", "danger"),
        ("open:2", None),
    ]


def test_the_page_number_stands_behind_the_footer() -> None:
    (footer,) = blocks(footer="The brief · revision 1", page=2, pages=3)
    assert footer["elements"][0]["text"] == "The brief · revision 1 · page 2 of 3"


def test_a_picture_is_shown_with_its_alt_text_and_told_in_words_without_its_file() -> None:
    reply = Reply("T", (Picture("chart", b"\x89PNG", "Exports rose"),))
    assert message(reply, pictures={0: "F1"}).payload["blocks"][1] == {
        "type": "image", "slack_file": {"id": "F1"}, "alt_text": "Exports rose",
    }  # fmt: skip
    assert blocks(reply.blocks[0])[0]["elements"][0]["elements"] == [{"type": "text", "text": "Exports rose"}]
    assert not is_plain(reply)


def test_a_picture_whose_words_stand_beside_it_says_them_once() -> None:
    listed = Listing((text("Exports rose"),))
    reply = Reply("T", (Picture("chart", b"\x89PNG", "Exports rose", told="The list has the rest."), listed))
    shown = message(reply, pictures={0: "F1"}).payload
    assert shown["blocks"][1]["alt_text"] == "Exports rose"
    assert shown["text"] == "T\n• Exports rose"
    unshown = message(reply).payload
    assert [block["type"] for block in unshown["blocks"]] == ["header", "rich_text"]
    assert unshown["text"] == "T\n• Exports rose"


def test_an_update_keeps_to_the_bytes_that_slack_takes() -> None:
    made = updating(Reply("Moved", (Prose(text("é<&>" * 350)), Prose(text(Instant(NOON))))))
    refuse_update(made.payload)
    assert made.payload["text"].endswith("…")
    assert not re.search(r"&[a-z]{0,3}…$", made.payload["text"])


def test_what_no_message_holds_is_attached_whole() -> None:
    made = message(Reply("T", (Prose(text("word " * 4000)),), files=(File("a.ics", b"x", "Dates"),)))
    refuse_content(made.payload)
    assert (
        "This answer is longer than Slack shows; the whole of it is in the attached file answer.txt."
        in (made.payload["text"])
    )
    assert [file.name for file in made.files] == ["answer.txt", "a.ics"]
    assert made.files[0].content.decode().count("word") == 4000


SPECIALS = st.text(alphabet="ab cd.&<>*_~`|:!@#\n\\é국", min_size=1, max_size=400)
LONG = st.one_of(SPECIALS, st.sampled_from(["&" * 1600, "<!channel>" * 150, "word " * 700, "\n" * 50 + "x"]))
URLS = st.sampled_from(["https://x.y/a", "https://x.y/" + "a" * 300, "no address", "https://x.y/<b>"])
INLINES: st.SearchStrategy[Inline] = st.one_of(
    LONG,
    st.builds(Strong, SPECIALS),
    st.builds(Code, SPECIALS),
    st.builds(Link, SPECIALS, URLS),
    st.builds(Instant, st.just(NOON), st.sampled_from(["date", "time", "both", "relative"])),
    st.builds(Mention, st.sampled_from(["usergroup:S1", "role:1", "person:U1"]), SPECIALS),
)
TEXTS = st.lists(INLINES, min_size=1, max_size=5).map(tuple)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Prose, TEXTS),
    st.builds(Heading, st.text(alphabet="ab &", min_size=1, max_size=90)),
    st.builds(
        lambda words, start, size, label: Quotation(
            words,
            "p-1",
            "Heading & more",
            (start, start + size) if start + size <= len(words) else None,
            label,
        ),
        LONG,
        st.integers(0, 40),
        st.integers(1, 40),
        st.none() | SPECIALS,
    ),
    st.builds(EditorNote, st.just("erratum"), st.just("May 1, 2025"), LONG, URLS),
    st.builds(Listing, st.lists(TEXTS, min_size=1, max_size=12).map(tuple), st.booleans()),
    st.builds(Picture, SPECIALS, st.just(b"\x89PNG"), SPECIALS.filter(str.strip)),
)
ACTIONS = st.integers(0, 24).map(
    lambda count: tuple(
        Action("label " * number, Press("open", "brief help"), f"open:{number}")
        for number in range(1, count + 1)
    )
)
REPLIES = st.builds(
    Reply,
    SPECIALS,
    st.lists(BLOCKS, max_size=14).map(tuple),
    ACTIONS,
    footer=SPECIALS,
    summary=st.just("") | SPECIALS,
)


@settings(max_examples=150, deadline=None)
@given(REPLIES)
def test_any_page_keeps_every_limit_and_loses_no_word(reply: Reply) -> None:
    for page in paginate(reply):
        made = message(page, "key")
        refuse_content(made.payload)
        refuse_update(updating(page).payload)
        assert layout.total(made.payload.get("blocks", [])) <= layout.TOTAL
        said, told = shown(made), letters(unescaped(made.payload["text"]))
        for words in _words(page):
            assert letters(words) in said
            assert letters(words) in told or made.files


def _words(page: Reply) -> list[str]:
    found = [page.title, page.footer]
    for block in page.blocks:
        match block:
            case Prose():
                found += [words for part in block.text for words in _inline_words(part)]
            case Heading():
                found.append(block.text)
            case Quotation():
                found += [block.words, block.passage, block.label or ""]
            case EditorNote():
                found += [block.text, block.source, block.dated]
            case Listing():
                found += [words for item in block.items for part in item for words in _inline_words(part)]
            case Picture():
                found.append(block.alt)
    return found


def _inline_words(part: Inline) -> list[str]:
    match part:
        case str():
            return [part]
        case Strong() | Code():
            return [part.text]
        case Link():
            return [part.text, part.url]
        case _:
            return []


@pytest.mark.parametrize("kind", ["text", "integer", "boolean", "choice", "date", "zone", "channel", "person", "role",
                                  "file"])  # fmt: skip
@pytest.mark.parametrize("required", [True, False])
def test_every_kind_of_question_makes_a_lawful_modal(kind: OptionKind, required: bool) -> None:
    choices = (Choice("Short", "short"), Choice("Whole", "whole")) if kind == "choice" else ()
    defaults: dict[str, str | bool] = {
        "choice": "short",
        "boolean": True,
        "text": "given",
        "date": "2027-06-22",
    }
    default = defaults.get(kind)
    field = Option("the-name", "What it is", kind, required, choices, default=default)
    form = Form("A rather long title of a form", "brief show", (field,), key="form:1")
    view = modal(form, "{}")
    refuse_view(view, "modal")
    (asked,) = view["blocks"]
    assert (asked["block_id"], asked["element"]["action_id"], asked["optional"]) == (
        "the-name",
        "the-name",
        not required,
    )
    assert (asked["label"]["text"], asked["hint"]["text"]) == ("The name", "What it is")


def test_suggestions_are_lawful_whatever_their_length() -> None:
    many = [Choice("x" * 200, f"value-{number}") for number in range(130)]
    offered = options([Choice("too long", "v" * 151), Choice("twice", "value-0"), *many])
    refuse_suggestions({"options": offered})
    assert len(offered) == 100


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("follow <@U1|alice> in <#C1|general>", "follow slack:T1/U1 in slack:T1/C1"),
        ("digest ping=<!subteam^S1|@editors>", "digest ping=usergroup:S1"),
        ("show <https://x.y/a?b=1&amp;c=2|x.y>", "show https://x.y/a?b=1&c=2"),
        ("search &lt;@U1&gt; &amp;amp; “peace”", "search <@U1> &amp; “peace”"),
        ("say <!channel> to <mailto:a@b.c|a@b.c>", "say @channel to a@b.c"),
    ],
)
def test_slacks_escapes_are_read(typed: str, read: str) -> None:
    assert normalised(typed, "T1") == read
    assert line(SLASH | {"text": typed}) == f"/brief {read}"


def test_a_root_alone_is_a_line_of_its_own() -> None:
    assert line(SLASH) == "/brief"


def test_a_press_says_where_and_what() -> None:
    payload: dict[str, Any] = {
        "type": "block_actions", "user": {"id": "U1", "username": "alice", "team_id": "T1"}, "team": None,
        "container": {"type": "message", "message_ts": "2.0", "channel_id": "C1", "thread_ts": "1.0"},
        "channel": {"id": "C1", "name": "general"}, "trigger_id": "9.9", "response_url": "https://hooks.slack.com/2",
        "actions": [{"action_id": "page:abc|key", "type": "button"}],
    }  # fmt: skip
    key, call = press_call(payload, NOON)
    assert (key, str(call.place), call.request, call.caller.name) == (
        "page:abc",
        "slack:T1/C1/1.0",
        "slack:9.9",
        "alice",
    )
    payload["container"]["thread_ts"] = "2.0"
    assert origin(payload).thread == ""
    assert not origin(payload).replaceable


def test_a_submitted_form_brings_its_place_and_typed_answers() -> None:
    asked = Origin("T1", "U1", "C1", "", "https://hooks.slack.com/1")
    kept = metadata(ASK_PASSAGE, asked)
    values = {
        "a": {"a": {"type": "plain_text_input", "value": " words "}},
        "b": {"b": {"type": "static_select", "selected_option": {"value": "short"}}},
        "c": {"c": {"type": "conversations_select", "selected_conversation": "C2"}},
        "d": {"d": {"type": "users_select", "selected_user": "U2"}},
        "e": {"e": {"type": "datepicker", "selected_date": "2027-06-22"}},
        "f": {"f": {"type": "plain_text_input", "value": None}},
        "g": {"g": {"type": "external_select", "selected_option": None}},
    }
    view = {"callback_id": "form:1", "private_metadata": kept, "state": {"values": values}}
    payload = {
        "type": "view_submission",
        "user": {"id": "U1"},
        "team": {"id": "T1"},
        "view": view,
        "trigger_id": "3",
    }
    key, call = form_call(payload, NOON)
    assert (key, call.place) == ("form:1", destination("slack:T1/C1"))
    assert call.options == {
        "a": "words", "b": "short", "c": "slack:T1/C2", "d": "slack:T1/U2", "e": "2027-06-22",
    }  # fmt: skip
    assert origin(payload).response_url == "https://hooks.slack.com/1"


def test_a_completion_knows_what_was_given_before() -> None:
    form = Form("Show", "brief show", (), preset=(("view", "short"),), key="form:1")
    view = {
        "callback_id": "form:1",
        "private_metadata": metadata(form, Origin("T1", "U1", "C1")),
        "state": {"values": {}},
    }
    payload = {
        "type": "block_suggestion", "user": {"id": "U1"}, "team": {"id": "T1"}, "view": view,
        "action_id": "passage", "block_id": "passage", "value": "dia",
    }  # fmt: skip
    call, option, partial = completion(payload, NOON)
    assert (call.command, call.options, option, partial) == (
        "brief show",
        {"view": "short"},
        "passage",
        "dia",
    )
    assert request_id(payload) == ""


def test_a_preset_that_is_too_long_for_slack_is_left_to_the_key() -> None:
    form = Form("Show", "brief show", (), preset=(("words", "x" * 4000),))
    kept = metadata(form, Origin("T1", "U1", "C1"))
    assert len(kept) <= 3000
    assert "preset" not in json.loads(kept)


@pytest.mark.parametrize("socket_mode", [True, False])
def test_the_manifest_is_what_slack_takes(socket_mode: bool) -> None:
    made = manifest(
        COMMANDS, socket_mode=socket_mode, public_url=None if socket_mode else "https://bot.example.org/"
    )
    validate_manifest(made)
    listed = made["features"]["slash_commands"]
    assert [each["command"] for each in listed] == [
        "/brief",
        "/brief-admin",
        "/dprk-demands",
        "/japan-rok-outlook",
    ]
    assert all(each["should_escape"] for each in listed)
    assert made["settings"]["socket_mode_enabled"] is socket_mode
    url = None if socket_mode else "https://bot.example.org/slack/events"
    assert made["settings"]["interactivity"].get("request_url") == url
    assert {each.get("url") for each in listed} == {url}
    assert {"channels:history", "im:history", "files:write", "usergroups:read", "chat:write.public"} <= set(
        made["oauth_config"]["scopes"]["bot"]
    )


def test_http_mode_needs_an_address() -> None:
    with pytest.raises(
        ValueError, match="HTTP mode needs PUBLIC_URL, the address at which Slack reaches this bot"
    ):
        manifest(COMMANDS, socket_mode=False, public_url=None)


def test_more_topics_than_slack_takes_leave_the_roots_and_say_so(caplog: pytest.LogCaptureFixture) -> None:
    topics = [Command(f"topic-{number}", "A topic", COMMANDS[0].handler) for number in range(60)]
    made = manifest([*topics, *COMMANDS[2:]], socket_mode=True, public_url=None)
    validate_manifest(made)
    names = [each["command"] for each in made["features"]["slash_commands"]]
    assert (len(names), names[:3], names[-1]) == (50, ["/brief", "/brief-admin", "/topic-0"], "/topic-47")
    assert (
        "Slack takes 50 commands; these answer as /brief topic NAME only: /topic-48, /topic-49" in caplog.text
    )


def test_a_name_that_slack_does_not_take_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    odd = Command("a-topic-whose-name-is-much-too-long", "A topic", COMMANDS[0].handler)
    assert remembered([odd, *COMMANDS]) == remembered(COMMANDS)
    manifest([odd], socket_mode=True, public_url=None)
    assert "it answers as /brief topic a-topic-whose-name-is-much-too-long" in caplog.text


def test_a_manifest_is_behind_when_its_commands_differ() -> None:
    assert behind(None, COMMANDS) is None
    assert behind(remembered(COMMANDS), COMMANDS) is None
    assert behind(remembered(COMMANDS[1:]) + " /old", COMMANDS) == Behind(("/dprk-demands",), ("/old",))
