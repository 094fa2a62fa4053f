"""What the bot says where it told a date that does not stand any more."""

from dataclasses import replace
from datetime import date

from briefs.dates import Occurrence
from briefs.schema import CalendarDate, EditorBasis
from briefs.visible import Visible
from commands.model import Action, Block, EditorNote, Press, Prose, Reply, Strong, text
from commands.views import dates
from commands.views.parts import footer, warning
from commands.views.report import button
from commands.wording import long_date, speaking


def correction(
    visible: Visible, occurrence: Occurrence, before: CalendarDate, today: date, language: str, *, back: bool
) -> Reply:
    """Say that a date moved from where it was told to be; `back` says that it was told to be cancelled."""
    _ = speaking(language)
    now = long_date(occurrence.date, language)
    far = dates.countdown((occurrence.date.day - today).days, language)
    if back:
        said = _("This date was announced here as cancelled. It stands after all, on {now}, {far}.")
    else:
        said = _("This date was announced here for {before}. It is now on {now}, {far}.")
    words = said.format(before=long_date(before, language), now=now, far=far)
    title = _("{title}: on again, {now}") if back else _("{title}: moved to {now}")
    return Reply(
        title.format(title=occurrence.title, now=now),
        (*warning(visible, today, language), Prose(text(words)),
         dates.basis(visible, occurrence.watch_date, language)),
        actions=_buttons(visible, occurrence, language),
        visibility="public",
        footer=footer(visible, today, language),
        summary=f"{occurrence.title}: {words}",
    )  # fmt: skip


def cancellation(
    visible: Visible,
    title: str,
    occurrence: Occurrence | None,
    before: CalendarDate,
    today: date,
    language: str,
) -> Reply:
    """Say that a date is cancelled; `occurrence` is None where the brief does not name it any more."""
    _ = speaking(language)
    when = long_date(before, language)
    if occurrence is None:
        words = _("This date was announced here for {when}. The brief does not name it any more.")
    else:
        words = _("This date was announced here for {when}. It is cancelled.")
    said = words.format(when=when)
    blocks: list[Block] = [*warning(visible, today, language), Prose(text(said))]
    cancelled = occurrence.watch_date.cancelled if occurrence else None
    if isinstance(cancelled, EditorBasis):
        blocks.append(EditorNote("comment", "", cancelled.editor, cancelled.source))
    return Reply(
        _("{title}: cancelled").format(title=title),
        tuple(blocks),
        actions=_buttons(visible, occurrence, language),
        visibility="public",
        footer=footer(visible, today, language),
        summary=f"{title}: {said}",
    )


def marked(sent: Reply, now: CalendarDate | None, language: str, *, back: bool = False) -> Reply:
    """Put over a message that was sent that its date moved to `now`, or was cancelled.

    `back` says that the message told a cancellation.
    """
    _ = speaking(language)
    if now is None:
        said, title = _("Cancelled, see below."), _("Cancelled: {title}")
    elif back:
        said, title = _("On again: {now}, see below."), _("On again: {title}")
    else:
        said, title = _("Moved to {now}, see below."), _("Moved: {title}")
    words = said.format(now=long_date(now, language) if now else "")
    return replace(
        sent,
        title=title.format(title=sent.title),
        blocks=(Prose(text(Strong(words))), *sent.blocks),
        summary=f"{words} {sent.summary}".strip(),
    )


def _buttons(visible: Visible, occurrence: Occurrence | None, language: str) -> tuple[Action, ...]:
    _ = speaking(language)
    unfollow = Action(_("Unfollow"), Press("open", "brief unfollow"))
    if occurrence is None:
        return (button(visible, _("All dates"), "brief dates"), unfollow)
    about = button(visible, _("About this date"), "brief dates", name=occurrence.watch_date.id)
    return (about, unfollow)
