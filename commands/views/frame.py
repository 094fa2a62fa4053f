"""What stands around a reply's own words in every look: the page of pages, the editor's mark, the source."""

from commands.model import EditorNote, Reply
from commands.wording import speaking


def footer(reply: Reply) -> str:
    """Return the footer, with the page where there are several."""
    _ = speaking(reply.language)
    page = _("page {page} of {pages}").format(page=reply.page, pages=reply.pages) if reply.pages > 1 else ""
    return " · ".join(part for part in (reply.footer, page) if part)


def kind_words(note: EditorNote, language: str) -> str:
    """Name the kind of an editor's note."""
    _ = speaking(language)
    return {
        "erratum": _("erratum"),
        "development": _("development"),
        "comment": _("comment"),
        "outcome": _("outcome"),
    }[note.kind]


def note_heading(note: EditorNote, language: str) -> str:
    """Say that what follows are the editor's words, of which kind, and when."""
    mark = speaking(language)("Editor's note")
    return f"{mark} · {kind_words(note, language)} · {note.dated}"


def source(language: str) -> tuple[str, str]:
    """Return what stands before and behind the source of a note."""
    before, _place, behind = speaking(language)("Source: {source}").partition("{source}")
    return before, behind


def cut_short(platform: str, file: str, language: str) -> str:
    """Say that an answer is too long for a message, and where the whole of it is."""
    _ = speaking(language)
    return _(
        "This answer is longer than {platform} shows; the whole of it is in the attached file {file}."
    ).format(platform=platform, file=file)
