"""A scripted front: the near side of an adapter while only the adapter is on trial."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from commands.desk import Desk
from commands.model import (
    Action,
    Answer,
    Call,
    Choice,
    Command,
    EditorNote,
    Form,
    Option,
    Press,
    Prose,
    Quotation,
    Reply,
    text,
)  # fmt: skip
from commands.parsing import options, usage, words
from commands.wording import language_of
from scheduler.address import Person

Script = Answer | Callable[[Call], Answer | Awaitable[Answer]]

MORE = Press("page", "dprk-demands", page=2)
DEMANDS = Reply(
    title="What Pyongyang would ask of Washington",
    blocks=(
        Quotation("Kim would likely demand all of the following", "dialogue-1", "Dialogue", (0, 16)),
        Quotation("recognition of its nuclear power status", "dialogue-1", "Dialogue", label="Status"),
    ),
    actions=(Action("More", MORE, "page:demands-2"),),
    footer="The Korean Peninsula · as of December 6, 2024 · revision 1",
    summary="Three demands that Kim would likely make",
)
SECOND_PAGE = Reply(
    title="What Pyongyang would ask of Washington",
    blocks=(Quotation("the removal of sanctions", "dialogue-1", "Dialogue"),),
    actions=(Action("Back", Press("page", "dprk-demands"), "page:demands-1"),),
    footer="The Korean Peninsula · as of December 6, 2024 · revision 1",
    replaces=True,
)
SHARED = DEMANDS.with_(visibility="public", actions=())
OUTLOOK = Reply(
    title="Where Japan and South Korea are heading",
    blocks=(
        Quotation("there is a possibility of relations cooling", "outlook-2", "Japan-ROK relations"),
        EditorNote(
            "development", "April 4, 2025", "The president was removed.", "https://example.org/ruling?a=1_2"
        ),
    ),
    footer="The Korean Peninsula · as of December 6, 2024 · revision 1",
)
FOUND = Reply(title="2 passages mention “sanctions”", blocks=(Prose(text("dialogue-1 and outlook-2")),))
VIEWS = (Choice("Short", "short"), Choice("Whole", "whole"))
ASK_PASSAGE = Form(
    title="Show a passage",
    command="brief show",
    fields=(
        Option("passage", "Its id, for example dialogue-1", required=True),
        Option("view", "How much to show", "choice", choices=VIEWS),
        Option("reason", "Why you ask", long=True),
    ),
    key="form:show-1",
)
OVERVIEW = Reply(
    title="What comes next",
    blocks=(Prose(text("The signing is in 7 days.")),),
    actions=(Action("All dates", Press("open", "brief dates"), "open:dates"),),
)
HELLO = Reply(
    title="Hello, I brief this server on The Korean Peninsula",
    blocks=(Prose(text("Try /dprk-demands, /japan-rok-outlook or /brief dates.")),),
    summary="Hello, I brief this server on The Korean Peninsula",
)
LOST = Reply(title="Nobody knows this button any more; send the command again.")


async def _unused(desk: Desk, call: Call) -> Answer:
    raise AssertionError("the scripted front answers from its script")


async def _unsuggested(desk: Desk, call: Call, partial: str) -> Sequence[Choice]:
    raise AssertionError("the scripted front suggests from its script")


COMMANDS = (
    Command(
        "dprk-demands", "What Pyongyang would ask of Washington", _unused, quick=True, example="/dprk-demands"
    ),
    Command("japan-rok-outlook", "Where Japan and South Korea are heading", _unused, quick=True),
    Command(
        "brief show",
        "Show a passage",
        _unused,
        (
            Option("view", "How much", "choice", choices=VIEWS),
            Option("passage", "Its id", required=True, completes=_unsuggested),
        ),
        asks=True,
        example="/brief show dialogue-1",
    ),
    Command(
        "brief search",
        "Find words in the report",
        _unused,
        (Option("words", "What to look for", required=True),),
    ),
    Command("brief subscriptions", "What arrives here", _unused),
    Command(
        "brief follow",
        "Be reminded before watch dates",
        _unused,
        (
            Option("lead", "Days before", "integer"),
            Option("from", "First day", "date"),
            Option("quiet", "Without a sound", "boolean"),
            Option("who", "For whom", "person"),
        ),
    ),
    Command(
        "brief-admin digest",
        "Set a digest",
        _unused,
        (
            Option("channel", "Where", "channel"),
            Option("zone", "Whose clock", "zone", completes=_unsuggested),
            Option("ping", "Whom to notify", "role"),
        ),
        right="manager",
    ),
    Command(
        "brief-admin upload",
        "Publish a brief",
        _unused,
        (Option("file", "The YAML", "file"),),
        right="editor",
    ),
)
SCRIPT: Mapping[str, Script] = {
    "dprk-demands": DEMANDS,
    "japan-rok-outlook": OUTLOOK,
    "brief show": ASK_PASSAGE,
    "brief search": FOUND,
    "brief subscriptions": Reply(title="Nothing arrives here yet"),
    "brief overview": OVERVIEW,
    "brief follow": Reply(title="You follow The Korean Peninsula"),
    "brief-admin digest": Reply(title="The digest arrives every Monday"),
    "brief-admin upload": Reply(title="Revision 2 is published"),
    "page:demands-2": SECOND_PAGE,
    "page:demands-1": DEMANDS.with_(replaces=True),
    "share:demands": SHARED,
    "form:show-1": Reply(title="dialogue-1"),
    "open:dates": Reply(title="Watch dates"),
}


def after(seconds: float, answer: Answer) -> Callable[[Call], Awaitable[Answer]]:
    """Give an answer that takes its time."""

    async def late(call: Call) -> Answer:
        await asyncio.sleep(seconds)
        return answer

    return late


@dataclass
class ScriptedFront:
    """Answers a command by its path, and a press or a form by its key, from `script`; notes what it is asked.

    `said` holds (key or "", call) of every call in order; `presses` is what `knows` knows; `suggestions`
    answer `complete`; `hello` is every workspace's greeting; `facts` and `seen` are its whole memory.
    """

    listed: tuple[Command, ...] = COMMANDS
    script: dict[str, Script] = field(default_factory=lambda: dict(SCRIPT))
    presses: dict[str, Press] = field(default_factory=lambda: {"page:demands-2": MORE})
    suggestions: Callable[[str, str], Awaitable[Sequence[Choice]]] | Sequence[Choice] = ()
    hello: Reply | None = None
    said: list[tuple[str, Call]] = field(default_factory=list)
    asked: list[tuple[str, str, Call]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    greeted_workspaces: dict[str, datetime] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    chosen: str = ""

    def commands(self) -> tuple[Command, ...]:
        return self.listed

    def find(self, path: str) -> Command | None:
        return next((command for command in self.listed if command.path == path), None)

    def parse(self, line: str) -> tuple[Command, Mapping[str, str]]:
        given = words(line.strip().removeprefix("/"))
        for length in (2, 1):
            command = self.find(" ".join(word for word, _ in given[:length]))
            if command is not None:
                return command, options(command, given[length:])
        raise AssertionError(f"no command in {line!r}; {usage(self.listed[0])}")

    async def answer(self, call: Call) -> Answer:
        return await self._play(call.command, "", call)

    async def press(self, key: str, call: Call) -> Answer:
        return await self._play(key, key, call)

    async def submit(self, key: str, call: Call) -> Answer:
        return await self._play(key, key, call)

    async def _play(self, name: str, key: str, call: Call) -> Answer:
        self.said.append((key, call))
        played = self.script.get(name, LOST)
        if not callable(played):
            return played
        answer = played(call)
        return answer if isinstance(answer, Reply | Form) else await answer

    async def complete(self, call: Call, option: str, partial: str) -> Sequence[Choice]:
        self.asked.append((option, partial, call))
        return await self.suggestions(option, partial) if callable(self.suggestions) else self.suggestions

    def knows(self, key: str) -> Press | None:
        return self.presses.get(key)

    def language(self, who: Person, locale: str) -> str:
        return self.chosen or language_of(locale)

    def choice(self, who: Person) -> str:
        return self.chosen

    def chooses(self, call: Call) -> Reply:
        """Answer `/brief language`."""
        self.chosen = str(call.options["language"])
        return Reply("Your language")

    async def first_time(self, request: str, at: datetime) -> bool:
        fresh = request not in self.seen
        self.seen.add(request)
        return fresh

    async def greeting(self, workspace: str, at: datetime, locale: str = "en") -> Reply | None:
        return None if workspace in self.greeted_workspaces else self.hello

    async def greeted(self, workspace: str, at: datetime) -> None:
        self.greeted_workspaces[workspace] = at

    async def fact(self, name: str) -> str | None:
        return self.facts.get(name)

    async def remember(self, name: str, value: str) -> None:
        self.facts[name] = value


def utc_now() -> datetime:
    """The clock of adapters under test."""
    return datetime.now(UTC)


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until a condition holds; fail after so many seconds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)
