"""What the editor and its script are given: the page, a draft's faults, its parts, a preview, an outcome."""

from collections.abc import Iterable
from dataclasses import asdict
from functools import cached_property
from typing import Any

from jinja2 import Template

from bot.web.drafted import Part, Shown
from bot.web.lobby import Cursor
from bot.web.views import Json, Views
from briefs.faults import Fault
from briefs.marking import spoken
from commands.model import Reply
from commands.wording import Translate, speaking


class EditorViews:
    """Everything that the editor's addresses answer, made from the page's templates."""

    def __init__(self, views: Views) -> None:
        self._views = views

    @cached_property
    def _page(self) -> Template:
        return self._views.templates.get_template("editor.html")

    @cached_property
    def _preview(self) -> Template:
        return self._views.templates.get_template("preview.html")

    @cached_property
    def _outcome(self) -> Template:
        return self._views.templates.get_template("outcome.html")

    def page(self, brief: str, title: str, cursor: Cursor) -> str:
        """The editor of one brief; its script fetches the text."""
        return self._page.render(
            brief=brief,
            title=title,
            cursor=str(cursor),
            words=words(self._views.language),
            **self._views.speech,
        )

    def preview(self, shown: Shown) -> Json:
        """A part of the draft in every look, page by page."""
        cards = [self._views.cards.drawn(page) for page in shown.pages]
        return {"html": self._preview.render(cards=cards, **self._views.speech), "withheld": shown.withheld}

    def outcome(self, reply: Reply) -> dict[str, Any]:
        """What came of a button: a reply without buttons of its own, its files to download."""
        card = self._views.cards.drawn(reply.with_(actions=()))
        return {
            "kind": "card",
            "title": card.title,
            "html": self._outcome.render(card=card, **self._views.speech),
        }


def faults(found: Iterable[Fault], _: Translate) -> list[dict[str, Any]]:
    """Faults as the script takes them. `line` and `column` count from 1, columns in characters."""
    return [
        {"file": each.file, "line": each.line, "column": each.column, "found": spoken(each.found, _),
         "problem": spoken(each.problem, _), "cure": spoken(each.cure, _)}
        for each in found
    ]  # fmt: skip


def listed(found: Iterable[Part]) -> list[dict[str, str]]:
    """What can be previewed, as the script takes it."""
    return [asdict(part) for part in found]


def words(language: str) -> dict[str, str]:
    """What the editor's script says."""
    _ = speaking(language)
    return {
        "live": _("Live"),
        "reconnecting": _("Reconnecting…"),
        "unreachable": _("The bot does not answer. Is it still running? Try again when it does; your text stays here."),
        "lost": _("The bot does not answer. Your text stays here; checking goes on by itself when it is back."),
        "stopped": _(
            "The bot was started anew: open the link printed at start (briefbot run prints it) in another tab, "
            "and this page goes on by itself. Your text stays here."
        ),
        "back": _("The bot answers again."),
        "place": _("Line {line}, column {column}"),
        "fault_place": _("{file}, line {line}, column {column}"),
        "fault": _("{problem}; found {found}; {cure}"),
        "checking": _("Checking…"),
        "no_fault": _("No fault found."),
        "one_fault": _("1 fault, in {file} at line {line}."),
        "faults": _("{count} faults, the first in {file} at line {line}."),
        "more_faults": _("{count} more; mend these first."),
        "base": _("Begun with revision {revision}, which is published now."),
        "old_base": _("Begun with revision {revision}; revision {current} is published now."),
        "unchanged": _("Nothing changed yet."),
        "kept": _("Changed; kept in this browser until it is published."),
        "handed_in": _("Handed in as it stands here."),
        "not_kept": _(
            "This browser keeps no more text, so the draft lives only as long as this page: "
            "publish it or copy it before you close."
        ),
        "draft_of": _("A draft of {when}, begun with revision {revision}, is kept in this browser."),
        "take": _("Take it"),
        "throw": _("Throw it away"),
        "taken": _("The draft of {when} stands in the editor now."),
        "thrown": _("The draft of {when} is thrown away."),
        "moved": _(
            "Revision {revision} was published meanwhile. Your text is kept. Look at the new revision beside it, "
            "then go on with the one you want."
        ),
        "followed": _(
            "Revision {revision} was published meanwhile. Nothing was changed here, so it stands in the editor now."
        ),
        "rebased": _("Your text stays and follows revision {revision} now; publish it when it holds both."),
        "replaced": _("Revision {revision} stands in the editor now; your draft is kept and offered above."),
        "stale": _("As the draft last stood without a fault."),
        "working": _("Working…"),
        "mend": _("Mend the faults first; the first is in {file} at line {line}. Nothing was done."),
        "reason": _("Say in a sentence why, for the history."),
        "published": _("Published as revision {revision}."),
        "proposed": _("Handed in; what readers see did not change yet."),
    }  # fmt: skip
