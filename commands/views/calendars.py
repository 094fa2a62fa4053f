"""What is said of calendar files and feeds."""

from collections.abc import Sequence
from datetime import date

from briefs.agenda import Event
from briefs.visible import Audience, Visible
from commands.model import Action, Block, Code, File, Instant, Listing, Press, Prose, Reply, Strong, text
from commands.views import events as words
from commands.views.dates import countdown
from commands.views.parts import footer, warning
from commands.wording import counting, filled, long_date, speaking
from scheduler.feeds import Feed

# So many stand in the reply; every one is in the file.
SHOWN = 3


def file_title(language: str) -> str:
    """Name the file for those who see its title and not its name."""
    return speaking(language)("Watch dates for a calendar")


def sent(seen: Visible, found: Sequence[Event], file: File, today: date, language: str) -> Reply:
    """Hand out a file of events."""
    _, n_ = speaking(language), counting(language)
    said = n_(
        "{name} holds {count} date. Open it with your calendar. A later file of the same date moves it there and"
        " adds it only once.",
        "{name} holds {count} dates. Open it with your calendar. A later file of the same dates moves them there and"
        " adds each only once.",
        len(found),
    ).format(name=file.name, count=len(found))
    lines = [
        text(
            Strong(long_date(event.occurrence.date, language)),
            f": {words.title(event, language)} ({countdown((event.occurrence.date.day - today).days, language)})",
        )
        for event in found[:SHOWN]
    ]
    feed = _("For dates that move by themselves, whoever manages the workspace makes a feed with {command}.")
    blocks: list[Block] = [
        *warning(seen, today, language),
        Prose(text(said)),
        Listing(tuple(lines)),
        *_rest(len(found) - SHOWN, language),
        Prose(filled(feed, command=Code("/brief-admin calendar"))),
    ]
    return Reply(
        _("Dates for your calendar"), tuple(blocks), files=(file,), footer=footer(seen, today, language),
        summary=said,
    )  # fmt: skip


def _rest(count: int, language: str) -> list[Block]:
    said = counting(language)("{count} more is in the file.", "{count} more are in the file.", count)
    return [Prose(text(said.format(count=count)))] if count > 0 else []


def state(standing: Feed | None, language: str) -> Reply:
    """Say whether a workspace has a feed."""
    _ = speaking(language)
    title = _("Calendar feed")
    if standing is None:
        said = _(
            "This workspace has no calendar feed. Making one gives an address that calendars subscribe to."
        )
        return Reply(title, (Prose(text(said)),), actions=(_button(_("Make one"), "make"),))
    made = _("This workspace has a calendar feed, made by {person} on {moment}.")
    who = standing.made_by or _("somebody who asked to be forgotten")
    blocks: list[Block] = [
        Prose(filled(made, person=who, moment=Instant(standing.made_at, "date"))),
        Prose(text(_use(standing, language))),
        Prose(text(_("Its address is kept as a hash and cannot be shown again; renew it where it is lost or known to"
                     " too many."))),
    ]  # fmt: skip
    return Reply(
        title, tuple(blocks),
        actions=(_button(_("Renew"), "renew"), _button(_("Revoke"), "revoke", danger=True)),
    )  # fmt: skip


def _use(standing: Feed, language: str) -> str:
    _ = speaking(language)
    if standing.read_on is None:
        return _("No calendar has fetched it yet.")
    return _("A calendar fetched it last on {date} (UTC).").format(date=long_date(standing.read_on, language))


def address(url: str, audience: Audience, language: str, *, ended: bool) -> Reply:
    """Give a new address, this once. It is no link, because what previews a link would fetch the calendar."""
    _ = speaking(language)
    said = _(
        "Subscribe to this address in your calendar: “From URL” in Google, “Subscribe” in Outlook and Apple."
    )
    blocks: list[Block] = [Prose(text(said)), Prose(text(Code(url)))]
    blocks += [
        Prose(text(_reach(audience, language))),
        Prose(filled(_("Add {query} for one brief alone."), query=Code("?brief=ID"))),
    ]
    if ended:
        blocks.append(Prose(text(_("The old address does not answer any more."))))
    return Reply(_("The address of the calendar feed"), tuple(blocks))


def _reach(audience: Audience, language: str) -> str:
    _ = speaking(language)
    shown = {
        "everyone": _("Whoever has it sees the dates that are for everyone."),
        "team": _("Whoever has it sees the dates that are for the team."),
        "admins": _(
            "Whoever has it sees every date, those for admins too; it answers on this machine alone."
        ),
    }[audience]
    once = _("It is shown this once: keep it like a password, and revoke it with {command} when it gets out.")
    return f"{shown} {once.format(command='/brief-admin calendar revoke')}"


def revoked(language: str) -> Reply:
    """Confirm that a feed ended."""
    _ = speaking(language)
    said = _("The address does not answer any more. Calendars that have fetched it keep what they have until it is"
             " deleted there.")  # fmt: skip
    return Reply(
        _("The calendar feed is revoked"), (Prose(text(said)),), actions=(_button(_("Make one"), "make"),)
    )


def _button(label: str, action: str, *, danger: bool = False) -> Action:
    press = Press("open", "brief-admin calendar", (("action", action),))
    return Action(label, press, style="danger" if danger else "plain")
