"""Pictures: nothing overlaps, no word is lost, no sign is missing, every colour can be told from its ground."""

import io
import itertools
import random
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from babel.messages.pofile import read_po
from PIL import Image

from briefs.schema import CalendarDate, Precision
from commands.drawing.fonts import Measure, face
from commands.drawing.layout import SCALE, STYLES, WIDTH, Label, Laid, lay_out
from commands.drawing.painting import painted
from commands.drawing.palette import DARK, LIGHT, Palette, contrast, shades
from commands.drawing.sheet import Key, Row, Shape, Sheet, Tense
from commands.drawing.wrapping import wrapped
from commands.wording import CATALOGUES, long_date
from tests.office import shipped

UNSHOWN = "The picture has no sign for these words; the list beside it has them."
WORDS = {
    "en": "the 61st anniversary of Japan-ROK treaty (signed) “Basic Relations”, https://example.org/a/very/long/name"
    " counterrevolutionaries; ratification Pyongyang's 2026.",
    "ja": "日韓基本条約の発効から六十一周年、「正式に正常化された」（報道による）。 きょう、キャンプ・デービッド ACSA"
    " 2026年12月 ー々ゃュ！？…",
    "ko": "한일 기본조약 발효 61주년, “현실적 필요”를 인정하면서도 국민 정서상"
    " 물품역무상호제공협정이라는아주긴이름의협정을",
}
LANGUAGES = list(WORDS)


def words(chance: random.Random, language: str, most: int) -> str:
    """Some words of a language."""
    return " ".join(chance.choices(WORDS[language].split(), k=chance.randint(1, most)))


def sheet(seed: int, language: str) -> Sheet:
    """A sheet with any number of entries of any kind and length."""
    chance = random.Random(seed)  # it makes tests, not secrets
    tenses: list[Tense] = sorted(
        chance.choices(get_args(Tense), k=chance.randint(0, 12)), key=["past", "today", "coming"].index
    )
    rows = tuple(
        Row(
            words(chance, language, 4), words(chance, language, 3), tense, chance.choice(get_args(Shape)),
            words(chance, language, 30), chance.choice(["", words(chance, language, 25)]),
            words(chance, language, 5), chance.choice(["", "a-very-long-host-name-of-a-newspaper.example.org"]),
            chance.random() < 0.3,
        )
        for tense in tenses
    )  # fmt: skip
    keys = tuple(
        Key(shape, filled, words(chance, language, 4), span=filled)
        for shape in get_args(Shape)
        for filled in (True, False)
    )
    return Sheet(
        words(chance, language, 2), words(chance, language, 20), words(chance, language, 8),
        words(chance, language, 8), words(chance, language, 12), words(chance, language, 9), rows, keys, UNSHOWN,
        language, chance.choice(["", words(chance, language, 9)]), chance.choice(["", words(chance, language, 9)]),
        marks_today=chance.random() < 0.8,
    )  # fmt: skip


def ink(label: Label, language: str) -> tuple[float, float, float, float]:
    """What a label's letters really cover."""
    base = label.y + label.height / 2 + 0.365 * STYLES[label.style].size
    left, top, right, bottom = face(label.style, language).getbbox(label.words, anchor="ls")
    return label.x + left / SCALE, base + top / SCALE, label.x + right / SCALE, base + bottom / SCALE


def box(label: Label) -> tuple[float, float, float, float]:
    """The box that layout gave a label."""
    return label.x, label.y, label.x + label.width, label.y + label.height


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(8))
def test_no_label_overlaps_another_a_mark_or_the_edge(seed: int, language: str) -> None:
    laid = lay_out(sheet(seed, language), Measure(language))
    boxes = [box(label) for label in laid.labels]
    assert [pair for pair in itertools.combinations(boxes, 2) if overlap(*pair)] == []
    for label in laid.labels:
        left, top, right, bottom = ink(label, language)
        assert left >= 20
        assert right <= WIDTH - 20
        assert top >= label.y - 1.5, label
        assert bottom <= label.y + label.height + 1.5, label
        assert label.y + label.height <= laid.height - 20
    for mark in laid.marks:
        reached = (mark.x - 8, mark.y - 8, mark.x + 8, mark.y + 8 + mark.reach)
        assert [each for each in boxes if overlap(reached, each)] == []


def written(laid: Laid) -> str:
    """Every sign on a picture, without blanks."""
    return "".join("".join(label.words for label in laid.labels).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(8, 13))
def test_every_word_is_on_the_picture_whole(seed: int, language: str) -> None:
    made = sheet(seed, language)
    shown = written(lay_out(made, Measure(language)))
    told = [made.heading, made.title, made.span, made.age, made.dated, made.earlier, made.later]
    told += [
        part for row in made.rows for part in (row.day, row.far, row.words, row.below, row.about, row.source)
    ]
    told += [key.words for key in made.keys] + ([made.today] if made.marks_today else [])
    for part in told:
        assert "".join(part.split()) in shown
    # Nothing is written twice: the picture holds these words and the dots between a kind and its source.
    assert sum(len("".join(part.split())) for part in told) == len(shown.replace("·", ""))


def lines(text: str, room: int) -> tuple[str, ...]:
    """Wrap by characters."""
    return wrapped(text, room, len)


def test_words_are_cut_at_blanks_and_never_at_a_hyphen() -> None:
    assert lines("the Japan-ROK treaty of 1965", 13) == ("the Japan-ROK", "treaty of", "1965")
    assert lines("of the Russia-DPRK treaty", 13) == ("of the", "Russia-DPRK", "treaty")


def test_a_word_longer_than_a_line_is_cut_and_nothing_of_it_lost() -> None:
    assert lines("counterrevolutionaries", 10) == ("counterrev", "olutionari", "es")
    found = lines("see https://example.org/some/page now", 12)
    assert max(map(len, found)) <= 12
    assert "".join(found).replace(" ", "") == "seehttps://example.org/some/pagenow"


def test_no_japanese_line_begins_with_a_full_stop_or_ends_with_an_opening_bracket() -> None:
    text = "条約は、「正式に」発効した（東京）。批准書の交換をもって、両国の関係は正常化された。"
    for room in range(4, 20):
        found = lines(text, room)
        assert "".join(found) == text
        assert [line for line in found if line[0] in "、。」）" or line[-1] in "「（"] == [], room


def test_a_korean_word_stays_whole() -> None:
    assert lines("러시아와 북한의 조약 발효", 7) == ("러시아와", "북한의 조약", "발효")
    assert all(
        " ".join(lines("러시아와 북한의 조약 발효", room)) == "러시아와 북한의 조약 발효"
        for room in range(4, 12)
    )


def test_every_sign_of_the_shipped_brief_can_be_drawn() -> None:
    brief, measure = shipped().brief, Measure("ja")
    told = [brief.title, *(each.title for each in brief.watch_dates), *(note.text for note in brief.notes)]
    told += [each.quote for each in brief.judgements]
    told += [name for names in (*brief.aliases.values(), *brief.glossary.values()) for name in names]
    assert any("북한" in each for each in told)
    assert any("北朝鮮" in each for each in told)
    assert [each for each in told if measure.lacks(each)] == []


def test_a_sign_that_the_font_lacks_is_told_instead_of_drawn() -> None:
    assert [Measure("en").lacks(each) for each in ("🎉", "ሰላም", "plain", "直骨한글ｶﾅ", "e\u0301", "a\u200db")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    row = Row("Dec 4, 2026", "in 10 days", "coming", "circle", "The party 🎉", about="Watch date")
    made = Sheet("Timeline", "A brief", "a span", "new", "today", "Today", (row,), (), UNSHOWN, "en")
    shown = written(lay_out(made, Measure("en")))
    assert "".join(UNSHOWN.split()) in shown
    assert "party" not in shown


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_marks_can_be_told_from_their_ground(colours: Palette) -> None:
    for role in ("ink", "soft", "coming", "note", "alarm"):
        assert contrast(getattr(colours, role), colours.paper) >= 4.5, role
    assert contrast(colours.on_today, colours.today) >= 4.5
    assert len(shades(colours)) <= 256
    for role in ("rail", "past", "coming", "today"):
        assert contrast(getattr(colours, role), colours.paper) >= 3, role


def test_contrast_is_the_standards() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True])
def test_a_picture_is_twice_its_size_on_opaque_paper_with_ink_where_words_stand(dark: bool) -> None:
    made = replace(sheet(3, "ko"), dark=dark)
    laid = lay_out(made, Measure("ko"))
    image = Image.open(io.BytesIO(painted(made))).convert("RGB")
    assert image.size == (round(WIDTH * SCALE), round(laid.height * SCALE))
    paper = (DARK if dark else LIGHT).paper
    assert image.getpixel((2, 2)) == tuple(int(paper[at : at + 2], 16) for at in (1, 3, 5))
    for label in laid.labels:
        left, top, right, bottom = (round(side * SCALE) for side in box(label))
        assert len(image.crop((left, top, right, bottom)).getcolors(10_000) or ()) > 3, label


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_every_date_and_every_sentence_of_a_language_can_be_drawn(language: str) -> None:
    measure = Measure(language)
    dates = [long_date(CalendarDate(date(2026, month, 28), each), language) for month in range(1, 13)
             for each in (Precision.day, Precision.month)]  # fmt: skip
    assert [each for each in dates if measure.lacks(each)] == []
    said = [
        part
        for path in CATALOGUES.glob(f"{language}/LC_MESSAGES/*.po")
        for message in read_po(io.BytesIO(path.read_bytes()))
        for part in strings(message.string)
    ]
    assert [each for each in said if measure.lacks(each)] == []


def strings(translation: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """A translation, or each of its plurals."""
    return [translation] if isinstance(translation, str) else list(translation or ())


def test_a_start_waits_for_no_picture() -> None:
    loaded = "import sys, bot.app; print(sorted({'PIL', 'uniseg', 'manimgx_fonts_cjk'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
