"""What no single key of a block can say: ids that must differ, keys that exclude each other, totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from .block_shapes import BLOCKS, ELEMENTS, IMAGE, OPTIONS, SCHEMA
from .errors import ApiError, Json
from .rules import Fault, Field, Node, Rule

# slackapi/bolt-js issues 2509 and 2867: between 12,000 and 13,300, by the kind of the blocks
BLOCKS_TOTAL = 12_000
MARKDOWN_TOTAL = 12_000
TABLE_TOTAL = 10_000
SELECTS = {"static_select", "multi_static_select"}
PICTURES = {"block:image", "element:image"}
INTERACTIVE = {name for name, shape in SCHEMA.shapes.items() if "action_id" in shape.fields}


def every(blocks: Any) -> Iterator[Node]:
    """Every object of a known shape inside these blocks, whatever surface they are for."""
    return SCHEMA.nodes(Field("message_block", many=True), blocks, "/blocks")


def _exactly_one(node: Node, first: str, second: str) -> Iterator[Fault]:
    if (first in node.value) == (second in node.value):
        yield Fault(node.pointer, f"must provide exactly one of {first}, {second}")


def _section_text(blocks: Any) -> Iterator[Fault]:
    for node in every(blocks):
        if node.shape == "section" and not ({"text", "fields"} & node.value.keys()):
            yield Fault(node.pointer, "missing required field: text")


def _picture_address(blocks: Any) -> Iterator[Fault]:
    for node in every(blocks):
        if node.shape in PICTURES:
            yield from _exactly_one(node, "image_url", "slack_file")
        if node.shape == "slack_file":
            yield from _exactly_one(node, "id", "url")


def _select_options(blocks: Any) -> Iterator[Fault]:
    for node in every(blocks):
        if node.shape in SELECTS:
            yield from _exactly_one(node, "options", "option_groups")


def _initial_options(blocks: Any) -> Iterator[Fault]:
    for node in every(blocks):
        if node.shape not in SELECTS | {"checkboxes", "radio_buttons"}:
            continue
        offered = options_of(node.value)
        initial = [node.value["initial_option"]] if "initial_option" in node.value else []
        for option in [*initial, *node.value.get("initial_options", [])]:
            if option not in offered:
                yield Fault(node.pointer, "initial option must be one of the options")


def options_of(element: Json) -> list[Json]:
    """The options of a select, those of its groups included."""
    groups = element.get("option_groups") or []
    return [*element.get("options", []), *(option for group in groups for option in group.get("options", []))]


def _block_ids(blocks: Any) -> Iterator[Fault]:
    ids = [block.get("block_id") for block in blocks if isinstance(block, dict)]
    for block_id, count in Counter(filter(None, ids)).items():
        if count > 1:
            yield Fault("/blocks", f"block_id must be unique: {block_id}")


def _action_ids(blocks: Any) -> Iterator[Fault]:
    for index, block in enumerate(blocks):
        nodes = SCHEMA.nodes(Field("message_block"), block, f"/blocks/{index}")
        ids = [node.value.get("action_id") for node in nodes if node.shape in INTERACTIVE]
        for action_id, count in Counter(filter(None, ids)).items():
            if count > 1:
                yield Fault(f"/blocks/{index}", f"action_id must be unique in its block: {action_id}")


def _markdown_total(blocks: Any) -> Iterator[Fault]:
    texts = [node.value.get("text", "") for node in every(blocks) if node.shape == "markdown"]
    if sum(map(len, texts)) > MARKDOWN_TOTAL:
        yield Fault("/blocks", f"markdown text must be less than {MARKDOWN_TOTAL + 1} characters in total")


def _tables(blocks: Any) -> Iterator[Fault]:
    for node in every(blocks):
        if node.shape != "table":
            continue
        rows = [row for row in node.value.get("rows", []) if isinstance(row, list)]
        if max(map(len, rows), default=0) > 20:
            yield Fault(f"{node.pointer}/rows", "no more than 20 columns allowed")
        if sum(map(len, texts_of(rows))) > TABLE_TOTAL:
            yield Fault(f"{node.pointer}/rows", f"must be less than {TABLE_TOTAL + 1} characters")


def texts_of(value: Any) -> list[str]:
    """Every string under a key `text`, at any depth: what a reader of the blocks sees, escapes included."""
    if isinstance(value, list):
        return [text for item in value for text in texts_of(item)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for item in value.values() for text in texts_of(item)]


BLOCK_RULES: tuple[Rule, ...] = (
    Rule("a section has text or fields", BLOCKS, _section_text),
    Rule("a picture has one address", IMAGE, _picture_address),
    Rule("a select has options or groups", OPTIONS, _select_options),
    Rule("an initial option is offered", ELEMENTS, _initial_options),
    Rule("block_id is unique", "S: reference/block-kit/blocks/image-block", _block_ids),
    Rule("action_id is unique in its block", ELEMENTS, _action_ids),
    Rule("markdown blocks in total", "S: reference/block-kit/blocks/markdown-block", _markdown_total),
    Rule("table columns and characters", "N: block-kit/blocks.ts; vercel/chat blocks/limits.ts", _tables),
)


def block_faults(kind: Field, blocks: Any, pointer: str = "/blocks") -> Iterable[Fault]:
    """Every fault of a list of blocks for one surface."""
    faults = list(SCHEMA.faults(kind, blocks, pointer))
    if faults:
        return faults
    return [fault for rule in BLOCK_RULES for fault in rule.check(blocks)]


def refuse_total(blocks: list[Json]) -> None:
    """Raises msg_blocks_too_long near the undocumented total over all blocks of a message."""
    if sum(map(len, texts_of(blocks))) > BLOCKS_TOTAL:
        raise ApiError("msg_blocks_too_long")
