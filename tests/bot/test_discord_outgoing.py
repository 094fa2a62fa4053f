"""Replies, forms and commands as Discord payloads: every limit kept, no word lost."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_adapter import layout
from bot.discord_adapter.incoming import command_call, form_call, press_call, replaceable
from bot.discord_adapter.listing import SIZE, digest, invite_link, listing, size
from bot.discord_adapter.markup import escape, inline
from bot.discord_adapter.modals import modal
from bot.discord_adapter.outgoing import Outgoing, message, replacing, suggestions
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
from tests.fronts import ASK_PASSAGE, COMMANDS
from tests.peers.discord_peer.command_rules import COMMAND_RULES, LIST_RULES
from tests.peers.discord_peer.component_rules import MODAL
from tests.peers.discord_peer.message_rules import refuse_message
from tests.peers.discord_peer.rules import refuse
from tests.peers.discord_peer.state import Upload

NOON = datetime(2026, 12, 18, 12, tzinfo=UTC)


def description(*blocks: Block) -> str:
    return str(message(Reply(title="T", blocks=blocks)).payload["embeds"][0]["description"])


def lawful(made: Outgoing) -> None:
    """Raise what Discord would answer."""
    refuse_message(made.payload, {str(at): Upload(name, data) for at, (name, data) in enumerate(made.files)})


def shown(made: Outgoing) -> str:
    """Every word a person can read, markup taken off, attached text included."""
    parts = [made.payload.get("content", "")]
    for embed in made.payload["embeds"]:
        parts += [
            embed.get("title", ""),
            embed.get("description", ""),
            embed.get("footer", {}).get("text", ""),
        ]
    parts += [each["description"] for each in made.payload.get("attachments", ())]
    parts += [data.decode() for name, data in made.files if name == "answer.md"]
    return plain("\n".join(parts))


def plain(words: str) -> str:
    """The characters that are neither blank nor possibly markup; markup adds some and takes none away."""
    return re.sub(r"[\s\\*_~`|<>\[\]#+\-.():]+", "", words)


@pytest.mark.parametrize(
    ("written", "escaped"),
    [
        ("Kim's *plan* _now_ ~~old~~", r"Kim's \*plan\* \_now\_ \~\~old\~\~"),
        ("`code` ||secret|| [a](https://b.c)", r"\`code\` \|\|secret\|\| \[a](https\://b.c)"),
        ("<@1> <@&2> <#3> <t:1:R> <:x:4> </brief:5>", r"\<@1> \<@&2> \<#3> \<t\:1:R> \<\:x:4> \</brief:5>"),
        (
            "# big\n## b\n-# small\n> quote\n- item\n1. one",
            "\\# big\n\\## b\n\\-# small\n\\> quote\n\\- item\n1\\. one",
        ),
        (":tada: at 9:30 see http://x.y/a_b", r"\:tada: at 9:30 see http\://x.y/a\_b"),
        ("C:\\temp", "C:\\\\temp"),
    ],
)
def test_plain_text_is_shown_as_it_stands(written: str, escaped: str) -> None:
    assert escape(written) == escaped


@pytest.mark.parametrize(
    ("part", "written"),
    [
        (Instant(NOON), "<t:1797595200:f>"),
        (Instant(NOON, "date"), "<t:1797595200:D>"),
        (Instant(NOON, "time"), "<t:1797595200:t>"),
        (Instant(NOON, "relative"), "<t:1797595200:R>"),
        (Strong("due *now*"), r"**due \*now\***"),
        (Code("/brief show dialogue-1"), "`/brief show dialogue-1`"),
        (Code("a`b"), r"a\`b"),
        (Link("the ruling", "https://x.y/a(1)"), "[the ruling](https://x.y/a%281%29)"),
        (Link("[1]", "https://x.y"), r"[\[1\]](https://x.y)"),
        (Link("odd", "javascript:alert(1)"), "odd (javascript:alert(1))"),
        (Mention("role:12", "Team"), "<@&12>"),
        (Mention("person:34", "Ann"), "<@34>"),
        (Mention("usergroup:S1", "Team"), "Team"),
    ],
)
def test_inline_parts_become_discords_markup(part: Inline, written: str) -> None:
    assert inline(part) == written


def test_a_quote_stands_in_a_block_with_its_place_and_its_answer_in_bold() -> None:
    quote = Quotation("Kim would likely demand", "dialogue-1", "Dialogue", (4, 16), "Demands")
    assert description(quote) == "**Demands**\n> Kim **would likely** demand\n> *dialogue-1 · Dialogue*"


def test_an_editors_note_is_marked_and_stands_apart_in_another_colour() -> None:
    note = EditorNote("erratum", "December 3, 2024", "The decree fell on December 3.", "https://x.y/a_b?c=*")
    reply = Reply(title="T", blocks=(Quotation("On 4 December", "law-1", "Law"), note, Prose(text("After"))))
    quoted, noted, after = message(reply).payload["embeds"]
    assert noted["description"] == (
        "**Editor's note · erratum · December 3, 2024**\nThe decree fell on December 3.\n"
        "Source: https://x.y/a_b?c=*"
    )
    assert noted["color"] == layout.AMBER
    assert quoted["color"] == after["color"] == layout.BLUE


def test_lists_and_headings_stand_in_order() -> None:
    items = (text("one ", Strong("now")), text("two"))
    assert description(Heading("Next"), Listing(items)) == "**Next**\n\n- one **now**\n- two"
    assert description(Listing(items, ordered=True)) == "1. one **now**\n2. two"


def test_a_picture_is_attached_with_its_words_and_longer_words_stand_in_the_text() -> None:
    alt = "a" * 1024 + "the rest"
    made = message(Reply(title="T", blocks=(Picture("Year 2026.png", b"png", alt), Picture("b", b"2", "B"))))
    assert made.payload["attachments"] == [
        {"id": "0", "filename": "Year-2026.png", "description": "a" * 1024},
        {"id": "1", "filename": "b-2.png", "description": "B"},
    ]
    first, second = made.payload["embeds"]
    assert first["description"] == "the rest"
    assert first["image"] == {"url": "attachment://Year-2026.png"}
    assert second["image"] == {"url": "attachment://b-2.png"}
    assert made.files == (("Year-2026.png", b"png"), ("b-2.png", b"2"))


def test_a_picture_whose_words_stand_beside_it_keeps_whole_lines_of_them_as_its_description() -> None:
    lines = [f"{number}: " + "x" * 90 for number in range(20)]
    listed = Listing(tuple(text(line) for line in lines))
    picture = Picture("chart", b"png", "\n".join(lines), told="The list has the rest.")
    payload = message(Reply("T", (picture, listed))).payload
    described = payload["attachments"][0]["description"].split("\n")
    assert described == [*lines[:10], "The list has the rest."]
    assert [embed.get("description", "").count("0: x") for embed in payload["embeds"]] == [0, 2]


def test_the_footer_tells_the_page() -> None:
    assert message(Reply(title="T", footer="as of May", page=2, pages=3)).payload["embeds"][0]["footer"] == {
        "text": "as of May · page 2 of 3"
    }


def test_nobody_is_notified_but_whom_a_mention_names() -> None:
    reply = Reply(
        title="@everyone", blocks=(Prose(text("<@1> ", Mention("role:2", "T"), Mention("person:3", "P"))),)
    )
    payload = message(reply, "key1").payload
    assert payload["allowed_mentions"] == {"parse": [], "roles": ["2"], "users": ["3"]}
    assert payload["content"] == "<@&2> <@3> @everyone"
    assert message(Reply(title="T")).payload["allowed_mentions"] == {"parse": []}


def test_a_deliverys_key_is_behind_each_button_and_on_one_of_its_own_where_there_is_none() -> None:
    press = Press("open", "brief show")
    actions = (Action("Source", press, "open:a"), Action("Drop", press, "open:b", "danger"))
    buttons = message(Reply(title="T", actions=actions), "k1").payload["components"][0]["components"]
    assert [button["custom_id"] for button in buttons] == ["open:a|k1", "open:b|k1"]
    assert [button["style"] for button in buttons] == [2, 4]
    assert press_call(_component("open:a|k1"), NOON)[0] == "open:a"
    (lone,) = message(Reply(title="T"), "k1").payload["components"][0]["components"]
    assert (lone["label"], lone["custom_id"]) == ("What arrives here", "about|k1")
    assert press_call(_component(lone["custom_id"]), NOON)[1].command == "brief subscriptions"
    long = (Action("Long", press, "open:" + "x" * 95),)
    assert [
        button["custom_id"][-8:]
        for button in message(Reply(title="T", actions=long), "k1").payload["components"][0]["components"]
    ] == ["xxxxxxxx", "about|k1"]


def test_a_replacement_empties_what_it_does_not_have() -> None:
    payload = replacing(Reply(title="T")).payload
    assert (payload["content"], payload["attachments"], payload["components"]) == ("", [], [])


def test_what_no_message_holds_is_attached_as_a_file() -> None:
    made = message(
        Reply(title="The whole section", blocks=(Prose(text("word " * 4000)),), footer="as of May")
    )
    lawful(made)
    assert made.payload["embeds"][0]["description"] == (
        "This answer is longer than Discord shows; the whole of it is in the attached file answer.md."
    )
    assert made.files[0][1].decode().count("word") == 4000


def test_a_long_paragraph_is_cut_between_words_and_never_behind_a_backslash() -> None:
    words = "*two * " * 800
    embeds = message(Reply(title="T", blocks=(Prose(text(words[:2400])),))).payload["embeds"]
    joined = "".join(embed["description"] for embed in embeds)
    assert all(len(embed["description"]) <= 4096 for embed in embeds)
    assert plain(joined) == plain(words[:2400])
    assert not re.search(r"(^|[^\\])\*", joined)


PARTS = st.text("ab*_\\`~|<>[]#-:. \n1&한", max_size=700)
WORDS = PARTS.filter(lambda words: bool(words.strip()))
INLINES: st.SearchStrategy[Inline] = st.one_of(
    PARTS, WORDS.map(Strong), WORDS.map(Code), st.just(Instant(NOON)), st.just(Mention("role:12", "Team")),
    st.builds(Link, WORDS, st.just("https://example.org/a_b")),
)  # fmt: skip
TEXTS = st.lists(INLINES, max_size=4).map(tuple)
SPANS = st.one_of(st.none(), st.tuples(st.integers(0, 300), st.integers(300, 700)))
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Prose, TEXTS),
    st.builds(Heading, WORDS),
    st.builds(
        Quotation, WORDS, WORDS.map(lambda w: w[:40]), WORDS.map(lambda w: w[:80]), SPANS, st.none() | WORDS
    ),
    st.builds(EditorNote, st.just("comment"), st.just("May 1, 2026"), WORDS, WORDS),
    st.builds(Listing, st.lists(TEXTS, max_size=6).map(tuple), st.booleans()),
    st.builds(Picture, WORDS, st.just(b"png"), WORDS),
)
REPLIES = st.builds(
    Reply,
    title=PARTS,
    blocks=st.lists(BLOCKS, max_size=16).map(tuple),
    actions=st.lists(
        st.builds(Action, WORDS, st.just(Press("open", "x")), st.integers(0, 40).map(lambda n: f"open:{n}")),
        max_size=20,
    ).map(tuple),
    files=st.lists(st.builds(File, st.just("a.ics"), st.just(b"x"), WORDS), max_size=3).map(tuple),
    footer=PARTS,
    summary=PARTS,
)


def told(reply: Reply) -> list[str]:
    """The words that a reply is made of."""
    found = [reply.title, reply.footer]
    for block in reply.blocks:
        match block:
            case Prose():
                found += [_said(part) for part in block.text]
            case Heading():
                found.append(block.text)
            case Quotation():
                found += [block.label or "", block.words, block.passage, block.heading]
            case EditorNote():
                found += [block.kind, block.dated, block.text, block.source]
            case Listing():
                found += [_said(part) for item in block.items for part in item]
            case Picture():
                found.append(block.alt)
    return found


def _said(part: Inline) -> str:
    match part:
        case str():
            return part
        case Strong() | Code() | Link():
            return part.text
    return ""


@settings(max_examples=150, deadline=None)
@given(REPLIES, st.sampled_from(["", "abcdefgh12345678"]))
def test_any_page_of_any_reply_keeps_every_limit_and_every_word(reply: Reply, key: str) -> None:
    for page in paginate(reply):
        made = message(page, key)
        lawful(made)
        visible = shown(made)
        for words in told(page):
            assert plain(words) in visible


@pytest.mark.parametrize("character", ["*", "\\", "\n", "<", "한", "a\n", "*\n"])
def test_a_full_page_of_the_worst_character_is_shown_whole(character: str) -> None:
    words = (character * 1500)[:1450] + "end"
    quote = Quotation(words, "p-1", "H", (0, len(words)), "L")
    made = message(Reply(title=character * 200, blocks=(quote,), footer="f" * 300), "k1")
    lawful(made)
    assert shown(made).count(plain(words)) >= 1


def test_a_form_becomes_labels_with_inputs() -> None:
    shown_form = modal(ASK_PASSAGE)
    refuse(MODAL, shown_form)
    passage, view, reason = shown_form["components"]
    assert passage["label"] == "Passage"
    assert passage["description"] == "Its id, for example dialogue-1"
    assert (passage["component"]["type"], passage["component"]["style"]) == (4, 1)
    assert passage["component"]["required"] is True
    assert [each["value"] for each in view["component"]["options"]] == ["short", "whole"]
    assert (view["component"]["min_values"], reason["component"]["style"]) == (0, 2)


def test_every_kind_of_field_has_an_input_and_its_answer_comes_back() -> None:
    kinds: tuple[OptionKind, ...] = (
        "channel",
        "person",
        "role",
        "file",
        "boolean",
        "date",
        "zone",
        "integer",
        "text",
        "choice",
    )
    types = []
    for kind in kinds:
        option = Option("it", "D", kind, True, (Choice("A", "a"),) if kind == "choice" else (), default="a")
        made = modal(Form("T", "c", (option,), key="form:1"))
        refuse(MODAL, made)
        types.append(int(made["components"][0]["component"]["type"]))
    assert types == [8, 5, 6, 19, 3, 4, 4, 4, 4, 3]
    answers = [(8, ["7"]), (5, ["8"]), (6, ["9"]), (3, ["a"])]
    values = [form_call(_submitted(kind, given), NOON)[1].options["it"] for kind, given in answers]
    assert values == ["discord:1/7", "discord:8", "role:9", "a"]


def test_a_form_that_no_modal_holds_is_an_error() -> None:
    with pytest.raises(ValueError, match="a modal holds 1 to 5 fields, and the form 'T' has 6"):
        modal(Form("T", "c", tuple(Option(f"f{n}", "D") for n in range(6)), key="k"))


def test_commands_are_listed_as_discord_takes_them() -> None:
    listed = listing(COMMANDS)
    for command in listed:
        refuse(COMMAND_RULES, command)
    refuse(LIST_RULES, listed)
    by_name = {command["name"]: command for command in listed}
    assert by_name["dprk-demands"]["contexts"] == [0, 1, 2]
    assert by_name["dprk-demands"]["integration_types"] == [0, 1]
    admin = by_name["brief-admin"]
    assert (admin["contexts"], admin["integration_types"]) == ([0, 1], [0])
    assert admin["default_member_permissions"] == 32
    show = by_name["brief"]["options"][0]
    assert [(option["name"], option["required"]) for option in show["options"]] == [
        ("passage", False),  # its form asks for it
        ("view", False),
    ]
    assert show["options"][0]["autocomplete"] is True
    assert show["options"][1]["choices"][0] == {"name": "Short", "value": "short"}
    digest_options = {option["name"]: option for option in admin["options"][0]["options"]}
    assert {name: int(option["type"]) for name, option in digest_options.items()} == {
        "channel": 7, "zone": 3, "ping": 8,
    }  # fmt: skip
    assert digest_options["channel"]["channel_types"] == [0, 5, 10, 11, 12]
    assert digest_options["zone"]["autocomplete"] is True
    assert int(admin["options"][1]["options"][0]["type"]) == 11


def test_the_lists_hash_changes_exactly_with_the_list() -> None:
    assert digest(listing(COMMANDS)) == digest(listing(COMMANDS))
    assert digest(listing(COMMANDS)) != digest(listing(COMMANDS[1:]))


def test_what_discord_has_no_room_for_is_left_out_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    handler = COMMANDS[0].handler
    many = [Command(f"topic-{n}", "T", handler) for n in range(120)] + [Command("Über Topic", "T", handler)]
    rooted = [Command(f"brief c{n}", "S" * 100, handler, _options(n)) for n in range(30)]
    listed = listing([*many, *rooted])
    assert len(listed) == 100
    assert listed[0]["name"] == "brief"
    assert len(listed[0]["options"]) == 25
    assert size(listed[0]) <= SIZE
    for command in listed:
        refuse(COMMAND_RULES, command)
    assert "Discord takes 25 subcommands of /brief; left out: /brief c25" in caplog.text
    assert "Discord takes 100 commands; these are left out: topic-99" in caplog.text
    assert "/brief is too large for Discord" in caplog.text


def test_the_invite_link_asks_for_what_deliveries_need() -> None:
    assert invite_link("42") == (
        "https://discord.com/oauth2/authorize?client_id=42&scope=bot+applications.commands"
        f"&permissions={(1 << 10) | (1 << 11) | (1 << 14) | (1 << 15) | (1 << 16) | (1 << 38)}"
    )


def test_completions_that_discord_would_refuse_are_left_out() -> None:
    offered = [Choice("", "a"), Choice("B" * 120, "b"), Choice("C", "c" * 101), Choice("D", "")]
    assert suggestions(offered) == [{"name": "a", "value": "a"}, {"name": "B" * 99 + "…", "value": "b"}]
    assert suggestions([Choice("seven", "7"), Choice("x", "x")], numbers=True) == [
        {"name": "seven", "value": 7}
    ]


def test_a_mentionable_is_a_role_or_a_person() -> None:
    data: dict[str, Any] = {
        "name": "brief",
        "resolved": {"roles": {"5": {}}},
        "options": [
            {"name": "g", "type": 2, "options": [{"name": "c", "type": 1, "options": [
                {"name": "a", "type": 9, "value": "5"}, {"name": "b", "type": 9, "value": "6"},
            ]}]},
        ],
    }  # fmt: skip
    call = command_call(_payload(2, data), NOON)
    assert call.command == "brief g c"
    assert call.options == {"a": "role:5", "b": "discord:6"}


def test_only_a_message_that_the_presser_alone_sees_may_be_replaced() -> None:
    pressed = _component("page:a") | {"message": {"flags": 0}}
    assert not replaceable(pressed)
    assert replaceable(pressed | {"message": {"flags": 64}})
    direct = {name: value for name, value in pressed.items() if name != "guild_id"}
    assert replaceable(direct | {"context": 1})
    assert not replaceable(direct | {"context": 2})
    assert not replaceable(_component("page:a"))


def _options(number: int) -> tuple[Option, ...]:
    return tuple(Option(f"option-{number}-{at}", "D" * 100) for at in range(5))


def _payload(kind: int, data: dict[str, Any]) -> dict[str, Any]:
    user = {"id": "8", "username": "ann", "global_name": None}
    member = {"user": user, "nick": None, "permissions": "0"}
    return {"id": "3", "type": kind, "data": data, "guild_id": "1", "channel_id": "2", "member": member}


def _component(custom_id: str) -> dict[str, Any]:
    return _payload(3, {"custom_id": custom_id, "component_type": 2})


def _submitted(kind: int, values: list[str]) -> dict[str, Any]:
    part = {"type": kind, "custom_id": "it", "values": values}
    return _payload(5, {"custom_id": "form:1", "components": [{"type": 18, "component": part}]})
