"""What a command receives and gives: `Call`, `Reply`, `Form`, and the parts that they are made of.

Nothing here knows a platform. An adapter turns a payload into a `Call` and a `Reply` into a payload.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from briefs.marking import N_, said_values
from scheduler.address import Destination, Person

if TYPE_CHECKING:
    from commands.desk import Desk

# --- text -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment that each reader sees in a zone of their own.

    `when` is aware. `style` "relative" reads like "in 3 days".
    """

    when: datetime
    style: Literal["date", "time", "both", "relative"] = "both"


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Words to type, exactly as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an https address."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A ping that an admin allowed: the one way for text to notify anybody.

    `target` is `role:<id>` (Discord), `usergroup:<id>` (Slack) or `person:<id>`.
    """

    target: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, which its own platform shows by its name; nobody is notified.

    `address` is a destination (`slack:T1/C1`); `name` stands where it is another platform's, or a person's.
    """

    address: str
    name: str


Inline = str | Instant | Strong | Code | Link | Mention | Place
Text = tuple[Inline, ...]


def text(*parts: Inline) -> Text:
    """Put inline parts together; plain strings are shown as they are, never as markup."""
    return parts


# --- blocks -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph of the bot's own words."""

    text: Text


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """The report's own words with their place.

    `highlight` is a span of `words` (start, end) that answers; `place` is the passage id and heading.
    `label` names a point and makes no claim.
    """

    words: str
    passage: str
    heading: str
    highlight: tuple[int, int] | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class EditorNote:
    """The editor's words, marked as such, with their date and source."""

    kind: Literal["erratum", "development", "comment", "outcome"]
    dated: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Items, one a line."""

    items: tuple[Text, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the words that say all it shows.

    `png` holds the bytes; `dark` the same picture for dark surroundings, where whoever shows it can tell.
    `told` says that the blocks beside it hold the same words: where the picture cannot be shown nothing has
    to be said in its place, and `within` ends an alt text that is too long with this sentence.
    """

    name: str
    png: bytes
    alt: str
    dark: bytes = b""
    told: str = ""

    def __post_init__(self) -> None:
        """Refuse a picture without alt text."""
        if not self.alt.strip():
            raise ValueError("a picture needs alt text that says all it shows")

    def within(self, room: int) -> str:
        """Return the alt text; one that is longer than `room` ends behind a whole line, where that is told."""
        if len(self.alt) <= room or not self.told:
            return self.alt[:room]
        kept = self.alt[: self.alt.rfind("\n", 0, room - len(self.told)) + 1]
        return kept + self.told[: room - len(kept)]

    def beyond(self, room: int) -> str:
        """Return what of the alt text `within` leaves out and no other block says."""
        return "" if self.told else self.alt[room:]


Block = Prose | Heading | Quotation | EditorNote | Listing | Picture

# --- what can be pressed, sent along, or filled in --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Press:
    """What pressing a button asks for: a command with its options, and what was on screen.

    `verb` is the first part of the button's key: `open` runs the command, `page` turns to `page` of it
    (from 1), `share` runs it for everybody in the channel. `revision` is the revision on screen, 0 where
    none matters.
    """

    verb: Literal["open", "page", "share"]
    command: str
    options: tuple[tuple[str, str], ...] = ()
    brief: str = ""
    revision: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True)
class Action:
    """A button. `key` is `verb:short-key` (at most 100 characters), under which `press` is stored.

    `commands.registry` fills in the key; an adapter sends it as `custom_id` or `action_id`.
    """

    label: str
    press: Press
    key: str = ""
    style: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, slots=True)
class File:
    """A file sent along with a reply."""

    name: str
    content: bytes
    title: str


OptionKind = Literal[
    "text", "integer", "boolean", "choice", "date", "zone", "channel", "person", "role", "file"
]
OptionValue = str | int | bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that an option may take: what is shown and what is sent."""

    label: str
    value: str


Completer = Callable[["Desk", "Call", str], Awaitable[Sequence[Choice]]]


@dataclass(frozen=True, slots=True)
class Option:
    """One typed option of a command.

    `choices` are fixed (at most 25); `completes` suggests values while typing. `long` asks for a box of
    several lines in a form. `pattern` is a regular expression of a value of several words, so that it
    needs no quotation marks in a typed line. `label` stands over its field in a form; empty, its name serves.
    """

    name: str
    description: str
    kind: OptionKind = "text"
    required: bool = False
    choices: tuple[Choice, ...] = ()
    completes: Completer | None = None
    default: OptionValue | None = None
    long: bool = False
    pattern: str = ""
    label: str = ""

    @property
    def heading(self) -> str:
        """What stands over its field."""
        return self.label or self.name.replace("-", " ").replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Form:
    """Questions to ask before a command can run (a modal on the platforms).

    Submitting it calls `command` with `preset` and the answers, under the stored `key`.
    """

    title: str
    command: str
    fields: tuple[Option, ...]
    preset: tuple[tuple[str, str], ...] = ()
    submit: str = N_("Send")
    key: str = ""
    cancel: str = N_("Cancel")


# --- reply ------------------------------------------------------------------------------------------

Visibility = Literal["private", "public"]


@dataclass(frozen=True, slots=True)
class Reply:
    """A platform-neutral message.

    `footer` stands on every page. `summary` is one plain sentence for notifications and screen readers;
    empty, the title serves. `page` of `pages` is set by `commands.pages`. `replaces` says that it may take
    the place of the message whose button was pressed, where only the presser sees that message. `again` asks for
    the same words where the command that was given would do something a second time; further pages come by it.
    `language` is that of the bot's words in it, for what an adapter writes around them.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    actions: tuple[Action, ...] = ()
    files: tuple[File, ...] = ()
    visibility: Visibility = "private"
    footer: str = ""
    summary: str = ""
    page: int = 1
    pages: int = 1
    replaces: bool = False
    again: Press | None = None
    language: str = "en"

    def with_(self, **changes: object) -> "Reply":
        """Return a copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # dataclasses.replace is untyped in names


# --- call -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call, already fetched."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, from where, as far as the platform says.

    `manages` says that the platform lets this person manage the channel (Discord: Manage Channels or
    Manage Server; Slack: workspace admin or owner), `governs` the whole workspace. `locale` is the
    platform's (`ja`, `en-US`), `language` one that the person chose, which goes before it; `zone` an IANA name
    where it is known. `roles` are the roles and user groups
    that the person holds where the call comes from (`discord:1/role:5`, `slack:T1/usergroup:S1`).
    """

    person: Person
    name: str
    locale: str = "en"
    zone: str | None = None
    manages: bool = False
    governs: bool = False
    roles: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request: a command with its options, at a moment, in a place.

    `command` is the path in words (`brief show`, `dprk-demands`). `at` is aware UTC. `request` is the
    platform's id of the request, so that a repeated one is handled once.
    """

    command: str
    caller: Caller
    place: Destination
    at: datetime
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    request: str = ""
    press: Press | None = None


Answer = Reply | Form
Handler = Callable[["Desk", Call], Awaitable[Answer]]
Right = Literal["anyone", "manager", "editor", "admin"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the registry.

    `path` is `brief show` or a topic's own name. `summary` (at most 100 characters) is shown by both
    platforms and by help. `quick` commands answer without waiting for anything and travel in the
    platform's first response; the others are acknowledged first. `asks` commands may answer with a form,
    which has to be the first response too. `audited` commands change what others rely on.
    """

    path: str
    summary: str
    handler: Handler
    options: tuple[Option, ...] = ()
    right: Right = "anyone"
    quick: bool = False
    asks: bool = False
    audited: bool = False
    example: str = ""


class UserError(Exception):
    """An expected refusal: one sentence for the user, with what to do next.

    `sentence` is marked for translation by the call itself (Babel reads UserError as a gettext keyword);
    `values` fill its {names}.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence.format(**values))

    def said(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in a language."""
        return translate(self.sentence).format(**said_values(self.values, translate))
