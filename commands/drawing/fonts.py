"""The typeface of pictures: Noto Sans CJK, which has Latin, Japanese and Korean in one design.

Its file comes with a package (docs/decisions/0022), so that a picture looks the same on every machine.
"""

import unicodedata
from functools import cache, lru_cache
from importlib import resources

from PIL import ImageFont

from commands.drawing.layout import SCALE, STYLES, StyleName

# Where Japanese and Korean write the same character differently, each face has its own form of it.
_FACES = {"ja": 0, "ko": 1}
# No character has this number, so that what the font draws for it is what it draws for a sign it lacks.
_NOBODY = "\U0010ffff"
# Signs that are not drawn but change how others are: joiners, selectors of variants, blanks.
_UNDRAWN = frozenset({"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"})


@cache
def face(style: StyleName, language: str) -> ImageFont.FreeTypeFont:
    """The face of a style, in the shapes of a language, at the picture's own scale."""
    shape = STYLES[style]
    with resources.as_file(resources.files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc") as path:
        made = ImageFont.truetype(path, round(shape.size * SCALE), index=_FACES.get(language, 0))
    made.set_variation_by_axes([shape.weight])
    return made


class Measure:
    """Widths of words in a language, in the picture's units."""

    def __init__(self, language: str) -> None:
        self._language = language

    def width(self, words: str, style: StyleName) -> float:
        """How wide a line is."""
        return face(style, self._language).getlength(words) / SCALE

    def lacks(self, words: str) -> bool:
        """Say whether the font lacks a sign of the words, which it would draw as an empty box."""
        return any(_is_missing(sign) for sign in unicodedata.normalize("NFC", words))


@lru_cache(maxsize=20_000)
def _is_missing(sign: str) -> bool:
    if unicodedata.category(sign) in _UNDRAWN:
        return False
    return _shape(sign) == _shape(_NOBODY)


def _shape(sign: str) -> tuple[tuple[int, ...], bytes]:
    drawn = face("words", "ja").getmask(sign)
    return tuple(drawn.size), bytes(drawn)
