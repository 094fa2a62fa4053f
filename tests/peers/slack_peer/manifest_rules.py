"""An app manifest's limits (M: schemas/manifest.schema.2.0.0.json; S: reference/app-manifest)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .errors import ApiError, Json
from .rules import Fault, Field, Rule, Schema, Shape, refuse

M = "M: schemas/manifest.schema.2.0.0.json"
FLAG = Field("boolean")
STRING = Field("string")
STRINGS = Field("string", many=True)
ANYTHING = Field("anything")


def _object(source: str = M, **fields: Field) -> Shape:
    return Shape(source, fields, typed=False)


SHAPES: dict[str, Shape] = {
    "manifest": _object(
        _metadata=ANYTHING,
        display_information=Field("display_information", required=True),
        features=Field("features"),
        oauth_config=Field("oauth_config"),
        settings=Field("settings"),
    ),
    "display_information": _object(
        name=Field("string", required=True, low=1, high=35),
        description=Field("string", low=1, high=140),
        long_description=Field("string", low=175, high=4000),
        background_color=STRING,
    ),
    "features": _object(
        app_home=Field("app_home"),
        bot_user=Field("bot_user"),
        shortcuts=Field("shortcut", many=True, low=1, high=10),
        slash_commands=Field("slash_command", many=True, low=1, high=50),
        unfurl_domains=STRINGS,
        assistant_view=ANYTHING,
    ),
    "app_home": _object(
        home_tab_enabled=FLAG, messages_tab_enabled=FLAG, messages_tab_read_only_enabled=FLAG
    ),
    "bot_user": _object(display_name=Field("string", required=True, low=1, high=80), always_online=FLAG),
    "shortcut": _object(
        name=Field("string", required=True, low=1, high=24),
        callback_id=Field("string", required=True, low=1, high=255),
        description=Field("string", required=True, low=1, high=150),
        type=Field("string", required=True, one_of=("message", "global")),
    ),
    "slash_command": _object(
        "M: features.slash_commands; S: reference/app-manifest",
        command=Field("string", required=True, low=2, high=32),
        description=Field("string", required=True, low=1, high=2000),
        usage_hint=Field("string", low=1, high=1000),
        url=Field("string", high=3000),
        should_escape=FLAG,
    ),
    "oauth_config": _object(
        redirect_urls=Field("string", many=True, high=1000),
        scopes=Field("scopes"),
        token_management_enabled=FLAG,
    ),
    "scopes": _object(
        bot=Field("string", many=True, high=255),
        user=Field("string", many=True, high=255),
        bot_optional=STRINGS,
        user_optional=STRINGS,
    ),
    "settings": _object(
        allowed_ip_address_ranges=STRINGS,
        event_subscriptions=Field("event_subscriptions"),
        interactivity=Field("interactivity"),
        org_deploy_enabled=FLAG,
        socket_mode_enabled=FLAG,
        token_rotation_enabled=FLAG,
        is_hosted=FLAG,
    ),
    "event_subscriptions": _object(
        request_url=STRING,
        bot_events=Field("string", many=True, high=100),
        user_events=Field("string", many=True, high=100),
        metadata_subscriptions=ANYTHING,
    ),
    "interactivity": _object(
        is_enabled=Field("boolean", required=True), request_url=STRING, message_menu_options_url=STRING
    ),
}
SCHEMA = Schema(SHAPES)


def _commands(manifest: Json) -> list[str]:
    listed = manifest.get("features", {}).get("slash_commands", [])
    return [str(entry.get("command", "")) for entry in listed]


def _slashes(manifest: Json) -> Iterator[Fault]:
    for index, command in enumerate(_commands(manifest)):
        if not re.fullmatch(r"/\S+", command):
            pointer = f"/features/slash_commands/{index}/command"
            yield Fault(pointer, "must start with / and hold no space")


def _distinct(manifest: Json) -> Iterator[Fault]:
    for command, count in Counter(_commands(manifest)).items():
        if count > 1:
            yield Fault("/features/slash_commands", f"duplicate command: {command}")


def _request_urls(manifest: Json) -> Iterator[Fault]:
    """Without Socket Mode every command needs the address that Slack posts to."""
    if manifest.get("settings", {}).get("socket_mode_enabled"):
        return
    for index, entry in enumerate(manifest.get("features", {}).get("slash_commands", [])):
        if not entry.get("url"):
            yield Fault(f"/features/slash_commands/{index}", "missing required field: url")


MANIFEST_RULES: tuple[Rule, ...] = (
    Rule("a command starts with a slash", M, _slashes),
    Rule("commands differ", "S: reference/app-manifest", _distinct),
    Rule("commands have an address in HTTP mode", "S: reference/app-manifest", _request_urls),
)


def validate_manifest(manifest: Any) -> None:
    """Raises ApiError invalid_manifest with every fault, as apps.manifest.validate does."""
    refuse("invalid_manifest", SCHEMA.faults(Field("manifest", required=True), manifest, ""))
    refuse("invalid_manifest", (fault for rule in MANIFEST_RULES for fault in rule.check(manifest)))


def is_valid(manifest: Any) -> bool:
    """Whether Slack would take this manifest."""
    try:
        validate_manifest(manifest)
    except ApiError:
        return False
    return True
