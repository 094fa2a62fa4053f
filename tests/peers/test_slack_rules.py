"""Every row of the loopback Slack's tables, broken once, with the numbers written out here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pytest

from .slack_peer.block_rules import BLOCK_RULES
from .slack_peer.block_shapes import SHAPES
from .slack_peer.errors import ApiError, Json
from .slack_peer.manifest_rules import MANIFEST_RULES, validate_manifest
from .slack_peer.manifest_rules import SHAPES as MANIFEST_SHAPES
from .slack_peer.mentions import notified
from .slack_peer.message_rules import refuse_content, refuse_metadata, refuse_update
from .slack_peer.rules import Field, Shape
from .slack_peer.view_rules import VIEW_RULES, refuse_submission_ack, refuse_suggestions, refuse_view
from .slack_peer.world import UserGroup


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(number: int = 0, **more: Any) -> Json:
    return {"text": plain(f"Option {number}"), "value": str(number), **more}


def options(count: int) -> list[Json]:
    return [option(number) for number in range(count)]


def button(number: int = 0) -> Json:
    return {"type": "button", "text": plain(), "action_id": f"b{number}"}


def image() -> Json:
    return {"type": "image", "alt_text": "a map", "image_url": "https://example.test/map.png"}


def dialog() -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": [section()], **more}


def entry(element: Json) -> Json:
    return {"type": "input", "label": plain(), "element": element}


# The smallest valid object of every shape
SMALLEST: dict[str, Json] = {
    "section": section(),
    "header": {"type": "header", "text": plain()},
    "divider": {"type": "divider"},
    "context": {"type": "context", "elements": [mrkdwn()]},
    "actions": {"type": "actions", "elements": [button()]},
    "block:image": image(),
    "input": entry({"type": "plain_text_input", "action_id": "a"}),
    "markdown": {"type": "markdown", "text": "x"},
    "rich_text": {"type": "rich_text", "elements": []},
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
    "video": {
        "type": "video",
        "alt_text": "x",
        "title": plain(),
        "thumbnail_url": "https://a.test",
        "video_url": "https://a.test",
    },
    "button": button(),
    "overflow": {"type": "overflow", "action_id": "a", "options": options(1)},
    "static_select": {"type": "static_select", "action_id": "a", "options": options(1)},
    "multi_static_select": {"type": "multi_static_select", "action_id": "a", "options": options(1)},
    "checkboxes": {"type": "checkboxes", "action_id": "a", "options": options(1)},
    "radio_buttons": {"type": "radio_buttons", "action_id": "a", "options": options(1)},
    "number_input": {"type": "number_input", "action_id": "a", "is_decimal_allowed": False},
    "element:image": image(),
    "plain_text": plain(),
    "mrkdwn": mrkdwn(),
    "option": option(),
    "rich_option": option(),
    "option_group": {"label": plain(), "options": options(1)},
    "confirm": dialog(),
    "slack_file": {"url": "h"},
    "modal": modal(),
    "home": {"type": "home", "blocks": []},
} | {
    name: {"type": name, "action_id": "a"}
    for name in (
        "external_select", "multi_external_select", "users_select", "multi_users_select", "channels_select",
        "multi_channels_select", "conversations_select", "multi_conversations_select", "datepicker",
        "timepicker", "datetimepicker", "plain_text_input", "email_text_input", "url_text_input", "file_input",
    )
}  # fmt: skip

BLOCKS = {"section", "header", "divider", "context", "actions", "block:image", "input", "markdown", "rich_text",
          "table", "video"}  # fmt: skip
IN_INPUT = {"plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input",
            "datetimepicker"}  # fmt: skip
WRAPPED: dict[str, Callable[[Json], Json]] = {
    "element:image": lambda found: {"type": "context", "elements": [found]},
    "plain_text": lambda found: {"type": "header", "text": found},
    "mrkdwn": lambda found: section(text=found),
    "option": lambda found: section(accessory=SMALLEST["static_select"] | {"options": [found]}),
    "rich_option": lambda found: section(accessory=SMALLEST["checkboxes"] | {"options": [found]}),
    "option_group": lambda found: section(
        accessory={"type": "static_select", "action_id": "a", "option_groups": [found]}
    ),
    "confirm": lambda found: section(accessory=button() | {"confirm": found}),
    "slack_file": lambda found: {"type": "image", "alt_text": "x", "slack_file": found},
}


def check(shape: str, value: Json) -> None:
    """Send an object of this shape where it may stand; raises ApiError where it is refused."""
    if shape in ("modal", "home"):
        refuse_view(value, shape)
    elif shape in BLOCKS:
        refuse_content({"blocks": [value]})
    elif shape in WRAPPED:
        refuse_content({"blocks": [WRAPPED[shape](value)]})
    elif shape in IN_INPUT:
        refuse_view(modal(blocks=[entry(value)]), "modal")
    else:
        refuse_content({"blocks": [section(accessory=value)]})


def refusal(act: Callable[[], object]) -> ApiError:
    with pytest.raises(ApiError) as raised:
        act()
    return raised.value


class Limit(NamedTuple):
    """A key of a shape, a value at its limit, a value beyond it."""

    shape: str
    key: str
    good: Any
    bad: Any


def ids(key: str) -> list[Limit]:
    return [Limit(name, key, "i" * 255, "i" * 256) for name, shape in SHAPES.items() if key in shape.fields]


def texts(shape: str, key: str, high: int, make: Callable[[str], Any] = plain) -> list[Limit]:
    return [
        Limit(shape, key, make("x" * high), make("x" * (high + 1))),
        Limit(shape, key, make("x"), make("")),
    ]


def words(shape: str, key: str, high: int) -> Limit:
    return Limit(shape, key, "x" * high, "x" * (high + 1))


SELECTS = [name for name, shape in SHAPES.items() if "placeholder" in shape.fields]
LIMITS: list[Limit] = [
    *ids("block_id"),
    *ids("action_id"),
    *texts("section", "text", 3000, mrkdwn),
    Limit("section", "fields", [mrkdwn()] * 10, [mrkdwn()] * 11),
    Limit("section", "fields", [mrkdwn("x" * 2000)], [mrkdwn("x" * 2001)]),
    *texts("header", "text", 150),
    Limit("context", "elements", [mrkdwn()] * 10, [mrkdwn()] * 11),
    Limit("context", "elements", [mrkdwn()], []),
    Limit("actions", "elements", [button(n) for n in range(25)], [button(n) for n in range(26)]),
    Limit("block:image", "alt_text", "x" * 2000, "x" * 2001),
    Limit("block:image", "alt_text", "x", ""),
    Limit("block:image", "image_url", "h" * 3000, "h" * 3001),
    *texts("block:image", "title", 2000),
    *texts("input", "label", 2000),
    *texts("input", "hint", 2000),
    Limit("markdown", "text", "x" * 12_000, "x" * 12_001),
    Limit("table", "rows", [[]] * 100, [[]] * 101),
    Limit("table", "column_settings", [None] * 20, [None] * 21),
    words("video", "alt_text", 2000),
    *texts("video", "title", 200),
    words("video", "thumbnail_url", 3000),
    words("video", "video_url", 3000),
    words("video", "author_name", 50),
    Limit("video", "description", plain("x" * 200), plain("x" * 201)),
    *texts("button", "text", 75),
    Limit("button", "url", "h" * 3000, "h" * 3001),
    Limit("button", "value", "v" * 2000, "v" * 2001),
    Limit("button", "value", "v", ""),
    Limit("button", "style", "primary", "secondary"),
    Limit("button", "accessibility_label", "x" * 75, "x" * 76),
    Limit("overflow", "options", options(5), options(6)),
    Limit("checkboxes", "options", options(10), options(11)),
    Limit("radio_buttons", "options", options(10), options(11)),
    Limit("checkboxes", "initial_options", [option()], []),
    Limit("static_select", "options", options(100), options(101)),
    Limit("multi_static_select", "options", options(100), options(101)),
    Limit("multi_static_select", "initial_options", [option()], []),
    Limit("multi_external_select", "initial_options", [option()], []),
    *(row for name in SELECTS for row in texts(name, "placeholder", 150)),
    *(Limit(name, "max_selected_items", 1, 0) for name in SHAPES if name.startswith("multi_")),
    Limit("external_select", "min_query_length", 0, -1),
    Limit("multi_external_select", "min_query_length", 0, -1),
    Limit("plain_text_input", "min_length", 3000, 3001),
    Limit("plain_text_input", "max_length", 3000, 3001),
    Limit("plain_text_input", "max_length", 1, 0),
    Limit("file_input", "max_files", 10, 11),
    Limit("slack_file", "url", "h" * 3000, "h" * 3001),
    Limit("element:image", "alt_text", "x" * 2000, "x" * 2001),
    Limit("element:image", "image_url", "h" * 3000, "h" * 3001),
    Limit("plain_text", "text", "x", ""),
    Limit("mrkdwn", "text", "x", ""),
    *texts("option", "text", 75),
    words("option", "value", 150),
    *texts("option", "description", 75),
    Limit("option", "url", "h" * 3000, "h" * 3001),
    *texts("rich_option", "text", 75, mrkdwn),
    words("rich_option", "value", 150),
    *texts("rich_option", "description", 75, mrkdwn),
    *texts("option_group", "label", 75),
    Limit("option_group", "options", options(100), options(101)),
    *texts("confirm", "title", 100),
    *texts("confirm", "text", 300, mrkdwn),
    *texts("confirm", "confirm", 30),
    *texts("confirm", "deny", 30),
    Limit("confirm", "style", "danger", "loud"),
    *texts("modal", "title", 24),
    *texts("modal", "submit", 24),
    *texts("modal", "close", 24),
    Limit("modal", "blocks", [section()] * 100, [section()] * 101),
    words("modal", "private_metadata", 3000),
    words("modal", "callback_id", 255),
    words("modal", "external_id", 255),
    Limit("home", "blocks", [section()] * 100, [section()] * 101),
    words("home", "private_metadata", 3000),
    words("home", "callback_id", 255),
    words("home", "external_id", 255),
]


def rows_of(shapes: dict[str, Shape]) -> set[tuple[str, str]]:
    return {
        (name, key)
        for name, shape in shapes.items()
        for key, field in shape.fields.items()
        if _limited(field)
    }


def _limited(field: Field) -> bool:
    return field.low is not None or field.high is not None or bool(field.one_of)


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: f"{row.shape}.{row.key}")
def test_a_key_is_taken_at_its_limit_and_refused_beyond(row: Limit) -> None:
    smallest = SMALLEST[row.shape]
    check(row.shape, smallest | {row.key: row.good})
    refused = refusal(lambda: check(row.shape, smallest | {row.key: row.bad}))
    assert refused.error == (
        "invalid_arguments" if row.shape in {"modal", "home", *IN_INPUT} else "invalid_blocks"
    )
    messages = refused.body["response_metadata"]["messages"]
    assert any(f"/{row.key}" in message for message in messages)
    assert all(message.startswith("[ERROR] ") for message in messages)


def test_every_limit_of_the_table_is_broken_here() -> None:
    # `option_groups` is broken in its own test: it excludes `options`
    apart = {("static_select", "option_groups"), ("multi_static_select", "option_groups")}
    assert rows_of(SHAPES) == {(row.shape, row.key) for row in LIMITS} | apart


@pytest.mark.parametrize("kind", ["static_select", "multi_static_select"])
def test_a_select_takes_100_groups_of_options(kind: str) -> None:
    select, group = {"type": kind, "action_id": "a"}, SMALLEST["option_group"]
    check(kind, select | {"option_groups": [group] * 100})
    refused = refusal(lambda: check(kind, select | {"option_groups": [group] * 101}))
    assert "no more than 100 items allowed" in refused.body["errors"][0]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_smallest_object_of_each_shape_is_taken_and_names_its_source(shape: str) -> None:
    check(shape, SMALLEST[shape])
    assert SHAPES[shape].source


@pytest.mark.parametrize("shape", SHAPES)
def test_an_unknown_key_is_refused_in_every_shape(shape: str) -> None:
    refused = refusal(lambda: check(shape, SMALLEST[shape] | {"colour": "red"}))
    assert "invalid additional property: colour" in refused.body["errors"][0]


@pytest.mark.parametrize(
    ("shape", "key"),
    [(name, key) for name, shape in SHAPES.items() for key, field in shape.fields.items() if field.required],
)
def test_a_required_key_is_missed(shape: str, key: str) -> None:
    value = {name: item for name, item in SMALLEST[shape].items() if name != key}
    refused = refusal(lambda: check(shape, value))
    assert any(f"missing required field: {key}" in message for message in refused.body["errors"])


@pytest.mark.parametrize("shape", ["file_input", "input", "markdown", "table"])
def test_a_shape_is_refused_where_it_may_not_stand(shape: str) -> None:
    value = SMALLEST[shape]
    if shape in ("markdown", "table"):
        refused = refusal(lambda: refuse_view(modal(blocks=[value]), "modal"))
    else:
        refused = refusal(lambda: refuse_content({"blocks": [section(accessory=value)]}))
    assert f"unsupported type: {shape}" in refused.body["errors"][0]


@pytest.mark.parametrize("wrong", [5, None, "text", [], {"type": "plain_text"}])
def test_a_text_object_of_the_wrong_form_is_refused(wrong: Any) -> None:
    assert (
        refusal(lambda: refuse_content({"blocks": [{"type": "header", "text": wrong}]})).error
        == "invalid_blocks"
    )


def test_mrkdwn_is_refused_where_plain_text_is_wanted() -> None:
    refused = refusal(lambda: refuse_content({"blocks": [{"type": "header", "text": mrkdwn()}]}))
    assert refused.body["errors"] == ["[ERROR] unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"]


# Bodies that break the rules which no single key can say, and the same mended
RULE_BREAKS: dict[str, tuple[list[Json], list[Json]]] = {
    "a section has text or fields": ([section()], [{"type": "section"}]),
    "a picture has one address": ([image()], [image() | {"slack_file": {"id": "F1"}}]),
    "a select has options or groups": (
        [section(accessory=SMALLEST["static_select"])],
        [section(accessory={"type": "static_select", "action_id": "a"})],
    ),
    "an initial option is offered": (
        [section(accessory=SMALLEST["static_select"] | {"initial_option": option(0)})],
        [section(accessory=SMALLEST["static_select"] | {"initial_option": option(7)})],
    ),
    "block_id is unique": (
        [section(block_id="a"), section(block_id="b")],
        [section(block_id="a"), section(block_id="a")],
    ),
    "action_id is unique in its block": (
        [{"type": "actions", "elements": [button(1)]}, {"type": "actions", "elements": [button(1)]}],
        [{"type": "actions", "elements": [button(1), button(1)]}],
    ),
    "markdown blocks in total": (
        [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * 6000}],
        [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * 6001}],
    ),
    "table columns and characters": (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 500}] * 20]}],
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}],
    ),
}


@pytest.mark.parametrize("rule", BLOCK_RULES, ids=lambda rule: rule.name)
def test_blocks_that_break_a_rule_are_refused(rule: Any) -> None:
    good, bad = RULE_BREAKS[rule.name]
    refuse_content({"blocks": good})
    assert refusal(lambda: refuse_content({"blocks": bad})).error == "invalid_blocks"
    assert list(rule.check(bad))
    assert not list(rule.check(good))
    assert rule.source


def test_a_message_holds_50_blocks() -> None:
    refuse_content({"blocks": [{"type": "divider"}] * 50})
    refused = refusal(lambda: refuse_content({"blocks": [{"type": "divider"}] * 51}))
    assert refused.body["errors"] == ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]


def test_blocks_beyond_12000_characters_in_all_are_too_long() -> None:
    refuse_content({"blocks": [section(text=mrkdwn("x" * 3000))] * 4})
    assert refusal(
        lambda: refuse_content({"blocks": [section(text=mrkdwn("x" * 3000))] * 4 + [section()]})
    ).body == {
        "ok": False,
        "error": "msg_blocks_too_long",
    }


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"markdown_text": "x", "text": "y"}, "markdown_text_conflict"),
        ({"markdown_text": "x", "blocks": [section()]}, "markdown_text_conflict"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"blocks": {"type": "section"}}, "invalid_blocks_format"),
        ({"blocks": [{"type": "marquee"}]}, "invalid_blocks"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"attachments": [{"blocks": [{"type": "section"}]}]}, "invalid_blocks"),
    ],
)
def test_content_that_slack_refuses(content: Json, error: str) -> None:
    assert refusal(lambda: refuse_content(content)).error == error


def test_an_update_holds_4000_bytes_of_text() -> None:
    refuse_update({"text": "é" * 2000})
    assert refusal(lambda: refuse_update({"text": "é" * 2000 + "x"})).error == "msg_too_long"
    assert refusal(lambda: refuse_update({})).error == "no_text"


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ("delivery", "invalid_metadata_format"),
        ({"event_type": "delivery"}, "invalid_metadata_format"),
        ({"event_type": 5, "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "has space", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "x" * 256, "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "delivery", "event_payload": []}, "invalid_metadata_schema"),
        ({"event_type": "delivery", "event_payload": {"a": None}}, "invalid_metadata_schema"),
        ({"event_type": "delivery", "event_payload": {"a": {"b": {"c": 1}}}}, "invalid_metadata_schema"),
    ],
)
def test_metadata_of_the_wrong_form_is_refused(metadata: Any, error: str) -> None:
    refuse_metadata(
        {"event_type": "delivery", "event_payload": {"key": "k", "list": [{"a": 1}], "at": {"b": True}}}
    )
    assert refusal(lambda: refuse_metadata(metadata)).error == error


@pytest.mark.parametrize("rule", VIEW_RULES, ids=lambda rule: rule.name)
def test_views_that_break_a_rule_are_refused(rule: Any) -> None:
    form = modal(blocks=[SMALLEST["input"]])
    bad = {
        "a modal with inputs has a submit": {key: form[key] for key in ("type", "title", "blocks")},
        "file_input stands in modals": {"type": "home", "blocks": [entry(SMALLEST["file_input"])]},
    }[rule.name]
    refuse_view(form, "modal")
    assert refusal(lambda: refuse_view(bad, bad["type"])).error == "invalid_arguments"
    assert list(rule.check(bad))


def test_a_view_holds_250_kb_and_is_of_the_kind_that_the_method_takes() -> None:
    block = section(text=mrkdwn("é" * 2500))
    assert refusal(lambda: refuse_view(modal(blocks=[block] * 60), "modal")).error == "view_too_large"
    assert refusal(lambda: refuse_view(modal(), "home")).error == "invalid_arguments"
    assert refusal(lambda: refuse_view(None, "modal")).error == "invalid_arguments"


@pytest.mark.parametrize(
    ("ack", "error"),
    [
        ({"response_action": "errors", "errors": {"nothing": "x"}}, "invalid_errors"),
        ({"response_action": "errors", "errors": {}}, "invalid_errors"),
        ({"response_action": "errors"}, "invalid_errors"),
        ({"response_action": "shout"}, "invalid_response_action"),
        ({"text": "thanks"}, "invalid_response_action"),
        ({"response_action": "update"}, "invalid_arguments"),
        ({"response_action": "push", "view": modal(title=plain("x" * 25))}, "invalid_arguments"),
    ],
)
def test_a_submission_is_answered_as_the_docs_say(ack: Json, error: str) -> None:
    view = modal(blocks=[SMALLEST["input"] | {"block_id": "name"}])
    for good in (
        None,
        {"response_action": "clear"},
        {"response_action": "errors", "errors": {"name": "Too short"}},
        {"response_action": "update", "view": modal()},
    ):
        refuse_submission_ack(good, view)
    assert refusal(lambda: refuse_submission_ack(ack, view)).error == error


@pytest.mark.parametrize(
    "ack",
    [
        None,
        {},
        {"options": options(101)},
        {"options": [option() | {"text": plain("x" * 76)}]},
        {"option_groups": [{"label": plain(), "options": options(101)}]},
        {"options": options(1), "option_groups": []},
    ],
)
def test_suggestions_beyond_a_select_are_refused(ack: Any) -> None:
    refuse_suggestions({"options": options(100)})
    refuse_suggestions({"options": []})
    assert refusal(lambda: refuse_suggestions(ack)).error == "invalid_options"


def slash(number: int = 0, **more: Any) -> Json:
    return {"command": f"/c{number}", "description": "What it does", **more}


def manifest(**features: Any) -> Json:
    found = {"bot_user": {"display_name": "Briefbot"}, "slash_commands": [slash()], **features}
    return {
        "display_information": {"name": "Briefbot"},
        "features": found,
        "oauth_config": {"scopes": {"bot": ["commands"]}},
        "settings": {"socket_mode_enabled": True},
    }


def about(**information: Any) -> Json:
    return manifest() | {"display_information": {"name": "Briefbot", **information}}


def shortcut(**more: Any) -> Json:
    return {"name": "Ask", "callback_id": "ask", "description": "Ask", "type": "global", **more}


def granted(bot: list[str], user: list[str] | None = None) -> Json:
    return manifest() | {"oauth_config": {"scopes": {"bot": bot, "user": user or []}}}


def subscribed(key: str, count: int) -> Json:
    events = [f"event_{number}" for number in range(count)]
    return manifest() | {"settings": {"socket_mode_enabled": True, "event_subscriptions": {key: events}}}


def commands(**more: Any) -> Json:
    return manifest(slash_commands=[slash(**more)])


def redirected(count: int) -> Json:
    return manifest() | {"oauth_config": {"redirect_urls": ["https://a.test"] * count}}


MANIFESTS: dict[tuple[str, str], list[tuple[Json, Json]]] = {
    ("display_information", "name"): [(about(name="n" * 35), about(name="n" * 36)), (about(), about(name=""))],
    ("display_information", "description"): [(about(description="d" * 140), about(description="d" * 141))],
    ("display_information", "long_description"): [
        (about(long_description="d" * 4000), about(long_description="d" * 4001)),
        (about(long_description="d" * 175), about(long_description="d" * 174)),
    ],
    ("bot_user", "display_name"): [
        (manifest(bot_user={"display_name": "b" * 80}), manifest(bot_user={"display_name": "b" * 81}))
    ],
    ("features", "shortcuts"): [(manifest(shortcuts=[shortcut()] * 10), manifest(shortcuts=[shortcut()] * 11))],
    ("shortcut", "name"): [
        (manifest(shortcuts=[shortcut(name="n" * 24)]), manifest(shortcuts=[shortcut(name="n" * 25)]))
    ],
    ("shortcut", "callback_id"): [
        (manifest(shortcuts=[shortcut(callback_id="c" * 255)]), manifest(shortcuts=[shortcut(callback_id="c" * 256)]))
    ],
    ("shortcut", "description"): [
        (manifest(shortcuts=[shortcut(description="d" * 150)]), manifest(shortcuts=[shortcut(description="d" * 151)]))
    ],
    ("shortcut", "type"): [(manifest(shortcuts=[shortcut()]), manifest(shortcuts=[shortcut(type="local")]))],
    ("features", "slash_commands"): [
        (manifest(slash_commands=list(map(slash, range(50)))), manifest(slash_commands=list(map(slash, range(51))))),
        (manifest(), manifest(slash_commands=[])),
    ],
    ("slash_command", "command"): [
        (commands(command="/" + "c" * 31), commands(command="/" + "c" * 32)),
        (commands(command="/c"), commands(command="/")),
    ],
    ("slash_command", "description"): [
        (commands(description="d" * 2000), commands(description="d" * 2001)),
        (manifest(), commands(description="")),
    ],
    ("slash_command", "usage_hint"): [
        (commands(usage_hint="u" * 1000), commands(usage_hint="u" * 1001)),
        (commands(usage_hint="u"), commands(usage_hint="")),
    ],
    ("slash_command", "url"): [
        (commands(url="u" * 3000), commands(url="u" * 3001))
    ],
    ("oauth_config", "redirect_urls"): [(redirected(1000), redirected(1001))],
    ("scopes", "bot"): [(granted(["s"] * 255), granted(["s"] * 256))],
    ("scopes", "user"): [(granted(["s"], ["s"] * 255), granted(["s"], ["s"] * 256))],
    ("event_subscriptions", "bot_events"): [(subscribed("bot_events", 100), subscribed("bot_events", 101))],
    ("event_subscriptions", "user_events"): [(subscribed("user_events", 100), subscribed("user_events", 101))],
}  # fmt: skip


@pytest.mark.parametrize("row", MANIFESTS, ids=".".join)
def test_a_manifest_is_taken_at_each_limit_and_refused_beyond(row: tuple[str, str]) -> None:
    for good, bad in MANIFESTS[row]:
        validate_manifest(good)
        refused = refusal(partial(validate_manifest, bad))
        assert refused.error == "invalid_manifest"
        assert f"/{row[1]}" in refused.body["errors"][0]


def test_every_limit_of_the_manifest_is_broken_here() -> None:
    assert rows_of(MANIFEST_SHAPES) == set(MANIFESTS)


@pytest.mark.parametrize("rule", MANIFEST_RULES, ids=lambda rule: rule.name)
def test_manifests_that_break_a_rule_are_refused(rule: Any) -> None:
    bad = {
        "a command starts with a slash": commands(command="brief"),
        "commands differ": manifest(slash_commands=[slash(), slash()]),
        "commands have an address in HTTP mode": manifest() | {"settings": {}},
    }[rule.name]
    assert list(rule.check(bad))
    assert refusal(lambda: validate_manifest(bad)).error == "invalid_manifest"


def test_a_manifest_has_no_keys_that_slack_does_not_know() -> None:
    refused = refusal(lambda: validate_manifest(manifest(commands=[])))
    assert refused.body["errors"] == [
        "[ERROR] invalid additional property: commands [json-pointer:/features]"
    ]


@pytest.mark.parametrize(
    ("content", "pinged"),
    [
        ({"text": "<!channel> and <!here> and <!everyone>"}, ["channel", "here", "everyone"]),
        ({"text": "<@U1> <@W2|bob> <!subteam^S1> <!subteam^S1|@editors>"}, ["U1", "W2", "usergroup:S1"]),
        ({"text": "&lt;!channel&gt; &lt;@U1&gt;"}, []),
        ({"text": "@channel @editors @alice"}, []),
        ({"text": "@channel @editors", "link_names": True}, ["channel", "usergroup:S1"]),
        ({"text": "@here", "parse": "full"}, ["here"]),
        ({"text": "<#C1|general> <!date^1^{date}|today> a@channel.example"}, []),
        ({"blocks": [section(text=mrkdwn("<!channel>"))]}, ["channel"]),
        ({"blocks": [section(text=mrkdwn("<!channel>") | {"verbatim": True})]}, ["channel"]),
        ({"blocks": [section(text=mrkdwn("@channel"))]}, ["channel"]),
        ({"blocks": [section(text=mrkdwn("@channel") | {"verbatim": True})]}, []),
        ({"blocks": [section(text=plain("<!channel> <@U1>"))]}, []),
        ({"blocks": [{"type": "context", "elements": [mrkdwn("<@U1>")]}]}, ["U1"]),
        ({"blocks": [{"type": "markdown", "text": "<!here>"}]}, ["here"]),
        ({"attachments": [{"text": "<!here>", "blocks": [section(text=mrkdwn("<@U1>"))]}]}, ["here", "U1"]),
        (
            {"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
                {"type": "broadcast", "range": "channel"}, {"type": "user", "user_id": "U1"},
                {"type": "usergroup", "usergroup_id": "S1"}, {"type": "text", "text": "<!here>"}]}]}]},
            ["channel", "U1", "usergroup:S1"],
        ),
    ],
)  # fmt: skip
def test_only_mentions_that_slack_reads_notify(content: Json, pinged: list[str]) -> None:
    assert notified(content, [UserGroup("S1", "editors", "Editors")]) == pinged
