"""Whether briefs that live side by side want the same commands: what no brief shows alone."""

from collections.abc import Iterable, Iterator

from briefs.command_names import free_name
from briefs.faults import BriefFaults, Fault, said
from briefs.guards import BOM, text_of
from briefs.marked import load
from briefs.marking import N_
from briefs.reading import BRIEF_FILE, Document
from briefs.schema import Brief


class CommandsTaken(BriefFaults):
    """A brief that is right in itself but wants commands that another brief has."""


def refuse_collisions(document: Document, others: Iterable[Brief]) -> None:
    """Raise CommandsTaken where a document wants a command that another brief has."""
    faults = collisions(document, others)
    if faults:
        raise CommandsTaken(faults)


def collisions(document: Document, others: Iterable[Brief], name: str = BRIEF_FILE) -> list[Fault]:
    """Give a fault for each command of a document that one of the other briefs has, with a free name.

    `name` is the file's name in the faults. A brief with the document's own id, or with one that it had, is
    another version of it.
    """
    brief = document.brief
    own = {brief.brief, *brief.formerly}
    owners: dict[str, str] = {
        topic.command: N_("the topic {topic} in the brief {brief}", topic=topic.id, brief=other.brief)
        for other in others
        if other.brief not in own
        for topic in other.topics
    }
    return list(_faults(document, owners, name)) if owners else []


def _faults(document: Document, owners: dict[str, str], name: str) -> Iterator[Fault]:
    brief = document.brief
    taken = {*owners, *(topic.command for topic in brief.topics)}
    for at, topic in enumerate(brief.topics):
        if topic.command in owners:
            other = free_name(topic.command, brief.brief, taken)
            taken.add(other)
            yield Fault(
                name, *_place(document, at, name), said(topic.command),
                N_("the command {command} of the brief {brief} is also that of {owners}",
                   command=topic.command, brief=brief.brief, owners=owners[topic.command]),
                N_("choose another name, like {other}, which is free", other=other),
            )  # fmt: skip


def _place(document: Document, at: int, name: str) -> tuple[int, int]:
    data = document.yaml
    return load(data.removeprefix(BOM), text_of(data, name), name).place(("topics", at, "command"))
