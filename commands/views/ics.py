"""Events as an iCalendar file (RFC 5545, with the names and intervals of RFC 7986).

There is no METHOD: RFC 5546 (3.2.1) has a published event name an organizer, and these have none. There is no
alarm: the bot reminds, and a program that subscribes to a feed drops its alarms or repeats them.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from briefs.agenda import Event
from briefs.dates import Occurrence
from commands.views import events as words
from scheduler.when import instant_of

if TYPE_CHECKING:
    from icalendar import Calendar
    from icalendar import Event as Component

PRODUCT = "-//Briefbot//Watch dates//EN"
# How often a subscriber should look again; Google and Outlook take their own time all the same.
REFRESH = timedelta(hours=1)
_DAY = timedelta(days=1)
# Rules of a zone for so long around the events: a program that reads further has its own.
_MARGIN = timedelta(days=366)


def ics(found: Sequence[Event], name: str, language: str) -> bytes:
    """Write events as one calendar of that name. The same events give the same bytes."""
    from icalendar import Calendar  # it takes a sixth of a second to import, and most processes need none

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if found:
        calendar.add("last-modified", max(event.edited for event in found))
    for event in found:
        calendar.add_component(_component(event, language))
    _add_zones(calendar, found)
    written: bytes = calendar.to_ical()
    return written


def _component(event: Event, language: str) -> "Component":
    from icalendar import Event as Component

    made = Component()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    # RFC 5545, 3.8.7.2: without a METHOD the stamp is the time of the last revision.
    made.add("dtstamp", event.edited)
    made.add("created", event.created)
    made.add("last-modified", event.edited)
    _add_when(made, event.occurrence)
    made.add("summary", words.title(event, language))
    made.add("description", words.description(event, language))
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    # Nobody is busy because a treaty has an anniversary.
    made.add("transp", "TRANSPARENT")
    # Not the title: some programs split it at its commas, escaped or not.
    made.add("categories", [event.seen.brief.brief])
    if link := words.link(event):
        made.add("url", link)
    return made


def _add_when(made: "Component", occurrence: Occurrence) -> None:
    """A day stays a day, a month is all of its days, and a moment has no end, since none is known."""
    if occurrence.date.at is not None:
        made.add("dtstart", moment(occurrence))
        return
    made.add("dtstart", occurrence.date.day)
    if occurrence.last_day < date.max:
        made.add("dtend", occurrence.last_day + _DAY)


def moment(occurrence: Occurrence) -> datetime:
    """The instant of an occurrence with a clock time, in its own zone.

    A time that the zone's clocks skip is the first after the gap, as everywhere in the bot; RFC 5545 would
    read it with the offset before the gap.
    """
    at = occurrence.date.at
    if at is None:
        raise ValueError(f"{occurrence.title} has no clock time")
    zone = occurrence.watch_date.zone
    return instant_of(occurrence.date.day, at, zone).astimezone(ZoneInfo(zone))


def _add_zones(calendar: "Calendar", found: Sequence[Event]) -> None:
    """Add a VTIMEZONE for each zone that an event names."""
    timed = [event.occurrence.date.day for event in found if event.occurrence.date.at is not None]
    if timed:
        first = max(min(timed), date.min + _MARGIN) - _MARGIN
        last = min(max(timed), date.max - _MARGIN) + _MARGIN
        calendar.add_missing_timezones(first, last)
