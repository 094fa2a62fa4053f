"""The parts of a draft that can be looked at before it is published, as the replies that they would be."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypeVar

from briefs.dates import next_occurrence
from briefs.reading import Document
from briefs.schema import Named
from briefs.visible import Audience, Visible, visible
from commands.model import Action, Press, Reply
from commands.pages import one_message, paginate
from commands.views import deliveries, digests, report
from commands.views.parts import bare
from commands.wording import speaking

Some = TypeVar("Some", bound=Named)
# More pages than this nobody turns in a preview, and each is drawn in three looks.
PAGES = 20
# Every embargo has ended by then.
_AFTER_ALL = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where a draft is looked at: the number it would get, the reader's day and language, and aware UTC."""

    revision: int
    today: date
    at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to look at: its key (`topic:dprk-demands`), its group, and its name in words."""

    key: str
    group: str
    label: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A part as it would be shown: its pages, and who sees less of it (empty where everyone sees all)."""

    pages: tuple[Reply, ...]
    withheld: str


def parts(document: Document, occasion: Occasion) -> tuple[Part, ...]:
    """Return what can be looked at, in the order of the YAML, withheld parts too."""
    _, brief = speaking(occasion.language), document.brief
    coming = [d for d in brief.watch_dates if next_occurrence(d, occasion.today) and d.cancelled is None]
    return (
        *(Part(f"topic:{t.id}", _("Topics"), f"/{t.command}: {t.description}") for t in brief.topics),
        *(Part(f"section:{s.id}", _("Sections"), s.title) for s in brief.sections),
        *(Part(f"reminder:{d.id}", _("Reminders, as if sent today"), bare(d.title)) for d in coming),
        Part("recommendations:", _("The whole report"), _("Recommendations")),
        Part("digest:", _("The whole report"), _("The digest, as if sent today")),
    )


def shown(document: Document, key: str, occasion: Occasion) -> Shown | None:
    """Show a part as admins see it once no embargo is left; None where the draft holds no such part.

    Of a long part it shows the first PAGES pages.
    """
    whole = _made(document, key, "admins", replace(occasion, at=_AFTER_ALL))
    if whole is None:
        return None
    sent = key.startswith(("reminder:", "digest:"))
    pages = (one_message(whole),) if sent else paginate(whole)[:PAGES]
    withheld = _withheld(document, key, whole, occasion)
    return Shown(tuple(_keyed(page, occasion.language) for page in pages), withheld)


def _withheld(document: Document, key: str, whole: Reply, occasion: Occasion) -> str:
    """Say who does not see the whole of it now."""
    _ = speaking(occasion.language)
    words: Mapping[Audience, str] = {
        "everyone": "",
        "team": _("As the team and admins see it; others see less of it, or nothing."),
        "admins": _("As admins see it; others see less of it, or nothing."),
    }
    for audience, said in words.items():
        if _made(document, key, audience, occasion) == whole:
            return said
    return _("As it reads once its embargo has ended; until then less of it is shown, or nothing.")


def _made(document: Document, key: str, audience: Audience, occasion: Occasion) -> Reply | None:
    seen = visible(document.brief, document.source, occasion.revision, audience, occasion.at)
    kind, _, id = key.partition(":")
    maker = _MAKERS.get(kind)
    return maker(seen, id, occasion.today, occasion.language) if seen and maker else None


def _topic(seen: Visible, id: str, today: date, language: str) -> Reply | None:
    found = _named(seen.brief.topics, id)
    return report.topic(seen, found, today, language) if found else None


def _section(seen: Visible, id: str, today: date, language: str) -> Reply | None:
    found = _named(seen.brief.sections, id)
    return report.section(seen, found, today, language) if found else None


def _reminder(seen: Visible, id: str, today: date, language: str) -> Reply | None:
    found = _named(seen.brief.watch_dates, id)
    occurrence = next_occurrence(found, today) if found else None
    return deliveries.reminder(seen, occurrence, today, "", language) if occurrence else None


def _recommendations(seen: Visible, _id: str, today: date, language: str) -> Reply:
    return report.recommendations(seen, today, language)


def _digest(seen: Visible, _id: str, today: date, language: str) -> Reply:
    return digests.digest(seen, None, today, "", language)


_MAKERS: Mapping[str, Callable[[Visible, str, date, str], Reply | None]] = {
    "topic": _topic,
    "section": _section,
    "reminder": _reminder,
    "recommendations": _recommendations,
    "digest": _digest,
}


def _named(found: Sequence[Some], id: str) -> Some | None:
    return next((part for part in found if part.id == id), None)


def _keyed(page: Reply, language: str) -> Reply:
    """Give the buttons keys, without which no look draws them; those that turn pages come first."""
    numbered = enumerate((*_turns(page, language), *page.actions), 1)
    return page.with_(actions=tuple(replace(a, key=a.key or f"draft:{number}") for number, a in numbered))


def _turns(page: Reply, language: str) -> Iterator[Action]:
    _ = speaking(language)
    if page.page < page.pages:
        label = _("More ({page} of {pages})").format(page=page.page + 1, pages=page.pages)
        yield Action(label, Press("page", ""), f"draft-page:{page.page + 1}", "primary")
    if page.page > 1:
        label = _("Back ({page} of {pages})").format(page=page.page - 1, pages=page.pages)
        yield Action(label, Press("page", ""), f"draft-page:{page.page - 1}")
