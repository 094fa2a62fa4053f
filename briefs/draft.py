"""A brief's YAML while an edit of it is made: where things stand in it, and whether the edit came out right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import count
from typing import Any, cast

import yaml as pyyaml

from briefs.composing import compose
from briefs.faults import BriefFaults, listed, meant
from briefs.guards import BOM, Lines
from briefs.known import former_ids_of, ids_of
from briefs.marking import N_, Sentence
from briefs.reading import BRIEF_FILE, Document, read_brief
from briefs.schema import (
    Brief,
    Judgement,
    Named,
    Note,
    OccurrenceOutcome,
    Outcome,
    Part,
    Questions,
    WatchDate,
)
from briefs.splicing import Layout, Splice, anchor, child, spliced


class CannotEdit(Exception):  # noqa: N818  # it reads as the sentence it is
    """An edit that was not made: one sentence or more, with what to do next."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A brief after an edit. `line` (from 1) is the first line of the new YAML that the edit touched."""

    document: Document
    line: int


class Draft:
    """One edit of a brief. `what` begins its sentences: The note.

    Raises BriefFaults where the two files cannot be read, and CannotEdit where they cannot be edited safely.
    """

    def __init__(self, yaml: bytes, report: bytes, what: str) -> None:
        self.what = what
        self.document = read_brief(yaml, report)
        self._body = yaml.removeprefix(BOM)
        text = self._body.decode("utf-8")
        named = anchor(self._body)
        if named is not None:
            line, _ = Lines(text).place(named[1])
            raise CannotEdit(
                N_(
                    "{what} was not written: line {line} of {file} names a text for use elsewhere (&{name}), and an"
                    " edit could change it there too. Write the text out wherever it is used, then try again.",
                    what=what, line=line, file=BRIEF_FILE, name=named[0],
                )
            )  # fmt: skip
        self.layout = Layout(text, compose(self._body, text, BRIEF_FILE))

    @property
    def brief(self) -> Brief:
        """The brief before the edit."""
        return self.document.brief

    @cached_property
    def _taken(self) -> set[str]:
        taken = {id for _, id in ids_of(self.brief)} | {id for _, id, _ in former_ids_of(self.brief)}
        return taken | set(self.document.source.passages)

    def free_id(self, wanted: str) -> str:
        """Give an id that no part, no point and no passage has or had: the wanted one, or the same with a number."""
        numbered = (f"{wanted}-{number}" for number in count(2))
        return wanted if wanted not in self._taken else next(id for id in numbered if id not in self._taken)

    def find(self, kind: str, id: str, word: str) -> int:
        """Give the place of a part in its list, by its present or a former id."""
        parts: Sequence[Named] = getattr(self.brief, kind)
        for at, part in enumerate(parts):
            if id in (part.id, *part.formerly):
                return at
        ids = [part.id for part in parts]
        near = meant(id, ids)
        hint = N_("It has none yet.")
        if ids:
            hint = (
                N_("Did you mean {near}?", near=near) if near else N_("Write one of {ids}.", ids=listed(ids))
            )
        raise CannotEdit(N_("The brief has no {word} {id}. {hint}", word=word, id=id, hint=hint))

    def part(self, kind: str, at: int) -> pyyaml.MappingNode:
        """Give the node of a part."""
        parts = cast(pyyaml.SequenceNode, child(self.layout.root, kind))
        return cast(pyyaml.MappingNode, parts.value[at])

    def append(self, kind: str, values: Mapping[str, Any], model: type[Note] | type[WatchDate]) -> Edited:
        """Put a part behind the others of its kind."""

        def grown(brief: Brief) -> Brief:
            return brief.model_copy(update={kind: (*getattr(brief, kind), model.model_validate(values))})

        return self.finish([self._grow(self.layout.root, kind, values, Brief)], grown)

    def append_outcome(self, at: int, values: Mapping[str, Any]) -> Edited:
        """Put an outcome behind the others of a watch date."""

        def grown(brief: Brief) -> Brief:
            old = brief.watch_dates[at]
            found = (*old.outcomes, OccurrenceOutcome.model_validate(values))
            return _with(brief, "watch_dates", at, old.model_copy(update={"outcomes": found}))

        return self.finish([self._grow(self.part("watch_dates", at), "outcomes", values, WatchDate)], grown)

    def append_question(self, passage: str, question: str, quote: str | None) -> Edited:
        """Put a question behind those that the same quote of a passage answers, or behind all of its own."""
        entries = self.brief.answers.get(passage, ())
        at = next((n for n, entry in enumerate(entries) if quote and entry.quote == quote), len(entries))
        made = Questions(questions=(question,), quote=quote)
        if at < len(entries):
            made = entries[at].model_copy(update={"questions": (*entries[at].questions, question)})

        def grown(brief: Brief) -> Brief:
            answers = {**brief.answers, passage: (*entries[:at], made, *entries[at + 1 :])}
            return brief.model_copy(update={"answers": answers})

        return self.finish([self._asked(passage, at, question, quote)], grown)

    def _asked(self, passage: str, at: int, question: str, quote: str | None) -> Splice:
        """Write a question into an entry of a passage's answers, or an entry of its own."""
        item: dict[str, Any] | str = {"quote": quote, "questions": [question]} if quote else question
        holder = cast(pyyaml.MappingNode | None, child(self.layout.root, "answers"))
        if holder is None:
            return self.layout.add(self.layout.root, "answers", {passage: [item]}, _before("answers", Brief))
        items = cast(pyyaml.SequenceNode | None, child(holder, passage))
        if items is None:
            order = list(self.document.source.passages)
            return self.layout.add(holder, passage, [item], order[: order.index(passage)])
        if at < len(items.value):
            asked = child(cast(pyyaml.MappingNode, items.value[at]), "questions")
            return self.layout.append(cast(pyyaml.SequenceNode, asked), question)
        return self.layout.append(items, item)

    def set_outcome(self, at: int, values: Mapping[str, str]) -> Edited:
        """Put an outcome in the place of a judgement's own."""
        node, old = self.part("judgements", at), self.brief.judgements[at]
        outcome = cast(pyyaml.MappingNode | None, child(node, "outcome"))
        if outcome is None:
            splices = [self.layout.add(node, "outcome", dict(values), _before("outcome", Judgement))]
        else:
            splices = [
                *self._replaced(outcome, values),
                *self.layout.drop(outcome, _missing(outcome, values)),
            ]

        def settled(brief: Brief) -> Brief:
            new = Outcome.model_validate(values)
            return _with(brief, "judgements", at, old.model_copy(update={"outcome": new}))

        return self.finish(splices, settled)

    def set_reviewed(self, day: date) -> Edited:
        """Put a day of review in the place of the last one."""
        splices = self._put(self.layout.root, "reviewed", day.isoformat(), Brief)
        return self.finish(splices, lambda brief: brief.model_copy(update={"reviewed": day}))

    def finish(self, splices: Sequence[Splice], change: Callable[[Brief], Brief]) -> Edited:
        """Read the new YAML, and make sure that it differs in nothing but what was to change."""
        if not splices:
            raise CannotEdit(
                N_(
                    "{what} stands in {file} just so already; nothing was changed.",
                    what=self.what,
                    file=BRIEF_FILE,
                )
            )
        text, line = spliced(self.layout.text, splices)
        bom = self.document.yaml[: len(self.document.yaml) - len(self._body)]
        try:
            document = read_brief(bom + text.encode("utf-8"), self.document.report)
        except BriefFaults as problem:
            raise CannotEdit(_not_written(self.what, problem)) from problem
        if document.brief != change(self.brief):
            raise CannotEdit(
                N_(
                    "{what} was not written: near line {line} of {file} the YAML is laid out in a way that the bot"
                    " cannot edit without touching something else. Make this edit by hand.",
                    what=self.what, line=line, file=BRIEF_FILE,
                )
            )  # fmt: skip
        return Edited(document, line)

    def _grow(
        self, holder: pyyaml.MappingNode, key: str, values: Mapping[str, Any], model: type[Part]
    ) -> Splice:
        items = child(holder, key)
        if items is None:
            return self.layout.add(holder, key, [dict(values)], _before(key, model))
        return self.layout.append(cast(pyyaml.SequenceNode, items), values)

    def _replaced(self, outcome: pyyaml.MappingNode, values: Mapping[str, str]) -> list[Splice]:
        return [splice for key in Outcome.model_fields if key in values
                for splice in self._put(outcome, key, values[key], Outcome)]  # fmt: skip

    def _put(self, holder: pyyaml.MappingNode, key: str, text: str, model: type[Part]) -> list[Splice]:
        found = child(holder, key)
        if found is None:
            return [self.layout.add(holder, key, text, _before(key, model))]
        same = found.value.strip() == text
        return [] if same else [self.layout.change(holder, cast(pyyaml.ScalarNode, found), text)]


def _before(key: str, model: type[Part]) -> Sequence[str]:
    """The keys that the schema lists before one."""
    names = list(model.model_fields)
    return names[: names.index(key)]


def _missing(mapping: pyyaml.MappingNode, values: Mapping[str, Any]) -> set[str]:
    return {key.value for key, _ in mapping.value} - values.keys()


def _with(brief: Brief, kind: str, at: int, part: Named) -> Brief:
    parts = list(getattr(brief, kind))
    parts[at] = part
    return brief.model_copy(update={kind: tuple(parts)})


def _not_written(what: str, problem: BriefFaults) -> Sentence:
    every: str = problem.faults[0].sentence
    for each in problem.faults[1:]:
        every = N_("{faults}; {fault}", faults=every, fault=each.sentence)
    if every.endswith("?"):
        return N_("{what} was not written: {faults}", what=what, faults=every)
    return N_("{what} was not written: {faults}.", what=what, faults=every)
