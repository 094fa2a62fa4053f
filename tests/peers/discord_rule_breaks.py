"""For each rule of the Discord peer a body that breaks it and nothing else, with the path of the fault."""

from __future__ import annotations

from typing import Any

V2 = 1 << 15
Break = tuple[dict[str, Any], str]


def button(**change: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "More", "custom_id": "more:1"} | change


def option(**change: Any) -> dict[str, Any]:
    return {"label": "Tokyo", "value": "tokyo"} | change


def menu(**change: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "zone", "options": [option()]} | change


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def in_row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"content": "A digest", "components": [row(*parts)]}


def v2(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(parts)} | more


def text(content: str = "A digest") -> dict[str, Any]:
    return {"type": 10, "content": content}


def embed(**change: Any) -> dict[str, Any]:
    return {"embeds": [{"title": "A digest"} | change]}


def field(**change: Any) -> dict[str, Any]:
    return {"name": "As of", "value": "today"} | change


def buttons(number: int) -> list[dict[str, Any]]:
    return [button(custom_id=f"more:{index}") for index in range(number)]


ROW_PART = "components.0.components.0"
MESSAGE_BREAKS: dict[str, Break] = {
    "content": ({"content": "x" * 2001}, "content"),
    "embeds": ({"embeds": [{"title": "A digest"}] * 11}, "embeds"),
    "embed title": (embed(title="x" * 257), "embeds.0.title"),
    "embed description": (embed(description="x" * 4097), "embeds.0.description"),
    "embed fields": (embed(fields=[field()] * 26), "embeds.0.fields"),
    "embed field name": (embed(fields=[field(name=" ")]), "embeds.0.fields.0.name"),
    "embed field value": (embed(fields=[field(value="x" * 1025)]), "embeds.0.fields.0.value"),
    "embed footer": (embed(footer={"text": "x" * 2049}), "embeds.0.footer.text"),
    "embed author": (embed(author={"name": "x" * 257}), "embeds.0.author.name"),
    "embeds in total": ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds"),
    "embed urls": (embed(url="file:///etc/hosts"), "embeds.0.url"),
    "rows, or components of a V2 message": (
        {"content": "A digest", "components": [row(button(custom_id=str(index))) for index in range(6)]},
        "components",
    ),
    "top-level components": ({"content": "A digest", "components": [text()]}, "components.0.type"),
    "V2 excludes content and embeds": (v2(text(), content="A digest"), "content"),
    "V2 text in total": (v2(text("x" * 2001), text("x" * 2000)), "components"),
    "parse excludes an explicit list of its kind": (
        {"content": "A digest", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions",
    ),
    "parse names known kinds": (
        {"content": "A digest", "allowed_mentions": {"parse": ["here"]}},
        "allowed_mentions.parse.0",
    ),
    "explicitly allowed users": (
        {"content": "A digest", "allowed_mentions": {"users": [str(index) for index in range(101)]}},
        "allowed_mentions.users",
    ),
    "explicitly allowed roles": (
        {"content": "A digest", "allowed_mentions": {"roles": [str(index) for index in range(101)]}},
        "allowed_mentions.roles",
    ),
    "attachments": (
        {"content": "A digest", "attachments": [{"id": index} for index in range(11)]},
        "attachments",
    ),
    "attachment alt text": (
        {"content": "A digest", "attachments": [{"id": 0, "description": "x" * 1025}]},
        "attachments.0.description",
    ),
    "nonce": ({"content": "A digest", "nonce": "x" * 26}, "nonce"),
    "a row holds 5 buttons or 1 select": (in_row(*buttons(6)), "components.0"),
    "button label": (in_row(button(label="x" * 81)), f"{ROW_PART}.label"),
    "button url": (
        in_row({"type": 2, "style": 5, "label": "Source", "url": "https://example.org/" + "x" * 500}),
        f"{ROW_PART}.url",
    ),
    "a button has a label or an emoji": (in_row(button(label=None)), ROW_PART),
    "a link has a url, other buttons a custom id": (in_row(button(custom_id=None)), ROW_PART),
    "text display": (v2(text(" ")), "components.0.content"),
    "section texts": (
        v2({"type": 9, "components": [text()] * 4, "accessory": button()}),
        "components.0.components",
    ),
    "a section has an accessory": (v2({"type": 9, "components": [text()]}), "components.0"),
    "media gallery items": (v2({"type": 12, "items": []}), "components.0.items"),
    "media alt text": (
        v2(
            {
                "type": 12,
                "items": [{"media": {"url": "https://example.org/a.png"}, "description": "x" * 1025}],
            }
        ),
        "components.0.items.0.description",
    ),
    "thumbnail alt text": (
        v2(
            {
                "type": 9,
                "components": [text()],
                "accessory": {
                    "type": 11,
                    "media": {"url": "https://example.org/a.png"},
                    "description": "x" * 1025,
                },
            }
        ),
        "components.0.accessory.description",
    ),
    "container colour": (
        v2({"type": 17, "accent_color": 1 << 24, "components": [text()]}),
        "components.0.accent_color",
    ),
    "custom id": (in_row(button(custom_id="x" * 101)), f"{ROW_PART}.custom_id"),
    "custom ids differ": (in_row(button(), button()), "components.0.components.1.custom_id"),
    "select options": (
        in_row(menu(options=[option(value=str(index)) for index in range(26)])),
        f"{ROW_PART}.options",
    ),
    "select option label": (in_row(menu(options=[option(label="x" * 101)])), f"{ROW_PART}.options.0.label"),
    "select option value": (in_row(menu(options=[option(value="x" * 101)])), f"{ROW_PART}.options.0.value"),
    "select option description": (
        in_row(menu(options=[option(description="x" * 101)])),
        f"{ROW_PART}.options.0.description",
    ),
    "select placeholder": (in_row(menu(placeholder="x" * 151)), f"{ROW_PART}.placeholder"),
    "select least choices": (
        in_row({"type": 5, "custom_id": "who", "min_values": -1}),
        f"{ROW_PART}.min_values",
    ),
    "select most choices": (
        in_row({"type": 5, "custom_id": "who", "min_values": 0, "max_values": 0}),
        f"{ROW_PART}.max_values",
    ),
    "select choices fit its options": (in_row(menu(max_values=2)), ROW_PART),
    "select option values differ": (in_row(menu(options=[option(), option()])), f"{ROW_PART}.options"),
}


def labelled(component: dict[str, Any], **change: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Question", "component": component} | change


def entry(**change: Any) -> dict[str, Any]:
    return {"type": 4, "custom_id": "question", "style": 1} | change


def modal(*parts: dict[str, Any], **change: Any) -> dict[str, Any]:
    return {"title": "Ask", "custom_id": "ask:1", "components": list(parts)} | change


LABELLED = "components.0.component"
MODAL_BREAKS: dict[str, Break] = {
    "modal title": (modal(labelled(entry()), title="x" * 46), "title"),
    "modal custom id": (modal(labelled(entry()), custom_id=""), "custom_id"),
    "modal parts": (modal(*(labelled(entry(custom_id=str(index))) for index in range(6))), "components"),
    "modal parts are labels, texts or rows of one text input": (modal(row(button())), "components.0"),
    "a label holds an input": (modal(labelled(button())), "components.0"),
    "label text": (modal(labelled(entry(), label="x" * 46)), "components.0.label"),
    "label description": (modal(labelled(entry(), description="x" * 101)), "components.0.description"),
    "text input label": (modal(row(entry(label="x" * 46))), f"{ROW_PART}.label"),
    "text input value": (modal(labelled(entry(value="x" * 4001))), f"{LABELLED}.value"),
    "text input placeholder": (modal(labelled(entry(placeholder="x" * 101))), f"{LABELLED}.placeholder"),
    "text input least length": (modal(labelled(entry(min_length=-1))), f"{LABELLED}.min_length"),
    "text input most length": (modal(labelled(entry(max_length=4001))), f"{LABELLED}.max_length"),
    "text input value fits its lengths": (modal(labelled(entry(value="abc", max_length=2))), LABELLED),
    "radio group options": (
        modal(labelled({"type": 21, "custom_id": "kind", "options": [option()]})),
        f"{LABELLED}.options",
    ),
    "checkbox group options": (
        modal(
            labelled({"type": 22, "custom_id": "kinds", "options": [option(value=str(i)) for i in range(11)]})
        ),
        f"{LABELLED}.options",
    ),
    "file upload least files": (
        modal(labelled({"type": 19, "custom_id": "yaml", "min_values": 11})),
        f"{LABELLED}.min_values",
    ),
    "file upload most files": (
        modal(labelled({"type": 19, "custom_id": "yaml", "max_values": 11})),
        f"{LABELLED}.max_values",
    ),
    "file upload types": (
        modal(
            labelled({"type": 19, "custom_id": "yaml", "file_types": [f".a{index}" for index in range(11)]})
        ),
        f"{LABELLED}.file_types",
    ),
}
AUTOCOMPLETE_BREAKS: dict[str, Break] = {
    "suggestions": (
        {"choices": [{"name": str(index), "value": str(index)} for index in range(26)]},
        "choices",
    ),
    "suggestion name": ({"choices": [{"name": "x" * 101, "value": "a"}]}, "choices.0.name"),
    "suggestion value": ({"choices": [{"name": "a", "value": "x" * 101}]}, "choices.0.value"),
}


def command(*options: dict[str, Any], **change: Any) -> dict[str, Any]:
    return {"name": "brief", "description": "The brief", "options": list(options)} | change


def argument(**change: Any) -> dict[str, Any]:
    return {"type": 3, "name": "topic", "description": "Which topic"} | change


def sub(*options: dict[str, Any], **change: Any) -> dict[str, Any]:
    return {"type": 1, "name": "show", "description": "Shows it", "options": list(options)} | change


def choice(**change: Any) -> dict[str, Any]:
    return {"name": "Tokyo", "value": "tokyo"} | change


LONG = "x" * 100
COMMAND_BREAKS: dict[str, Break] = {
    "names": (command(name="Brief"), "name"),
    "descriptions": (command(description=""), "description"),
    "required options first": (command(argument(), argument(name="day", required=True)), "options"),
    "option names differ": (command(argument(), argument()), "options"),
    "nesting": (command(sub(sub())), "options.0.options.0.type"),
    "completion excludes choices": (command(argument(autocomplete=True, choices=[choice()])), "options.0"),
    "size of one command": (
        command(
            *(
                argument(
                    name=f"o{number}",
                    choices=[choice(name=LONG, value=f"{LONG[:97]}{i:02}") for i in range(25)],
                )
                for number in range(2)
            )
        ),
        "",
    ),
    "locale codes": (command(description_localizations={"xx": "The brief"}), "description_localizations"),
    "localised names": (command(name_localizations={"de": "Der Brief"}), "name_localizations.de"),
    "localised descriptions": (
        command(description_localizations={"de": "x" * 101}),
        "description_localizations.de",
    ),
    "options": (command(*(argument(name=f"o{index}") for index in range(26))), "options"),
    "choices": (command(argument(choices=[choice()] * 26)), "options.0.choices"),
    "choice name": (command(argument(choices=[choice(name="")])), "options.0.choices.0.name"),
    "choice value": (command(argument(choices=[choice(value="x" * 101)])), "options.0.choices.0.value"),
    "least text length": (command(argument(min_length=6001)), "options.0.min_length"),
    "most text length": (command(argument(max_length=0)), "options.0.max_length"),
    "least integer": (command(argument(type=4, min_value=-(2**53))), "options.0.min_value"),
    "most integer": (command(argument(type=4, max_value=2**53)), "options.0.max_value"),
    "least number": (command(argument(type=10, min_value=-(2.0**54))), "options.0.min_value"),
    "most number": (command(argument(type=10, max_value=2.0**54)), "options.0.max_value"),
    "file types": (
        command(argument(type=11, file_types=[f".a{index}" for index in range(11)])),
        "options.0.file_types",
    ),
    "contexts": (command(contexts=[3]), "contexts.0"),
    "install types": (command(integration_types=[2]), "integration_types.0"),
}
LIST_BREAKS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "commands in one overwrite": ([command(name=f"b{index}") for index in range(131)], ""),
    "command names differ": ([command(), command()], "1.name"),
}
