"""Which brief, and which of its parts, a call is about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from briefs.marking import N_
from briefs.schema import ZONES, Named
from briefs.visible import Audience, Visible, visible
from commands.desk import Desk
from commands.model import Call, Choice, Option, UserError
from commands.wording import language_of
from scheduler.address import Destination

Some = TypeVar("Some", bound=Named)


def language(call: Call) -> str:
    """Return the language to answer in: the one that the caller chose, or the platform's."""
    return call.caller.language or language_of(call.caller.locale)


def known(desk: Desk, call: Call) -> Call:
    """Add to a call the zone and the language that its caller set here."""
    caller = call.caller
    zone, spoken = desk.zones.get(caller.person), desk.languages.get(caller.person)
    if zone is None and spoken is None:
        return call
    return replace(call, caller=replace(caller, zone=zone or caller.zone, language=caller.language or spoken))


def today(call: Call) -> date:
    """Return the day on which the call is made, on the caller's own calendar where the zone is known."""
    zone = call.caller.zone
    return call.at.astimezone(ZoneInfo(zone if zone in ZONES else "UTC")).date()


def is_share(call: Call) -> bool:
    """Say whether the answer goes to everybody in the channel."""
    return call.press is not None and call.press.verb == "share"


def readable(desk: Desk, call: Call) -> dict[str, Visible]:
    """Return what the readers of the answer may see of every brief, by the brief's id."""
    return _seen(desk, call, desk.rights.audience(call, public=is_share(call)))


def _seen(desk: Desk, call: Call, audience: Audience) -> dict[str, Visible]:
    found = {
        id: visible(revision.document.brief, revision.document.source, revision.number, audience, call.at)
        for id, revision in desk.revisions().items()
    }
    return {id: seen for id, seen in found.items() if seen is not None}


def shown_at(desk: Desk, call: Call, place: Destination) -> dict[str, Visible]:
    """Return what the readers of a place may see of every brief, by the brief's id."""
    return _seen(desk, call, desk.rights.audience_of(place))


def chosen(desk: Desk, call: Call, place: Destination | None = None) -> Visible:
    """Return the brief that the call names, or the only one; raise UserError naming those there are.

    With a place it is what the readers of that place may see, and not what the caller may.
    """
    seen = readable(desk, call) if place is None else shown_at(desk, call, place)
    if not seen:
        raise UserError("No brief is published here yet; an admin adds one to the briefs folder.")
    name = call.options.get("brief")
    if name is None:
        if len(seen) == 1:
            return next(iter(seen.values()))
        raise UserError(
            "There are several briefs ({names}); say which, like brief={first}.",
            names=", ".join(seen),
            first=next(iter(seen)),
        )
    by_any = {old: one for one in seen.values() for old in (one.brief.brief, *one.brief.formerly)}
    if str(name) not in by_any:
        raise UserError("There is no brief “{name}”; there is {names}.", name=name, names=", ".join(seen))
    return by_any[str(name)]


def part(parts: Sequence[Some], name: str) -> Some | None:
    """Return the part with this id, or one that had it formerly."""
    return next((found for found in parts if name == found.id or name in found.formerly), None)


def nearest(name: str, names: Sequence[str]) -> str:
    """Return the name that is most like what was typed; a dash where there is none at all."""
    found = process.extractOne(name, names, scorer=fuzz.ratio)
    return found[0] if found else "-"


def suggested(names: Mapping[str, str], partial: str) -> list[Choice]:
    """Rank values (value to what is shown) by what was typed so far; all of them, in order, for nothing."""
    if not partial.strip():
        return [Choice(label[:100], value) for value, label in list(names.items())[:25]]
    folded = partial.casefold()
    direct = [v for v, label in names.items() if folded in v.casefold() or folded in label.casefold()]
    others = [v for _, _, v in process.extract(partial, names, scorer=fuzz.WRatio, limit=25, score_cutoff=60)]
    return [Choice(names[v][:100], v) for v in list(dict.fromkeys([*direct, *others]))[:25]]


async def complete_brief(desk: Desk, call: Call, partial: str) -> list[Choice]:
    """Suggest briefs."""
    return suggested({id: seen.brief.title for id, seen in readable(desk, call).items()}, partial)


BRIEF = Option("brief", N_("Which brief, if there are several"), completes=complete_brief)
