"""What the page's script sends, as calls."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import fuzz, process

from bot.adapter import Front
from briefs.schema import ZONES
from commands.model import Call, Caller, Command, OptionValue, Upload, UserError
from scheduler.address import LOBBY, READER, Destination

# The most that a form may carry, its files included: Discord's own default for one upload.
LARGEST = 10 * 1024 * 1024
ASK = "brief ask"
# So alike (of 100) are a command's name and a slip of the hand.
ALIKE = 75

Word = Annotated[str, Field(max_length=200)]
Line = Annotated[str, Field(max_length=4000)]


class BadRequest(ValueError):  # noqa: N818  # it reads as the status it becomes
    """A body that the page's own script would not send. The text says what to send instead."""


class Asked(BaseModel):
    """What every request carries: its own id, and the reader's zone and language as the page knows them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    request: Annotated[str, Field(min_length=8, max_length=64)]
    zone: Word = ""
    locale: Word = ""


class Typed(Asked):
    """A typed line, or a command with its options."""

    line: Line = ""
    command: Word = ""
    options: dict[Word, Line] = {}


class Pressed(Asked):
    """A pressed button."""

    key: Annotated[str, Field(min_length=1, max_length=200)]


class Attached(BaseModel):
    """A file in a form, in Base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Word
    content: str


class Answered(Pressed):
    """A form that was filled in."""

    answers: dict[Word, Line] = {}
    files: dict[Word, Attached] = {}


Body = TypeVar("Body", bound=Asked)


def read(kind: type[Body], body: bytes) -> Body:
    """Read a request's body; raise BadRequest naming the field that is wrong."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "body"
        fields = ", ".join(kind.model_fields)
        raise BadRequest(f"{where}: {first['msg']}. Send a JSON object with {fields}.") from None


def line_call(front: Front, asked: Typed, accept_language: str, at: datetime) -> Call:
    """Read a typed line, or a named command; raise UserError where the line is no command and no question."""
    if asked.line.strip():
        command, options = _understood(front, asked.line.strip())
        return _call(asked, accept_language, at, command.path, _placed(command, options))
    found = front.find(asked.command)
    given = _placed(found, asked.options) if found else dict(asked.options)
    return _call(asked, accept_language, at, asked.command, given)


def _understood(front: Front, line: str) -> tuple[Command, Mapping[str, str]]:
    """Read a line as a command; where it is none and does not begin with a slash, as a question."""
    try:
        return front.parse(line)
    except UserError:
        command = front.find(ASK)
        if command is None or line.startswith("/") or _is_slip(front, line):
            raise
        return command, {"question": line}


def _is_slip(front: Front, line: str) -> bool:
    """Say whether a line without a slash is a command in a wrong spelling: one word, or one behind a root."""
    paths = [command.path for command in front.commands()]
    root, _, rest = line.casefold().partition(" ")
    below = [path.removeprefix(f"{root} ") for path in paths if path.startswith(f"{root} ")]
    if rest and not below:
        return False
    given = rest.split(None, 1)[0] if rest.strip() else root
    names = below or [name for path in paths for name in (path, path.rpartition(" ")[2])]
    return process.extractOne(given, names, scorer=fuzz.ratio, score_cutoff=ALIKE) is not None


def press_call(asked: Pressed, accept_language: str, at: datetime) -> Call:
    """Read the press of a button; the front fills in its command."""
    return _call(asked, accept_language, at)


def form_call(asked: Answered, accept_language: str, at: datetime) -> Call:
    """Read a form's answers and files; those left empty are left out."""
    answers = {name: value for name, value in asked.answers.items() if value.strip()}
    uploads = {name: _upload(name, file) for name, file in asked.files.items()}
    return replace(_call(asked, accept_language, at, "", answers), uploads=uploads)


def completion_call(command: Command, options: Mapping[str, str], accept_language: str, at: datetime) -> Call:
    """Make the call as far as it is written, for suggestions."""
    return Call(command.path, caller("", "", accept_language), LOBBY, at, options)


def preferred(accept_language: str) -> str:
    """Return the locale that a browser asks for first (RFC 9110, part 12.5.4)."""
    return accept_language.split(",")[0].split(";")[0].strip() or "en"


def channel(value: str) -> str:
    """Write a room's bare name as its address, as the platforms do with their channels."""
    return value if ":" in value else str(Destination("web", "local", value.removeprefix("#")))


def _placed(command: Command, options: Mapping[str, str]) -> Mapping[str, OptionValue]:
    rooms = {option.name for option in command.options if option.kind == "channel"}
    return {name: channel(value) if name in rooms and value else value for name, value in options.items()}


def _call(
    asked: Asked,
    accept_language: str,
    at: datetime,
    command: str = "",
    options: Mapping[str, OptionValue] | None = None,
) -> Call:
    who = caller(asked.zone, asked.locale, accept_language)
    return Call(command, who, LOBBY, at, options or {}, request=f"web:{asked.request}")


def caller(zone: str, locale: str, accept_language: str) -> Caller:
    """The page's one reader, with the zone and the language as the page knows them."""
    known = zone if zone in ZONES else None
    return Caller(READER, "Reader", locale or preferred(accept_language), known, manages=True, governs=True)


def _upload(field: str, file: Attached) -> Upload:
    try:
        return Upload(file.name, b64decode(file.content, validate=True))
    except NotBase64:
        raise BadRequest(f"files.{field}.content: not Base64. Send the file's bytes in Base64.") from None
