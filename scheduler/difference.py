"""The difference that a new revision makes to the plan: which dates are planned otherwise, and who follows them.

It is pure. A plan reads of a brief its watch dates, all but their words, and which of them a subject means;
digests depend on no revision.
"""

from collections.abc import Iterable
from typing import Any

from briefs.schema import Brief, WatchDate
from scheduler.planner import dates_under

# What a plan does not read; composing reads it when a message is sent.
_WORDS = frozenset({"title", "basis", "outcomes"})


def changed_items(before: Brief, after: Brief) -> set[str]:
    """The ids, present and former, of the watch dates that two revisions do not plan alike."""
    faces, others = ({each.id: _face(each) for each in brief.watch_dates} for brief in (before, after))
    return {
        name
        for each in (*before.watch_dates, *after.watch_dates)
        if faces.get(each.id) != others.get(each.id)
        for name in (each.id, *each.formerly)
    }


def changed_subjects(before: Brief, after: Brief, subjects: Iterable[str]) -> list[str]:
    """Those of some subjects under which two revisions do not plan the same dates in the same way."""
    return [each for each in subjects if _under(before, each) != _under(after, each)]


def _under(brief: Brief, subject: str) -> list[dict[str, Any]]:
    return [_face(each) for each in dates_under(brief, subject)]


def _face(date: WatchDate) -> dict[str, Any]:
    """All that a plan may read of a date."""
    return {name: getattr(date, name) for name in WatchDate.model_fields if name not in _WORDS}
