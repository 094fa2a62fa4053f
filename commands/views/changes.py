"""What changed between two versions of a brief, in words: for whoever publishes, and for whoever asks."""

from collections.abc import Sequence
from datetime import date

from briefs.compare import Change, Comparison, compare
from briefs.visible import Visible
from commands.model import Block, Code, File, Heading, Listing, Prose, Reply, Text, text
from commands.views.differences import sentence
from commands.views.parts import footer, notes
from commands.wording import counting, filled, speaking


def changes(old: Visible, new: Visible, today: date, language: str, diff: str = "") -> Reply:
    """Every difference from one revision to another, part by part; `diff` is the YAML's own, to send along."""
    _ = speaking(language)
    found = compare(old, new)
    title = _("Changes of {title}, revision {old} to {new}").format(
        title=new.brief.title, old=old.revision, new=new.revision
    )
    said = _("Nothing that you may see differs between the two revisions.")
    blocks = changed(found, old, new, language) or [Prose(text(said))]
    files = (File("brief.diff", diff.encode(), _("The YAML, line by line")),) if diff else ()
    return Reply(
        title,
        tuple(blocks),
        files=files,
        footer=footer(new, today, language),
        summary=summary(found, language),
    )


def summary(found: Comparison, language: str) -> str:
    """Say in one sentence how much changed."""
    _, n_ = speaking(language), counting(language)
    if not found:
        return _("Nothing changed.")
    count = len(found.changes)
    return n_("{count} change.", "{count} changes.", count).format(count=count)


def changed(found: Comparison, old: Visible, new: Visible, language: str) -> list[Block]:
    """The differences under a heading for each kind of part."""
    blocks: list[Block] = []
    for heading, kinds in _groups(language):
        here = [each for each in found.changes if each.kind in kinds]
        added = [each for each in here if _is_new_note(each)]
        lines = [sentence(each, old, new, language) for each in here if each not in added]
        lines += _commands(found, language) if "topics" in kinds else []
        blocks += [Heading(heading)] if here else []
        blocks += [Listing(tuple(lines))] if lines else []
        blocks += _added(added, language)
    return blocks


def _groups(language: str) -> Sequence[tuple[str, frozenset[str]]]:
    _ = speaking(language)
    return (
        (_("The brief itself"), frozenset({"brief"})),
        (_("The report's text"), frozenset({"passages", "sections"})),
        (_("Recommendations"), frozenset({"recommendations"})),
        (_("Topics"), frozenset({"topics", "points"})),
        (_("Watch dates"), frozenset({"watch_dates", "outcomes"})),
        (_("Forecasts"), frozenset({"judgements", "not_judgements"})),
        (_("Editor's notes"), frozenset({"notes"})),
        (_("Names and questions for searching"), frozenset({"aliases", "glossary", "answers"})),
    )


def _is_new_note(change: Change) -> bool:
    return change.kind == "notes" and change.field == "" and change.was is None


def _added(found: Sequence[Change], language: str) -> list[Block]:
    """Count the new notes, and show each as what it is."""
    if not found:
        return []
    count, n_ = len(found), counting(language)
    said = n_("{count} note was added:", "{count} notes were added:", count).format(count=count)
    return [Prose(text(said)), *notes((each.now for each in found), language)]


def _commands(found: Comparison, language: str) -> list[Text]:
    _ = speaking(language)
    came = _listed(_("Commands that appear: {commands}."), found.appearing)
    return came + _listed(_("Commands that vanish: {commands}."), found.vanishing)


def _listed(said: str, commands: Sequence[str]) -> list[Text]:
    codes = [part for command in commands for part in (", ", Code(f"/{command}"))][1:]
    return [filled(said, commands=tuple(codes))] if commands else []
