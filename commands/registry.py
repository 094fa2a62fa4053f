"""The registry: every command there is, how one is found, and what a typed line means."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from rapidfuzz import fuzz, process

from briefs.command_names import ROOTS
from briefs.library import Revision
from briefs.visible import visible
from commands import parsing
from commands.model import Command, Handler, UserError
from commands.topics import topic_handler


class Registry:
    """The fixed commands, and the topics of the published briefs."""

    def __init__(self, fixed: Iterable[Command]) -> None:
        self._fixed = {command.path: command for command in fixed}
        self._topics: dict[tuple[tuple[str, int, int], ...], dict[str, Command]] = {}

    def commands(self, revisions: Mapping[str, Revision], now: datetime) -> tuple[Command, ...]:
        """Return the topics that everyone may see, then the fixed commands."""
        return (*self._of(revisions, now).values(), *self._fixed.values())

    def find(self, path: str, revisions: Mapping[str, Revision], now: datetime) -> Command | None:
        """Return the command with this path."""
        return self._fixed.get(path) or self._of(revisions, now).get(path)

    def parse(
        self, line: str, revisions: Mapping[str, Revision], now: datetime
    ) -> tuple[Command, dict[str, str]]:
        """Split a typed line into its command and its options as text.

        A root alone means help. Raises UserError with the nearest command for a path that does not exist.
        """
        given = parsing.words(line.strip().removeprefix("/"))
        if not given:
            return self._fixed["brief help"], {}
        first = given[0][0].casefold()
        if first not in ROOTS:
            command = self.find(first, revisions, now)
            if command is None:
                raise self.unknown(first, revisions, now)
            return command, parsing.options(command, given[1:])
        return self._below(first, given[1:], revisions, now)

    def _below(
        self, root: str, given: list[tuple[str, bool]], revisions: Mapping[str, Revision], now: datetime
    ) -> tuple[Command, dict[str, str]]:
        if not given:
            return self._fixed["brief help"], {}
        path = f"{root} {given[0][0].casefold()}"
        command = self._fixed.get(path)
        if command is None:
            raise self.unknown(path, revisions, now)
        return command, parsing.options(command, given[1:])

    def unknown(self, path: str, revisions: Mapping[str, Revision], now: datetime) -> UserError:
        """Return the refusal of a command that does not exist, with the nearest that does."""
        near = process.extractOne(
            path, [command.path for command in self.commands(revisions, now)], scorer=fuzz.ratio
        )
        return UserError(
            "There is no command /{path}; the nearest is /{near}. /brief help lists them all.",
            path=path,
            near=near[0] if near else "brief help",
        )

    def _of(self, revisions: Mapping[str, Revision], now: datetime) -> dict[str, Command]:
        """The topic commands of what everyone may see; kept until a brief or an embargo changes."""
        key = tuple(
            (id, revision.number, embargoes_passed(revision, now)) for id, revision in revisions.items()
        )
        found = self._topics.get(key)
        if found is None:
            found = dict(self._topic_commands(revisions, now))
            self._topics = {key: found}
        return found

    def _topic_commands(
        self, revisions: Mapping[str, Revision], now: datetime
    ) -> Iterable[tuple[str, Command]]:
        taken: set[str] = set()
        for id, revision in revisions.items():
            seen = visible(
                revision.document.brief, revision.document.source, revision.number, "everyone", now
            )
            for topic in seen.brief.topics if seen else ():
                if topic.command not in taken:
                    taken.add(topic.command)
                    yield (
                        topic.command,
                        _topic_command(topic.command, topic.description, topic_handler(id, topic.id)),
                    )


def _topic_command(path: str, summary: str, handler: Handler) -> Command:
    return Command(path, summary, handler, quick=True, example=f"/{path}")


def embargoes_passed(revision: Revision, now: datetime) -> int:
    """Count the embargoes of a brief that have ended: what is visible changes only when this does."""
    return sum(until <= now for until in revision.document.brief.embargoes)
