"""How the answering engine's weights are learned: two logistic regressions, and a threshold by cross-validation.

The first ranks: the sentence that answers against the others of the same question (a softmax over them). The second
decides whether the best sentence answers at all. The threshold is the least at which, of the questions of each file
in turn, with weights that were learned from the others alone, at most a set share of those that nothing answers get
an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from briefs.answering.features import Features
from briefs.answering.weights import CHANCE, LEAD, TOP, Weights

# Of the questions that nothing answers so many may get an answer: 2 in 30, as is aimed at, whoever asks; more where
# nothing but the report's words helps, or next to nothing would be answered.
FALSE_ANSWERS, FALSE_ANSWERS_BARE = 2 / 30, 0.15
# A file sets the threshold where it holds so many questions that nothing answers.
ENOUGH = 30
STEPS, STRIDE = 150, 0.08
RANK_PENALTY, DECISION_PENALTY = 0.02, 0.003
# What the editors' own questions, each left out of the brief when it is asked, count beside others' questions: they
# teach what a paraphrase looks like, but not how the questions of strangers that nothing answers do.
EDITORS_RANK, EDITORS_DECIDE = 0.3, 0.03

Array = Any


@dataclass(frozen=True)
class Example:
    """One question beside its candidates. `right` holds the candidates (by row) that answer; none if nothing does."""

    found: Sequence[Features]
    against: Features
    right: frozenset[int]
    editors: bool = False


@dataclass(frozen=True)
class Table:
    """Examples as arrays, by example, candidate and feature; candidates are padded to one number."""

    ranking: Sequence[str]
    decision: Sequence[str]
    ranks: Array
    decides: Array
    there: Array
    right: Array
    editors: Array

    @classmethod
    def of(cls, examples: Sequence[Example], ranking: Sequence[str], decision: Sequence[str]) -> "Table":
        """Lay examples out, given the names of the features that rank and that decide."""
        shape = len(examples), max(len(each.found) for each in examples)
        ranks, decides = np.zeros((*shape, len(ranking))), np.zeros((*shape, len(decision)))
        there, right = np.zeros(shape, bool), np.zeros(shape, bool)
        for at, each in enumerate(examples):
            every = [{**each.against, **features} for features in each.found]
            ranks[at, : len(every)] = [[features[name] for name in ranking] for features in every]
            decides[at, : len(every)] = [[features.get(name, 0.0) for name in decision] for features in every]
            there[at, : len(every)] = True
            right[at, list(each.right)] = True
        editors = np.array([each.editors for each in examples])
        return cls(ranking, decision, ranks, decides, there, right, editors)

    def take(self, rows: Array) -> "Table":
        """Give some of the examples."""
        return Table(
            self.ranking, self.decision, self.ranks[rows], self.decides[rows], self.there[rows],
            self.right[rows], self.editors[rows],
        )  # fmt: skip

    def scores(self, weights: Weights) -> Array:
        """Give the rank of each candidate; what is padding ranks nowhere."""
        return np.where(self.there, self.ranks @ [weights.ranking[name] for name in self.ranking], -np.inf)

    def decisive(self, weights: Weights) -> Array:
        """Give what the decision is taken from: the features of the best candidate, and how it stands out."""
        scores = self.scores(weights)
        best = scores.argmax(axis=1)
        rows = np.arange(len(best))
        high = np.sort(scores, axis=1)
        second = high[:, -2] if scores.shape[1] > 1 else high[:, -1]
        second = np.where(np.isfinite(second), second, high[:, -1])
        found = self.decides[rows, best]
        stands = {
            TOP: high[:, -1],
            LEAD: high[:, -1] - second,
            CHANCE: 1 / np.exp(scores - high[:, -1:]).sum(axis=1),
        }
        for name, values in stands.items():
            found[:, self.decision.index(name)] = values
        return found

    def confidences(self, weights: Weights) -> Array:
        """Say for each example how sure the weights are that the best candidate answers."""
        values = weights.bias + self.decisive(weights) @ [weights.decision[name] for name in self.decision]
        return 1 / (1 + np.exp(-np.clip(values, -30, 30)))

    def places(self, weights: Weights) -> Array:
        """Give for each example how many candidates rank above the best that answers; none answers: all."""
        scores = self.scores(weights)
        best = np.where(self.right, scores, -np.inf).max(axis=1)
        return (scores > best[:, None]).sum(axis=1)


def learn(table: Table, threshold: float = 0.0) -> Weights:
    """Learn from examples."""
    coefficients = _rank(table.take(table.right.any(axis=1)))
    ranking = {name: round(float(each), 5) for name, each in zip(table.ranking, coefficients, strict=True)}
    rows = table.decisive(Weights(ranking, {}, 0.0, 0.0))
    counts = np.where(table.editors, EDITORS_DECIDE, 1.0)
    bias, weights = _decide(rows, table.right.any(axis=1).astype(float), counts)
    return Weights(ranking, dict(zip(table.decision, weights, strict=True)), bias, threshold)


def _rank(table: Table) -> Array:
    """Learn the ranking by Adam, over features of like spread."""
    spread = table.ranks[table.there].std(axis=0) + 1e-9
    flat = ((table.ranks - table.ranks[table.there].mean(axis=0)) / spread).reshape(-1, len(spread))
    learned, counts = np.zeros(len(spread)), np.where(table.editors, EDITORS_RANK, 1.0)
    mean, square = np.zeros_like(learned), np.zeros_like(learned)
    for step in range(1, STEPS + 1):
        scores = np.where(table.there, (flat @ learned).reshape(table.there.shape), -np.inf)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        chance, wanted = powers / powers.sum(axis=1, keepdims=True), powers * table.right
        wanted = wanted / wanted.sum(axis=1, keepdims=True)
        pull = ((chance - wanted) * counts[:, None]).ravel()
        slope = pull @ flat / counts.sum() + RANK_PENALTY * learned
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        learned = learned - STRIDE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return learned / spread


def _decide(rows: Array, answers: Array, counts: Array) -> tuple[float, list[float]]:
    """Learn the decision by Newton's method."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    values = np.c_[np.ones(len(rows)), (rows - mean) / spread]
    learned = np.zeros(values.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-np.clip(values @ learned, -30, 30)))
        curve = (chance * (1 - chance) + 1e-6) * counts
        bend = (values * curve[:, None]).T @ values / counts.sum() + DECISION_PENALTY * np.eye(len(learned))
        learned = learned - np.linalg.solve(
            bend, values.T @ ((chance - answers) * counts) / counts.sum() + DECISION_PENALTY * learned
        )
    weights = learned[1:] / spread
    return round(float(learned[0] - weights @ mean), 5), [round(float(each), 5) for each in weights]


def left_out(table: Table, files: Array) -> tuple[Array, Array]:
    """Give confidences and places of the first examples, by weights that were learned without their file.

    `files` names the file of each; the examples after these are learned from each time.
    """
    sure, places = np.zeros(len(files)), np.zeros(len(files))
    rest = np.arange(len(files), len(table.editors))
    for file in np.unique(files):
        out = np.flatnonzero(files == file)
        weights = learn(table.take(np.r_[np.flatnonzero(files != file), rest]))
        sure[out] = table.take(out).confidences(weights)
        places[out] = table.take(out).places(weights)
    return sure, places


def threshold(sure: Array, answers: Array, files: Array, most: float) -> float:
    """Give the least confidence that keeps false answers to a share of each file's questions that nothing answers.

    `answers` says whether something does. Where no file holds ENOUGH of them, all are taken together.
    """
    each = [sure[~answers & (files == file)] for file in np.unique(files)]
    enough = [one for one in each if len(one) >= ENOUGH] or [sure[~answers]]
    return max(_least(one, most) for one in enough)


def _least(false: Array, most: float) -> float:
    return round(float(np.sort(false)[::-1][int(most * len(false))]) + 1e-4, 4)
