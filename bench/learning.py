"""How the answering engine's weights are learned: two logistic regressions, and a threshold by cross-validation.

The first ranks: the sentence that answers against the others of the same question (a softmax over them). The second
decides whether the best sentence answers at all. The threshold is the least at which, over questions that were left
out of the learning, at most a set share of those that nothing answers get an answer.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from briefs.answering.features import Features
from briefs.answering.weights import Weights, ranked

# Of the questions that nothing answers so many may get an answer; more where nothing but the report's words helps.
FALSE_ANSWERS, FALSE_ANSWERS_BARE = 0.05, 0.15
FOLDS = 5
ROUNDS = 2
STEPS, STRIDE = 150, 0.08
RANK_PENALTY, DECISION_PENALTY = 0.02, 0.01
# What the editors' own questions, each left out of the brief when it is asked, count beside others' questions.
EDITORS = 0.3

Array = Any


@dataclass(frozen=True)
class Example:
    """One question beside its candidates. `right` holds the candidates (by row) that answer; none if nothing does."""

    found: Sequence[Features]
    against: Features
    right: frozenset[int]
    weight: float = 1.0


def learn(
    examples: Sequence[Example], ranking: Sequence[str], decision: Sequence[str], threshold: float
) -> Weights:
    """Learn from examples, given the names of the features that rank and that decide."""
    coefficients = dict(zip(ranking, _rank([each for each in examples if each.right], ranking), strict=True))
    ranks = Weights(coefficients, {}, 0.0, 0.0)
    rows = np.array([[_decisive(each, ranks)[name] for name in decision] for each in examples])
    answers = np.array([float(bool(each.right)) for each in examples])
    bias, weights = _decide(rows, answers, np.array([each.weight for each in examples]))
    rounded = {name: round(value, 5) for name, value in coefficients.items()}
    return Weights(rounded, dict(zip(decision, weights, strict=True)), bias, threshold)


def order(example: Example, weights: Weights) -> list[int]:
    """Give the candidates, best first."""
    ranks = [weights.rank(features) for features in example.found]
    return sorted(range(len(ranks)), key=lambda row: (-ranks[row], row))


def _decisive(example: Example, weights: Weights) -> dict[str, float]:
    best = order(example, weights)
    ranks = [weights.rank(example.found[row]) for row in best]
    return {**example.found[best[0]], **example.against, **ranked(ranks)}


def confidence(example: Example, weights: Weights) -> float:
    """Say how sure the weights are that the best candidate answers."""
    return weights.confidence(_decisive(example, weights))


def _rank(examples: Sequence[Example], names: Sequence[str]) -> list[float]:
    """Learn the ranking by Adam; candidates are padded to one number with what never wins."""
    most = max(len(each.found) for each in examples)
    values = np.zeros((len(examples), most, len(names)))
    there, right = np.zeros((len(examples), most), bool), np.zeros((len(examples), most))
    for at, each in enumerate(examples):
        values[at, : len(each.found)] = [[features[name] for name in names] for features in each.found]
        there[at, : len(each.found)] = True
        right[at, list(each.right)] = 1.0
    spread = values[there].std(axis=0) + 1e-9
    values = (values - values[there].mean(axis=0)) / spread
    counts = np.array([each.weight for each in examples])
    return [float(each) for each in _descend(values, there, right, counts) / spread]


def _descend(values: Array, there: Array, right: Array, counts: Array) -> Array:
    flat = values.reshape(-1, values.shape[2])
    learned = np.zeros(values.shape[2])
    mean, square = np.zeros_like(learned), np.zeros_like(learned)
    for step in range(1, STEPS + 1):
        scores = np.where(there, (flat @ learned).reshape(there.shape), -np.inf)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        chance = powers / powers.sum(axis=1, keepdims=True)
        wanted = powers * right
        wanted /= wanted.sum(axis=1, keepdims=True)
        pull = ((chance - wanted) * counts[:, None]).ravel()
        slope = pull @ flat / counts.sum() + RANK_PENALTY * learned
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        learned = learned - STRIDE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return learned


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


def left_out(
    examples: Sequence[Example], always: Sequence[Example], ranking: Sequence[str], decision: Sequence[str]
) -> list[tuple[float, list[int]]]:
    """Give for each example the confidence and the order by weights that were learned without it.

    `always` is learned from in every fold. Confidences are the mean over ROUNDS ways to fold.
    """
    sure, orders = [0.0] * len(examples), [list[int]()] * len(examples)
    for seed in range(ROUNDS):
        shuffled = list(range(len(examples)))
        random.Random(seed).shuffle(shuffled)  # it hides nothing
        for fold in range(FOLDS):
            out = set(shuffled[fold::FOLDS])
            kept = [each for at, each in enumerate(examples) if at not in out]
            weights = learn([*kept, *always], ranking, decision, 0.0)
            for at in out:
                sure[at] += confidence(examples[at], weights) / ROUNDS
                orders[at] = order(examples[at], weights)
    return list(zip(sure, orders, strict=True))


def threshold(confidences: Sequence[tuple[float, bool]], most: float) -> float:
    """Give the least confidence that keeps false answers to a share; `bool` says whether something answers."""
    false = sorted((sure for sure, answers in confidences if not answers), reverse=True)
    allowed = int(most * len(false))
    return round(false[allowed] + 1e-4, 4) if false else 0.5
