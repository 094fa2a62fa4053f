"""A timeline as a PNG, painted with Pillow.

Import this module where the first picture is painted: with what it needs, it takes half a second.
"""

from functools import cache, lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from commands.drawing.fonts import Measure, face
from commands.drawing.layout import MARK, SCALE, STYLES, WIDTH, Label, Laid, Mark, Plate, Rule, lay_out
from commands.drawing.palette import Palette, palette, shades
from commands.drawing.sheet import Sheet

# Shapes are painted so many times larger and made smaller, which smooths their edges.
SMOOTH = 4
DASH, PAUSE = 5.0, 5.0
# The middle of a capital letter stands so far above the line, as a part of the type's size.
MIDDLE = 0.365
KEPT = 64


@lru_cache(maxsize=KEPT)
def painted(sheet: Sheet) -> bytes:
    """Paint a sheet; return a PNG. The same sheet is painted once.

    It takes some tens of milliseconds: call it in a thread of its own.
    """
    colours = palette(dark=sheet.dark)
    laid = lay_out(sheet, Measure(sheet.language))
    size = (round(WIDTH * SCALE), round(laid.height * SCALE))
    paper = Image.new("RGB", size, colours.paper)
    canvas = ImageDraw.Draw(paper)
    for rule in laid.rules:
        _rule(canvas, rule, colours)
    for plate in laid.plates:
        _plate(canvas, plate, colours)
    _marks(paper, laid, colours)
    for label in laid.labels:
        _label(canvas, label, sheet.language, colours)
    written = BytesIO()
    # With a palette of its own the file is a quarter as large, and the paper keeps its very colour.
    paper.quantize(palette=_table(sheet.dark), dither=Image.Dither.NONE).save(
        written, "PNG", compress_level=6
    )
    return written.getvalue()


@cache
def _table(dark: bool) -> Image.Image:
    """The colours of a theme as Pillow takes them: an image that has them as its palette."""
    made = Image.new("P", (1, 1))
    made.putpalette([part for colour in shades(palette(dark=dark)) for part in colour])
    return made


def _rule(canvas: ImageDraw.ImageDraw, rule: Rule, colours: Palette) -> None:
    colour, thick = getattr(colours, rule.role), round(rule.thick * SCALE)
    if not rule.dashed:
        canvas.line([_dot(rule.x, rule.y), _dot(rule.to_x, rule.to_y)], colour, thick)
        return
    y = rule.y
    while y < rule.to_y:
        canvas.line([_dot(rule.x, y), _dot(rule.x, min(y + DASH, rule.to_y))], colour, thick)
        y += DASH + PAUSE


def _dot(x: float, y: float) -> tuple[float, float]:
    return x * SCALE, y * SCALE


def _plate(canvas: ImageDraw.ImageDraw, plate: Plate, colours: Palette) -> None:
    corners = [_dot(plate.x, plate.y), _dot(plate.x + plate.width, plate.y + plate.height)]
    canvas.rounded_rectangle(corners, 6 * SCALE, getattr(colours, plate.role))


def _label(canvas: ImageDraw.ImageDraw, label: Label, language: str, colours: Palette) -> None:
    base = label.y + label.height / 2 + MIDDLE * STYLES[label.style].size
    canvas.text(
        _dot(label.x, base), label.words, getattr(colours, label.role), face(label.style, language), "ls"
    )


def _marks(paper: Image.Image, laid: Laid, colours: Palette) -> None:
    for mark in laid.marks:
        half = MARK + 4
        wide, high = 2 * half * SCALE, (2 * half + mark.reach) * SCALE
        stamp = Image.new("RGB", (round(wide * SMOOTH), round(high * SMOOTH)), colours.paper)
        _mark(ImageDraw.Draw(stamp), mark, half, colours)
        small = stamp.resize((round(wide), round(high)), Image.Resampling.LANCZOS)
        paper.paste(small, (round((mark.x - half) * SCALE), round((mark.y - half) * SCALE)))


def _mark(canvas: ImageDraw.ImageDraw, mark: Mark, half: float, colours: Palette) -> None:
    """A mark on its stamp: filled for what is past, hollow for what is to come."""
    unit = SCALE * SMOOTH
    colour = getattr(colours, mark.role)
    fill = colour if mark.filled else colours.paper
    thick = round(2.5 * unit)

    def dot(x: float, y: float) -> tuple[float, float]:
        return (half + x) * unit, (half + y) * unit

    if mark.reach:
        corners = [dot(-MARK + 1, -MARK + 1), dot(MARK - 1, MARK - 1 + mark.reach)]
        canvas.rounded_rectangle(corners, (MARK - 1) * unit, fill, colour, thick)
        return
    match mark.shape:
        case "circle":
            canvas.ellipse([dot(-MARK + 0.5, -MARK + 0.5), dot(MARK - 0.5, MARK - 0.5)], fill, colour, thick)
        case "square":
            canvas.rectangle(
                [dot(-MARK + 1.5, -MARK + 1.5), dot(MARK - 1.5, MARK - 1.5)], fill, colour, thick
            )
        case "diamond":
            reach = MARK + 1
            corners = [dot(0, -reach), dot(reach, 0), dot(0, reach), dot(-reach, 0)]
            canvas.polygon(corners, fill, colour, thick)
        case "flag":
            corners = [dot(-MARK + 1, -MARK), dot(MARK, 0), dot(-MARK + 1, MARK)]
            canvas.polygon(corners, fill, colour, thick)
