"""What stands over the fields of a form, and a whole form in its reader's language."""

from dataclasses import replace

from briefs.marking import N_, spoken
from commands.model import Choice, Form, Option
from commands.wording import Translate, speaking

# The names of options are typed, and so the same in every language; over a field they may be read.
LABELS = {
    "about": N_("About"),
    "action": N_("Action"),
    "base": N_("Base"),
    "brief": N_("Brief"),
    "catch-up": N_("Catch up"),
    "channel": N_("Channel"),
    "code": N_("Code"),
    "command": N_("Command"),
    "count": N_("Count"),
    "date": N_("Date"),
    "days": N_("Days"),
    "file": N_("File"),
    "from": N_("From"),
    "hour": N_("Hour"),
    "kind": N_("Kind"),
    "language": N_("Language"),
    "leads": N_("Leads"),
    "max-age": N_("Max age"),
    "message": N_("Message"),
    "name": N_("Name"),
    "number": N_("Number"),
    "passage": N_("Passage"),
    "person": N_("Person"),
    "ping": N_("Ping"),
    "question": N_("Question"),
    "quote": N_("Quote"),
    "reason": N_("Reason"),
    "remind": N_("Remind"),
    "report": N_("Report"),
    "result": N_("Result"),
    "role": N_("Role"),
    "schedule": N_("Schedule"),
    "since": N_("Since"),
    "source": N_("Source"),
    "span": N_("Span"),
    "start": N_("Start"),
    "subject": N_("Subject"),
    "sure": N_("Sure"),
    "text": N_("Text"),
    "theme": N_("Theme"),
    "title": N_("Title"),
    "to": N_("To"),
    "topic": N_("Topic"),
    "touches": N_("Touches"),
    "until": N_("Until"),
    "where": N_("Where"),
    "whole": N_("Whole"),
    "why": N_("Why"),
    "words": N_("Words"),
    "zone": N_("Zone"),
}
YES_NO = (Choice(N_("Yes"), "yes"), Choice(N_("No"), "no"))


def in_language(form: Form, language: str) -> Form:
    """Say a form's fields, choices and buttons in a language."""
    _ = speaking(language)
    fields = tuple(_field(each, _) for each in form.fields)
    return replace(
        form,
        title=spoken(form.title, _),
        fields=fields,
        submit=spoken(form.submit, _),
        cancel=spoken(form.cancel, _),
    )


def _field(option: Option, _: Translate) -> Option:
    choices = YES_NO if option.kind == "boolean" else option.choices
    return replace(
        option,
        description=spoken(option.description, _),
        choices=tuple(said(each, _) for each in choices),
        label=spoken(LABELS.get(option.name, option.heading), _),
    )


def said(choice: Choice, _: Translate) -> Choice:
    """Say a choice in a language."""
    return replace(choice, label=spoken(choice.label, _))
