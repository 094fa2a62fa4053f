"""import-notes.md: what an import did to the text, and what a person still has to mend."""

from briefs.importing.draft import Draft

_LEFT = (
    "Compare report.md with the report: nothing may be missing, and nothing may be added.",
    "Read each `# confirm:` in brief.yaml; keep, change or take out the proposal, and take the comment out.",
    "Take `distribution: admins` out of brief.yaml when the brief may be seen.",
)


def notes_of(draft: Draft, name: str) -> str:
    """Write the notes as Markdown; `name` is the file that was imported."""
    done = draft.notes.done or ["Nothing had to be repaired."]
    left = [*draft.notes.left, *_LEFT]
    return "\n".join(
        (
            f"# Import of {name}", "", f"{counts(draft)}", "",
            "## What was done to the text", "", *_items(done), "",
            "## What a person has to mend", "", *_items(left), "",
        )
    )  # fmt: skip


def counts(draft: Draft) -> str:
    """Say in a sentence what the draft holds."""
    brief, source = draft.document.brief, draft.document.source
    return (
        f"{len(source.passages)} passages, {len(brief.sections)} sections,"
        f" {len(brief.recommendations)} recommendations, {len(brief.topics)} topics,"
        f" {len(brief.watch_dates)} watch dates, {len(brief.judgements)} judgements;"
        f" {draft.unconfirmed} proposals to confirm."
    )


def _items(notes: list[str]) -> list[str]:
    return [f"- {' '.join(note.split())}" for note in notes]
