"""Replies and forms as HTML, written on the server; every value is escaped by the template engine."""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.rendered import Rendered
from bot.web.dated import time_element
from bot.web.kept import Held, Kept
from bot.web.previews import Address, Previews
from bot.web.timeline import parts
from briefs.marking import spoken
from commands.labels import YES_NO
from commands.model import EditorNote, Form, Quotation, Reply
from commands.views import frame
from commands.wording import counting, long_date, speaking

log = logging.getLogger(__name__)


def environment() -> Environment:
    """Return the page's templates. A name that a template misspells is an error, not an empty place.

    Each rendering is given `speech(language)` as well.
    """
    made = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(yes_no=YES_NO)
    made.filters.update(kind=_kind, time=_time, day=_day, spoken=_spoken)
    made.filters.update(web_address=web_address, host=host, spans=spans, kind_words=_kind_words)
    return made


@cache
def speech(language: str) -> Mapping[str, Any]:
    """What a template needs to speak a language."""
    return {"_": speaking(language), "ngettext": counting(language), "language": language}


def _kind(part: object) -> str:
    return "str" if isinstance(part, str) else type(part).__name__


@pass_context
def _time(context: Context, when: datetime, style: str = "both") -> Markup:
    return time_element(when, style, context["language"])


@pass_context
def _day(context: Context, when: date) -> str:
    return long_date(when, context["language"])


@pass_context
def _spoken(context: Context, words: str) -> str:
    return spoken(words, context["_"])


@pass_context
def _kind_words(context: Context, note: EditorNote) -> str:
    return frame.kind_words(note, context["language"])


def web_address(url: str) -> bool:
    """Say whether an address may become a link; `javascript:` and its like are shown as words."""
    return urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).netloc)


def host(url: str) -> str:
    """Name where a link leads."""
    return urlsplit(url).netloc.removeprefix("www.")


def spans(quotation: Quotation) -> tuple[str, str, str]:
    """Cut the report's words around their highlight."""
    start, end = quotation.highlight or (0, 0)
    return quotation.words[:start], quotation.words[start:end], quotation.words[end:]


@dataclass(frozen=True, slots=True)
class Card:
    """One reply in its three looks, as HTML."""

    title: str
    summary: str
    page: str
    slack: str
    discord: str

    def json(self) -> dict[str, str]:
        """Return it as the script takes it."""
        return asdict(self)


class Cards:
    """Turns replies and forms into HTML in a language; a reply that it has seen is not rendered again."""

    def __init__(self, templates: Environment, kept: Kept, language: str = "en") -> None:
        self._speech = speech(language)
        self._body = templates.get_template("card.html")
        self._form = templates.get_template("form.html")
        self._timeline = templates.get_template("timeline.html")
        self._problem = templates.get_template("undrawn.html")
        self._kept = kept
        self._previews = Previews(templates)
        self._rendered = Rendered(self.drawn)

    def card(self, reply: Reply) -> Card:
        """Render a reply in every look, the same one once."""
        return self._rendered(reply)

    def form(self, form: Form) -> dict[str, str]:
        """Render the questions of a form."""
        return {"key": form.key, "title": form.title, "html": self._form.render(form=form, **self._speech)}

    def drawn(self, reply: Reply) -> Card:
        """Render a reply that will not be shown again, such as a draft's."""
        return Card(
            title=reply.title,
            summary=reply.summary or reply.title,
            page=self._body.render(reply=reply, picture=self._picture, file=self._file, **self._speech),
            slack=self._preview("Slack", self._previews.slack, reply),
            discord=self._preview("Discord", self._previews.discord, reply),
        )

    def timeline(self, reply: Reply) -> str:
        """Render the timeline's section: what stands around today, and the rest to be opened."""
        around, beyond = parts(reply)
        return self._timeline.render(
            reply=reply, around=around, beyond=beyond, picture=self._picture, **self._speech
        )

    def _preview(self, platform: str, draw: Callable[[Reply, Address], str], reply: Reply) -> str:
        """Draw a preview; one that fails must not keep the answer itself from its reader."""
        try:
            return draw(reply, self._picture)
        except Exception:
            id = secrets.token_hex(4)
            log.exception("%s's look of %r could not be drawn, id %s", platform, reply.title, id)
            return self._problem.render(platform=platform, id=id, **self._speech)

    def _picture(self, name: str, content: bytes) -> str:
        return self._kept.keep(Held(name, "image/png", content))

    def _file(self, name: str, content: bytes) -> str:
        return self._kept.keep(Held(name, "application/octet-stream", content))
