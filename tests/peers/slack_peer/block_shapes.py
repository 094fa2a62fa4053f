"""Block Kit as a table: blocks, elements and composition objects, their keys and limits.

Block types that the docs have but that are missing here are refused as unknown; `carousel`, `card`,
`alert`, `plan`, `task_card`, `context_actions` and `file` are not needed by a briefing bot.
"""

from __future__ import annotations

from .rules import Field, Schema, Shape

BLOCKS = "S: reference/block-kit/blocks; N: block-kit/blocks.ts"
ELEMENTS = "N: block-kit/block-elements.ts"
OPTIONS = "S: reference/block-kit/composition-objects/option-object"
CONFIRM = "S: reference/block-kit/composition-objects/confirmation-dialog-object; P: models/blocks"
IMAGE = "S: reference/block-kit/blocks/image-block"
TEXT = "S: reference/block-kit/composition-objects/text-object"
VIEWS = "N: views.ts; P: models/views"

ID = Field("string", low=1, high=255)
FLAG = Field("boolean")
STRING = Field("string")
ANYTHING = Field("anything")
PLACEHOLDER = Field("plain", low=1, high=150)
URL = Field("string", low=1, high=3000)
STYLE = Field("string", one_of=("primary", "danger"))
CONFIRM_FIELD = Field("confirm")

CHOICE = {"action_id": ID, "confirm": CONFIRM_FIELD, "focus_on_load": FLAG}
SELECT = CHOICE | {"placeholder": PLACEHOLDER}
OPTION_LISTS = {
    "options": Field("option", many=True, low=1, high=100),
    "option_groups": Field("option_group", many=True, low=1, high=100),
}
MANY = {"max_selected_items": Field("integer", low=1)}
INITIAL_ONE = {"initial_option": Field("option")}
INITIAL_MANY = {"initial_options": Field("option", many=True, low=1)}
TYPED = {
    "action_id": ID,
    "placeholder": PLACEHOLDER,
    "focus_on_load": FLAG,
    "dispatch_action_config": ANYTHING,
}
PICTURE = {
    "alt_text": Field("string", required=True, low=1, high=2000),
    "image_url": URL,
    "slack_file": Field("slack_file"),
}


def _block(**fields: Field) -> Shape:
    return Shape(BLOCKS, {"block_id": ID, **fields})


def _element(**fields: Field) -> Shape:
    return Shape(ELEMENTS, fields)


SHAPES: dict[str, Shape] = {
    "section": _block(
        text=Field("text", low=1, high=3000),
        fields=Field("text", many=True, low=1, high=10, each=2000),
        accessory=Field("accessory"),
        expand=FLAG,
    ),
    "header": _block(text=Field("plain", required=True, low=1, high=150)),
    "divider": _block(),
    "context": _block(elements=Field("context_element", required=True, many=True, low=1, high=10)),
    "actions": _block(elements=Field("action_element", required=True, many=True, low=1, high=25)),
    "block:image": Shape(IMAGE, {"block_id": ID, "title": Field("plain", low=1, high=2000)} | PICTURE),
    "input": _block(
        label=Field("plain", required=True, low=1, high=2000),
        element=Field("input_element", required=True),
        hint=Field("plain", low=1, high=2000),
        optional=FLAG,
        dispatch_action=FLAG,
    ),
    "markdown": Shape(
        "S: reference/block-kit/blocks/markdown-block",
        {"block_id": ID, "text": Field("string", required=True, low=1, high=12_000)},
    ),
    "rich_text": _block(elements=Field("object", required=True, many=True)),
    "table": Shape(
        "N: block-kit/blocks.ts",
        {
            "block_id": ID,
            "rows": Field("list", required=True, many=True, low=1, high=100),
            "column_settings": Field("anything", many=True, high=20),
        },
    ),
    "video": _block(
        alt_text=Field("string", required=True, low=1, high=2000),
        title=Field("plain", required=True, low=1, high=200),
        thumbnail_url=Field("string", required=True, high=3000),
        video_url=Field("string", required=True, high=3000),
        author_name=Field("string", high=50),
        description=Field("plain", high=200),
        provider_name=STRING,
        provider_icon_url=STRING,
        title_url=STRING,
    ),
    "button": _element(
        text=Field("plain", required=True, low=1, high=75),
        action_id=ID,
        url=URL,
        value=Field("string", low=1, high=2000),
        style=STYLE,
        confirm=CONFIRM_FIELD,
        accessibility_label=Field("string", high=75),
    ),
    "overflow": _element(
        options=Field("option", required=True, many=True, low=1, high=5), action_id=ID, confirm=CONFIRM_FIELD
    ),
    "static_select": _element(**SELECT, **OPTION_LISTS, **INITIAL_ONE),
    "multi_static_select": _element(**SELECT, **OPTION_LISTS, **INITIAL_MANY, **MANY),
    "external_select": _element(**SELECT, **INITIAL_ONE, min_query_length=Field("integer", low=0)),
    "multi_external_select": _element(
        **SELECT, **INITIAL_MANY, **MANY, min_query_length=Field("integer", low=0)
    ),
    "users_select": _element(**SELECT, initial_user=STRING),
    "multi_users_select": _element(**SELECT, **MANY, initial_users=Field("string", many=True)),
    "channels_select": _element(**SELECT, initial_channel=STRING, response_url_enabled=FLAG),
    "multi_channels_select": _element(**SELECT, **MANY, initial_channels=Field("string", many=True)),
    "conversations_select": _element(
        **SELECT,
        initial_conversation=STRING,
        default_to_current_conversation=FLAG,
        response_url_enabled=FLAG,
        filter=ANYTHING,
    ),
    "multi_conversations_select": _element(
        **SELECT,
        **MANY,
        initial_conversations=Field("string", many=True),
        default_to_current_conversation=FLAG,
        filter=ANYTHING,
    ),
    "checkboxes": _element(
        **CHOICE, **INITIAL_MANY, options=Field("rich_option", required=True, many=True, low=1, high=10)
    ),
    "radio_buttons": _element(
        **CHOICE, **INITIAL_ONE, options=Field("rich_option", required=True, many=True, low=1, high=10)
    ),
    "datepicker": _element(**SELECT, initial_date=STRING),
    "timepicker": _element(**SELECT, initial_time=STRING, timezone=STRING),
    "datetimepicker": _element(**CHOICE, initial_date_time=Field("integer")),
    "plain_text_input": _element(
        **TYPED,
        initial_value=STRING,
        multiline=FLAG,
        min_length=Field("integer", low=0, high=3000),
        max_length=Field("integer", low=1, high=3000),
    ),
    "email_text_input": _element(**TYPED, initial_value=STRING),
    "url_text_input": _element(**TYPED, initial_value=STRING),
    "number_input": _element(
        **TYPED,
        is_decimal_allowed=Field("boolean", required=True),
        initial_value=STRING,
        min_value=STRING,
        max_value=STRING,
    ),
    "file_input": Shape(
        "S: reference/block-kit/block-elements/file-input-element",
        {
            "action_id": ID,
            "filetypes": Field("string", many=True),
            "max_files": Field("integer", low=1, high=10),
        },
    ),
    "element:image": Shape(ELEMENTS, PICTURE),
    "plain_text": Shape(TEXT, {"text": Field("string", required=True, low=1), "emoji": FLAG}),
    "mrkdwn": Shape(TEXT, {"text": Field("string", required=True, low=1), "verbatim": FLAG}),
    "option": Shape(
        OPTIONS,
        {
            "text": Field("plain", required=True, low=1, high=75),
            "value": Field("string", required=True, low=1, high=150),
            "description": Field("plain", low=1, high=75),
            "url": URL,
        },
        typed=False,
    ),
    "rich_option": Shape(
        OPTIONS,
        {
            "text": Field("text", required=True, low=1, high=75),
            "value": Field("string", required=True, low=1, high=150),
            "description": Field("text", low=1, high=75),
        },
        typed=False,
    ),
    "option_group": Shape(
        "N: block-kit/composition-objects.ts",
        {
            "label": Field("plain", required=True, low=1, high=75),
            "options": Field("option", required=True, many=True, low=1, high=100),
        },
        typed=False,
    ),
    "confirm": Shape(
        CONFIRM,
        {
            "title": Field("plain", required=True, low=1, high=100),
            "text": Field("text", required=True, low=1, high=300),
            "confirm": Field("plain", required=True, low=1, high=30),
            "deny": Field("plain", required=True, low=1, high=30),
            "style": STYLE,
        },
        typed=False,
    ),
    "slack_file": Shape(IMAGE, {"id": STRING, "url": URL}, typed=False),
    "modal": Shape(
        VIEWS,
        {
            "title": Field("plain", required=True, low=1, high=24),
            "blocks": Field("modal_block", required=True, many=True, high=100),
            "close": Field("plain", low=1, high=24),
            "submit": Field("plain", low=1, high=24),
            "private_metadata": Field("string", high=3000),
            "callback_id": Field("string", high=255),
            "external_id": Field("string", high=255),
            "clear_on_close": FLAG,
            "notify_on_close": FLAG,
            "submit_disabled": FLAG,
        },
    ),
    "home": Shape(
        VIEWS,
        {
            "blocks": Field("home_block", required=True, many=True, high=100),
            "private_metadata": Field("string", high=3000),
            "callback_id": Field("string", high=255),
            "external_id": Field("string", high=255),
        },
    ),
}

PICKERS = (
    "static_select", "multi_static_select", "external_select", "multi_external_select", "users_select",
    "multi_users_select", "channels_select", "multi_channels_select", "conversations_select",
    "multi_conversations_select", "checkboxes", "radio_buttons", "datepicker", "timepicker",
)  # fmt: skip
EVERYWHERE = (
    "section",
    "header",
    "divider",
    "context",
    "actions",
    "block:image",
    "input",
    "rich_text",
    "video",
)

FAMILIES: dict[str, tuple[str, ...]] = {
    "text": ("plain_text", "mrkdwn"),
    "plain": ("plain_text",),
    "context_element": ("plain_text", "mrkdwn", "element:image"),
    "accessory": ("button", "overflow", "element:image", *PICKERS),
    "action_element": ("button", "overflow", "datetimepicker", *PICKERS),
    "input_element": (
        "plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input",
        "datetimepicker", *PICKERS,
    ),
    # Markdown and table blocks exist in messages only (S: reference/block-kit/blocks)
    "message_block": (*EVERYWHERE, "markdown", "table"),
    "modal_block": EVERYWHERE,
    "home_block": EVERYWHERE,
    "view": ("modal", "home"),
}  # fmt: skip

SCHEMA = Schema(SHAPES, FAMILIES)
MESSAGE_BLOCKS = Field("message_block", many=True, high=50)
HOME_BLOCKS = SHAPES["home"].fields["blocks"]
MODAL_BLOCKS = SHAPES["modal"].fields["blocks"]
