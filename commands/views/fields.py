"""The fields of a brief in the words of a reader."""

from briefs.schema import NoteKind
from commands.wording import speaking


def field_words(kind: str, field: str, language: str) -> str:
    """Name a field of a part; raise KeyError for one that nobody described."""
    return _of_kind(language).get((kind, field)) or _anywhere(language)[field]


def _of_kind(language: str) -> dict[tuple[str, str], str]:
    _ = speaking(language)
    return {
        ("brief", "source"): _("the report's file"),
        ("notes", "kind"): _("the kind of note"),
        ("passages", "kind"): _("the kind of paragraph"),
    }


def _anywhere(language: str) -> dict[str, str]:
    _ = speaking(language)
    return {
        "format": _("the format"),
        "brief": _("the id"),
        "id": _("the id"),
        "formerly": _("the list of former ids"),
        "title": _("the title"),
        "publisher": _("the publisher"),
        "published": _("the day of publication"),
        "reviewed": _("the day of review"),
        "language": _("the language"),
        "review_every": _("the review interval"),
        "owner": _("the owner"),
        "distribution": _("the audience"),
        "embargo_until": _("the end of the embargo (UTC)"),
        "passages": _("the list of passages"),
        "heading": _("the heading"),
        "description": _("the description"),
        "label": _("the label"),
        "date": _("the day"),
        "yearly_from": _("the day that comes round each year"),
        "zone": _("the time zone"),
        "remind": _("the reminders"),
        "touches": _("what it touches"),
        "likelihood": _("the likelihood words"),
        "by": _("the day to judge it by"),
        "on": _("the day on which it happened"),
        "source": _("the source"),
        "reason": _("the reason"),
    }


def list_words(kind: str, language: str) -> str:
    """Name all parts of a kind."""
    _ = speaking(language)
    return {
        "passages": _("The report's passages"),
        "sections": _("The sections"),
        "recommendations": _("The recommendations"),
        "topics": _("The topics"),
        "points": _("The points"),
        "watch_dates": _("The watch dates"),
        "judgements": _("The forecasts"),
        "notes": _("The editor's notes"),
    }[kind]


def kind_words(kind: NoteKind, language: str) -> str:
    """Name a kind of note."""
    _ = speaking(language)
    return {
        NoteKind.erratum: _("erratum"),
        NoteKind.development: _("development"),
        NoteKind.comment: _("comment"),
    }[kind]


def audience_words(audience: str, language: str) -> str:
    """Name those who may see a part."""
    _ = speaking(language)
    return {"everyone": _("everyone"), "team": _("the team"), "admins": _("the admins")}[audience]
