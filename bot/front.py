"""The bot as its adapters see it, and the running process as commands see it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.facts import Facts
from bot.seen import Seen
from briefs.visible import visible
from commands import choosing
from commands.desk import Desk
from commands.dispatch import Dispatcher
from commands.labels import said
from commands.model import Call, Choice, Code, Command, Listing, Prose, Reply, text
from commands.wording import filled, language_of, long_date, speaking
from scheduler.address import Person, destination

COMPLETION_SECONDS = 2.0


class BotFront:
    """Implements `bot.adapter.Front` over one dispatcher."""

    def __init__(
        self, desk: Desk, dispatcher: Dispatcher, seen: Seen, facts: Facts, clock: Callable[[], datetime]
    ) -> None:
        self._desk, self._dispatcher = desk, dispatcher
        self._seen, self._facts = seen, facts
        self._clock = clock
        self.answer = dispatcher.answer
        self.press = dispatcher.press
        self.submit = dispatcher.submit
        self.knows = dispatcher.knows

    def commands(self) -> tuple[Command, ...]:
        """Every command there is now, topics first."""
        return self._desk.registry.commands(self._desk.revisions(), self._clock())

    def find(self, path: str) -> Command | None:
        """Return the command with this path."""
        return self._desk.registry.find(path, self._desk.revisions(), self._clock())

    def parse(self, line: str) -> tuple[Command, Mapping[str, str]]:
        """Split a typed line into its command and options; raises UserError."""
        return self._desk.registry.parse(line, self._desk.revisions(), self._clock())

    async def complete(self, call: Call, option: str, partial: str) -> Sequence[Choice]:
        """Suggest values for an option, within two seconds or not at all."""
        call = choosing.known(self._desk, call)
        command = self.find(call.command)
        wanted = next((o for o in command.options if o.name == option), None) if command else None
        if command is None or wanted is None or not self._desk.rights.allows(command.right, call.caller):
            return ()
        if wanted.completes is None:
            _, folded = speaking(choosing.language(call)), partial.casefold()
            offered = [said(each, _) for each in wanted.choices]
            return tuple(c for c in offered if folded in c.label.casefold() or folded in c.value)
        try:
            async with asyncio.timeout(COMPLETION_SECONDS):
                return (await wanted.completes(self._desk, call, partial))[:25]
        except TimeoutError:
            return ()

    def language(self, who: Person, locale: str) -> str:
        """Return the language that a person chose, or the one that the platform's locale means."""
        return self._desk.languages.get(who) or language_of(locale)

    def choice(self, who: Person) -> str:
        """Return the language that a person chose; empty where they chose none."""
        return self._desk.languages.get(who, "")

    async def first_time(self, request: str, at: datetime) -> bool:
        """Say whether a request is new, and remember it."""
        async with self._desk.store.transaction() as tx:
            return await self._seen.first_time(tx, request, at)

    async def greeting(self, workspace: str, at: datetime, locale: str = "en") -> Reply | None:
        """Return the hello for a workspace that was not greeted yet, in the language of its locale."""
        if await self.fact(f"greeted {workspace}"):
            return None
        return self._hello(workspace, at, language_of(locale))

    async def greeted(self, workspace: str, at: datetime) -> None:
        """Remember that the hello arrived."""
        await self.remember(f"greeted {workspace}", at.isoformat())

    async def fact(self, name: str) -> str | None:
        """Read a remembered fact."""
        async with self._desk.store.reading() as tx:
            return await self._facts.get(tx, name)

    async def remember(self, name: str, value: str) -> None:
        """Store a fact."""
        async with self._desk.store.transaction() as tx:
            await self._facts.set(tx, name, value)

    def _hello(self, workspace: str, at: datetime, language: str) -> Reply | None:
        """Say what the bot holds for this workspace; None while that is nothing, so that it is said later."""
        _ = speaking(language)
        audience = self._desk.rights.audience_of(destination(f"{workspace}/hello"))
        every = (
            visible(r.brief, r.document.source, r.number, audience, at)
            for r in self._desk.revisions().values()
        )
        held = tuple(
            text(_("“{title}”, dated {date}").format(title=b.title, date=long_date(b.published, language)))
            for b in (seen.brief for seen in every if seen)
        )
        if not held:
            return None
        own_words = _("To ask in your own words, write {command} and your question.")
        topics = [command for command in self.commands() if " " not in command.path][:3]
        tries = tuple(text(Code(f"/{command.path}"), f": {command.summary}") for command in topics)
        begin = _(
            "To be reminded before watch dates, write {follow}; whoever manages a channel sets its digest with"
            " {digest}."
        )
        return Reply(
            _("Hello, this is Briefbot"),
            (
                Prose(text(_("I brief you on these reports, in their own words and with their age:"))),
                Listing(held),
                Prose(text(_("Three commands to try:"))),
                Listing(tries or (text(Code("/brief topics")),)),
                Prose(filled(own_words, command=Code("/brief ask"))),
                Prose(filled(begin, follow=Code("/brief follow"), digest=Code("/brief-admin digest"))),
            ),
            visibility="public",
            language=language,
            summary=_(
                "Hello, this is Briefbot: I brief you on reports in their own words. Write /brief help to begin."
            ),
        )  # fmt: skip
