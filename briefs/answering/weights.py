"""How features become a ranking and a decision: logistic regressions, their coefficients in weights.json.

`python -m bench.answers --fit` makes that file out of the golden and the development questions. Each kind of question
has coefficients of its own: in Latin letters or not, with the encoder or without, over a brief whose editors wrote
questions (`answers:` with quotes) or over a bare one.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from briefs.answering.features import Features

# What the decision sees of the ranking.
TOP, LEAD, CHANCE = "top", "lead", "chance"


@dataclass(frozen=True)
class Weights:
    """Coefficients by feature. `threshold` is the least confidence with which an answer is given."""

    ranking: Mapping[str, float]
    decision: Mapping[str, float]
    bias: float
    threshold: float

    def rank(self, features: Features) -> float:
        """Say how high a sentence ranks among the others for the same question."""
        return sum(weight * features[name] for name, weight in self.ranking.items())

    def confidence(self, features: Features) -> float:
        """Say how likely it is, from 0 to 1, that the best sentence answers."""
        return _logistic(self.bias + sum(weight * features[name] for name, weight in self.decision.items()))


def ranked(ranks: Sequence[float]) -> dict[str, float]:
    """Say how the best of some ranks stands out. `ranks` is in falling order and not empty."""
    second = ranks[1] if len(ranks) > 1 else ranks[0]
    return {TOP: ranks[0], LEAD: ranks[0] - second, CHANCE: chances(ranks)[0]}


def chances(ranks: Sequence[float]) -> list[float]:
    """Turn ranks into chances that add up to 1."""
    high = max(ranks)
    powers = [math.exp(rank - high) for rank in ranks]
    return [power / sum(powers) for power in powers]


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(min(value, 30.0), -30.0)))


def kind(*, cjk: bool, encoder: bool, bare: bool) -> str:
    """Name the coefficients for one kind of question."""
    script = "cjk" if cjk else "latin"
    return "-".join([script, *(["encoder"] if encoder else []), *(["bare"] if bare else [])])


@cache
def weights() -> Mapping[str, Weights]:
    """Read weights.json, once."""
    read = json.loads(resources.files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
    return {name: Weights(**each) for name, each in read["weights"].items()}
