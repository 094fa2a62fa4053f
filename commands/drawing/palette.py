"""Colours of pictures, on light paper and on dark.

A picture brings its own background, since Slack and Discord do not say on which it will stand. Words differ
from it by 4.5 to 1 and marks by 3 to 1 at least (WCAG 2.2, 1.4.3 and 1.4.11); a test counts.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["paper", "ink", "soft", "rail", "past", "coming", "note", "alarm", "on_today", "today"]


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour (#rrggbb) for each role."""

    paper: str
    ink: str
    soft: str
    rail: str
    past: str
    coming: str
    note: str
    alarm: str
    today: str
    on_today: str


LIGHT = Palette(
    paper="#fffdf8", ink="#1e1b16", soft="#5d564a", rail="#8b8271", past="#6b6354", coming="#1f4f82",
    note="#734a06", alarm="#9c1c1c", today="#1e1b16", on_today="#fffdf8",
)  # fmt: skip
DARK = Palette(
    paper="#1c1f24", ink="#ece8df", soft="#b3ad9f", rail="#7c828c", past="#a39d90", coming="#93bdec",
    note="#e6be70", alarm="#ff9c92", today="#ece8df", on_today="#1c1f24",
)  # fmt: skip


def palette(*, dark: bool) -> Palette:
    """The colours of a theme."""
    return DARK if dark else LIGHT


def shades(colours: Palette) -> tuple[tuple[int, int, int], ...]:
    """Every colour on a picture, at most 256: those of the palette, and the steps of each to its ground.

    Letters and marks have soft edges, which are such steps.
    """
    steps = [colour for role in _ON_PAPER for colour in _between(getattr(colours, role), colours.paper)]
    return tuple(dict.fromkeys([*steps, *_between(colours.on_today, colours.today)]))


_ON_PAPER: tuple[Role, ...] = ("paper", "ink", "soft", "rail", "past", "coming", "note", "alarm", "today")
_STEPS = 16


def _between(colour: str, ground: str) -> list[tuple[int, int, int]]:
    ends = list(zip(_parts(ground), _parts(colour), strict=True))
    found = [[round(a + (b - a) * step / _STEPS) for a, b in ends] for step in range(_STEPS + 1)]
    return [(red, green, blue) for red, green, blue in found]


def contrast(one: str, other: str) -> float:
    """How much two colours differ, from 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _parts(colour)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
