"""Settings: from the environment or `.env`, read once, every problem reported at once."""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from commands.rights import Rights
from scheduler.address import PLATFORMS, Person, person

SHIPPED = Path(__file__).parent.parent / "briefs"


class SettingsError(Exception):
    """What is wrong with the settings: one line a problem."""


def _listed(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _people(values: list[str]) -> frozenset[Person]:
    return frozenset(person(value) for value in values)


def _workspaces(values: list[str]) -> frozenset[str]:
    for value in values:
        platform, _, space = value.partition(":")
        if platform not in PLATFORMS or not space or "/" in space:
            raise ValueError(f"{value!r} is no workspace; write it like slack:T1 or discord:123")
    return frozenset(values)


_PING = re.compile(r"(discord:\d+/role:\d+|slack:[^/\s]+/usergroup:S[A-Z0-9]+)")


def _pings(values: list[str]) -> frozenset[str]:
    for value in values:
        if not _PING.fullmatch(value):
            raise ValueError(
                f"{value!r} is nobody to ping; write it like discord:1/role:5 or slack:T1/usergroup:S2"
            )
    return frozenset(values)


def _base(value: str | None) -> str | None:
    if value is not None and not value.startswith(("http://", "https://")):
        raise ValueError(f"{value!r} is no address; write it like https://example.org/api")
    return value


def _empty_is_unset(value: object) -> object:
    return None if value == "" else value


def _server(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise ValueError(
            "this is no address of a PostgreSQL database; write it like postgresql://briefbot@db.example.org/briefbot,"
            " or leave it empty to keep one file in DATA_DIR"
        )
    return value


Secret = Annotated[SecretStr | None, BeforeValidator(_empty_is_unset)]
Address = Annotated[str | None, AfterValidator(_base), BeforeValidator(_empty_is_unset)]
Port = Annotated[int, Field(ge=0, le=65_535)]
OptionalPort = Annotated[Port | None, BeforeValidator(_empty_is_unset)]
People = Annotated[Any, AfterValidator(_people), BeforeValidator(_listed)]
Workspaces = Annotated[Any, AfterValidator(_workspaces), BeforeValidator(_listed)]
Pings = Annotated[Any, AfterValidator(_pings), BeforeValidator(_listed)]
Folder = Annotated[Path, AfterValidator(lambda path: path.expanduser())]


def _there(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError(f"{path} is no folder; make it, or name the one that holds your briefs")
    return path


class Settings(BaseModel):
    """One frozen object, handed to what needs it. `.env.example` explains each name."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    discord_token: Secret = None
    discord_api_base: Address = None
    slack_bot_token: Secret = None
    slack_app_token: Secret = None
    slack_signing_secret: Secret = None
    slack_api_base: Address = None
    briefs_dir: Annotated[Folder, AfterValidator(_there)] = SHIPPED
    data_dir: Folder = Field(default_factory=lambda: user_data_path("briefbot"))
    database_url: Annotated[Secret, AfterValidator(_server)] = None
    web_host: str = "127.0.0.1"
    web_port: Port = 8080
    public_port: OptionalPort = None
    public_url: Address = None
    admins: People = frozenset()
    workspaces: Workspaces = frozenset()
    pings: Pings = frozenset()
    review: Literal["auto", "required", "off"] = "auto"
    encoder: Literal["auto", "off"] = "auto"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def _belong_together(self) -> "Settings":
        if self.web_host not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError(
                "WEB_HOST is not a loopback address; the page is for this machine only: use 127.0.0.1"
            )
        if self.slack_app_token and not self.slack_bot_token:
            raise ValueError(
                "SLACK_APP_TOKEN is set without SLACK_BOT_TOKEN; set both (README, Connect Slack)"
            )
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            raise ValueError(
                "SLACK_BOT_TOKEN is set without SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET with"
                " PUBLIC_PORT (HTTP); set one of them (README, Connect Slack)"
            )
        if self.slack_signing_secret and not self.slack_app_token and self.public_port is None:
            raise ValueError(
                "SLACK_SIGNING_SECRET needs PUBLIC_PORT, the port on which Slack reaches /slack/events"
            )
        return self

    @cached_property
    def rights(self) -> Rights:
        """Who may do what."""
        return Rights(self.admins, self.workspaces, self.pings, self.review)

    @property
    def database(self) -> Path:
        """The file of the database, where DATABASE_URL names no server."""
        return self.data_dir / "briefbot.sqlite3"

    @property
    def server(self) -> str:
        """The address of the PostgreSQL database that several processes share; empty for a file of our own."""
        return self.database_url.get_secret_value() if self.database_url else ""

    def secrets(self) -> tuple[str, ...]:
        """The values that must never be written anywhere."""
        found = (self.discord_token, self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        password = urlsplit(self.server).password or ""
        known = (*(secret.get_secret_value() for secret in found if secret), password, unquote(password))
        return tuple(dict.fromkeys(filter(None, known)))


def read_settings() -> Settings:
    """Read the environment, then `.env`; raise SettingsError naming every problem with its cure, and no secret.

    What is set to nothing counts as not set.
    """
    given = {**dotenv_values(".env"), **os.environ}
    names = {name: given.get(name.upper()) for name in Settings.model_fields}
    try:
        return Settings(**{name: value for name, value in names.items() if value})
    except ValidationError as problem:
        raise SettingsError("\n".join(_sentence(dict(error)) for error in problem.errors())) from None


def _sentence(error: dict[str, Any]) -> str:
    name = str(error["loc"][0]).upper() if error["loc"] else ""
    said = _plainly(error)
    return f"{name}: {said}" if name else said


def _plainly(error: dict[str, Any]) -> str:
    match str(error["type"]):
        case "literal_error":
            return f"{error['ctx']['expected']} is allowed"
        case "int_parsing" | "int_type" | "greater_than_equal" | "less_than_equal":
            return "a number from 0 to 65535 is allowed; write it like 8080"
        case _:
            return str(error["msg"]).removeprefix("Value error, ")
