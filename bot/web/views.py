"""What the page and its script are given: entries of the feed, the side column, answers."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from jinja2 import Environment, Template

from bot.web.kept import Kept
from bot.web.lobby import Cursor, Message
from bot.web.outgoing import Cards, environment, speech
from bot.web.overview import Overview
from bot.web.timeline import COMMAND
from briefs.marking import spoken
from commands.desk import Part
from commands.labels import said
from commands.languages import AUTOMATIC, NAMES
from commands.model import Command, Form, Reply
from commands.views.timeline import SPANS, USUAL, span_words
from commands.wording import Translate, speaking

PLANNED = 6
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SideColumn:
    """The side column as data and as HTML."""

    data: Json
    html: str

    def written(self) -> str:
        """Return it as JSON, the same for the same content."""
        return json.dumps({**self.data, "html": self.html}, ensure_ascii=False)


class Views:
    """Everything that leaves the page's server in one language, made from its templates."""

    def __init__(
        self, kept: Kept, language: str = "en", templates: Callable[[], Environment] = environment, *,
        edits: bool = False,
    ) -> None:  # fmt: skip
        self._kept, self.language, self._made, self._edits = kept, language, templates, edits
        self.speech = speech(language)

    # Compiling the templates takes longer than all else at a start, and nobody waits for the page then.
    @cached_property
    def templates(self) -> Environment:
        """The page's templates."""
        return self._made()

    @cached_property
    def cards(self) -> Cards:
        """What turns replies and forms into HTML."""
        return Cards(self.templates, self._kept, self.language)

    @cached_property
    def _page(self) -> Template:
        return self.templates.get_template("page.html")

    @cached_property
    def _entry(self) -> Template:
        return self.templates.get_template("entry.html")

    @cached_property
    def _side(self) -> Template:
        return self.templates.get_template("side.html")

    @cached_property
    def _refusal(self) -> Template:
        return self.templates.get_template("refusal.html")

    def page(
        self,
        commands: Sequence[Command],
        messages: Sequence[Message],
        cursor: Cursor,
        side: SideColumn,
        chosen: str,
    ) -> str:
        """The whole page, the newest message first; the timeline stands on it where it can be asked for.

        `chosen` is the language that its reader chose, or empty.
        """
        timed = any(command.path == COMMAND for command in commands)
        return self._page.render(
            starters=starters(commands),
            entries=[self.message(message)["html"] for message in reversed(messages)],
            cursor=str(cursor),
            side=side,
            spans=[(span, span_words(span, self.language)) for span in SPANS] if timed else [],
            usual=USUAL,
            names=NAMES,
            automatic=AUTOMATIC,
            chosen=chosen,
            words=_words(self.language),
            **self.speech,
        )

    def refusal(self, sentence: str, *, again: bool = False) -> str:
        """The one page that a stranger sees."""
        return self._refusal.render(sentence=sentence, again=again, **self.speech)

    def message(self, message: Message) -> dict[str, Any]:
        """A message of the history as an entry of the feed."""
        card = self.cards.card(message.reply)
        room = message.destination.channel
        html = self._entry.render(
            card=card,
            message=message.id,
            room=room,
            at=message.at,
            edited=message.edited_at,
            asked="",
            private=False,
            **self.speech,
        )
        return {
            "id": message.id, "to": str(message.destination), "key": message.key, "title": card.title,
            "summary": card.summary, "html": html,
        }  # fmt: skip

    def answer(self, reply: Reply, asked: str, at: datetime) -> dict[str, Any]:
        """An answer that only the asker sees."""
        card = self.cards.card(reply)
        html = self._entry.render(
            card=card, message=None, room="", at=at, edited=None, asked=asked, private=True, **self.speech
        )
        return {
            "kind": "card", "title": card.title, "summary": card.summary, "html": html, "replaces": reply.replaces,
        }  # fmt: skip

    def form(self, form: Form, asked: str) -> dict[str, Any]:
        """Questions to answer before a command can run."""
        return {"kind": "form", "asked": asked, **self.cards.form(form)}

    async def side(self, overview: Overview) -> SideColumn:
        """The side column as it is now."""
        planned = await overview.planned(PLANNED, self.language)
        briefs = await overview.briefs(self.language)
        health = await overview.health(self.language)
        data = {
            "planned": [
                {"when": line.when.isoformat(), "where": line.where, "what": line.what} for line in planned
            ],
            "briefs": [{**asdict(line), "published": str(line.published)} for line in briefs],
            "health": [asdict(part) for part in health],
        }
        html = self._side.render(
            planned=planned,
            briefs=briefs,
            health=_troubles_first(health),
            edits=self._edits,
            **self.speech,
        )
        return SideColumn(data, html)


def listed(command: Command, _: Translate) -> dict[str, Any]:
    """A command as data: its path, what it does, its options."""
    return {
        "path": command.path,
        "summary": spoken(command.summary, _),
        "example": command.example,
        "right": command.right,
        "options": [
            {
                "name": option.name,
                "description": spoken(option.description, _),
                "kind": option.kind,
                "required": option.required,
                "choices": [asdict(said(choice, _)) for choice in option.choices],
                "completes": option.completes is not None,
            }
            for option in command.options
        ],
    }


def starters(commands: Sequence[Command]) -> list[Command]:
    """Three commands to try: two of the report's own, and the first that anyone can run without options."""
    own = [command for command in commands if " " not in command.path][:2]
    others = [
        command
        for command in commands
        if " " in command.path
        and command.right == "anyone"
        and not any(option.required for option in command.options)
    ]
    return [*own, *others][:3]


def _troubles_first(parts: Sequence[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: part.well)


def _words(language: str) -> dict[str, str]:
    """What the script says, so that it can be translated with everything else."""
    _ = speaking(language)
    return {
        "live": _("Live"),
        "reconnecting": _("Reconnecting…"),
        "stopped": _(
            "The bot has stopped or was started anew: open the link printed at start (briefbot run prints it)."
        ),
        "unreachable": _("The bot does not answer. Is it still running? The page tries again by itself."),
        "working": _("Working…"),
        "suggestions": _("{count} suggestions"),
        "suggestion": _("1 suggestion"),
        "required": _("Please fill this in."),
        "too_large": _("This file is larger than 10 MB; choose a smaller one."),
        "posted": _("Shared: it stands in the feed for everybody here."),
        "arrived": _("New message: {title}"),
    }
