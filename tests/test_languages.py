"""Every sentence that a person reads exists in English, Japanese and Korean."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Message

from bot.discord_adapter.listing import SIZE, listing, size
from commands.catalogue import FIXED
from commands.labels import LABELS
from commands.model import Command
from commands.wording import LANGUAGES, counting, speaking
from tests.catalogues import ROOMS, ROOT, extracted, missing, path, read, translations
from tests.peers.discord_peer.command_rules import COMMAND_RULES
from tests.peers.discord_peer.rules import refuse

TRANSLATED = ("ja", "ko")
EXTRACTED = extracted()


def ids(messages: object) -> list[object]:
    return sorted((each.id for each in messages if each.id), key=str)  # type: ignore[attr-defined]


def names(sentence: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(sentence) if name is not None})


def test_the_languages_are_those_with_a_catalogue() -> None:
    assert ("en", *TRANSLATED) == LANGUAGES


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    assert missing(read(language)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_what_the_code_says_and_no_more(language: str) -> None:
    """`make catalogues` brings it up to date."""
    catalogue = read(language)
    assert ids(catalogue) == ids(EXTRACTED)
    assert [each.id for each in catalogue if each.id and each.fuzzy] == []
    assert list(catalogue.obsolete) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_names_of_its_sentence(language: str) -> None:
    assert [each.id for each in read(language) if each.id and list(_wrong(each))] == []


def _wrong(message: Message) -> Iterator[str]:
    """Translations whose {names} are not those of the sentence; of a plural its general form counts."""
    original = message.id if isinstance(message.id, str) else message.id[1]
    for translation in translations(message):
        if translation and names(translation) != names(original):
            yield translation


def test_what_has_no_translation_is_said_in_english() -> None:
    assert speaking("ja")("A sentence that no catalogue holds") == "A sentence that no catalogue holds"
    assert counting("ko")("{count} of none", "{count} of nones", 2) == "{count} of nones"


def test_catalogues_are_read_without_a_machine_form_beside_them() -> None:
    for language in TRANSLATED:
        assert [each.name for each in path(language).parent.iterdir()] == ["briefbot.po"]


# --- nothing is left unmarked -----------------------------------------------------------------------

# What these take first is read by people.
SAID = {"UserError", "Prose", "Heading", "Reply", "Action", "Strong", "text"}
# Names of products and what is typed, the same in every language.
NAMES = {"Briefbot", "yes", "no", "lobby"}


# Files of the command line, which speaks English alone.
LEFT = {"cli.py", "cli_publishing.py", "command_line.py", "rehearsal.py"}


def _calls(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def _name(call: ast.Call) -> str:
    """The name of what is called; a method is none of ours."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _speaks(node: ast.expr) -> bool:
    """Whether a literal holds words, and not only signs or what is typed."""
    if isinstance(node, ast.JoinedStr):
        return any(_speaks(part) for part in node.values if isinstance(part, ast.Constant))
    words = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return any(sign.isalpha() for sign in words) and not words.startswith("/") and words not in NAMES


def unmarked(file: Path) -> Iterator[str]:
    """Literals that reach a reader past the catalogue."""
    for call in _calls(file):
        name = _name(call)
        said = call.args if name == "text" else call.args[:1]
        if name == "UserError":
            wrong = [each for each in said if not isinstance(each, ast.Constant)]
        elif name in SAID:
            wrong = [each for each in said if _speaks(each)]
        elif name in {"Command", "Option", "Choice"}:
            described = call.args[0 if name == "Choice" else 1 :][:1]
            wrong = [each for each in described if _speaks(each)]
        elif name in {"_", "N_", "n_"}:
            wrong = [each for each in call.args[:1] if isinstance(each, ast.JoinedStr)]
        else:
            continue
        yield from (f"{file.relative_to(ROOT)}:{each.lineno}: {ast.unparse(each)}" for each in wrong)


def test_no_sentence_passes_the_catalogues_by() -> None:
    files = sorted(found for room in ROOMS for found in (ROOT / room).rglob("*.py"))
    found = [each for file in files for each in unmarked(file) if file.name not in LEFT]
    assert found == []


# --- Discord's list of commands ------------------------------------------------------------------------


def test_discord_is_told_every_description_in_every_language_within_its_limits() -> None:
    for command in listing(FIXED):
        refuse(COMMAND_RULES, command)
        assert size(command) <= SIZE
        for holder in described(command):
            for field in ("name", "description"):
                for words in holder.get(f"{field}_localizations", {}).values():
                    assert not words.endswith("…"), words
    (brief,) = [each for each in listing(FIXED) if each["name"] == "brief"]
    topics = next(each for each in brief["options"] if each["name"] == "topics")
    assert topics["description_localizations"] == {
        "ja": "報告書のトピックとそのコマンドを一覧します",
        "ko": "보고서의 토픽과 그 명령을 보여 줍니다",
    }
    assert "name_localizations" not in topics


def described(listed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command, its options and their choices."""
    yield listed
    for each in [*listed.get("options", ()), *listed.get("choices", ())]:
        yield from described(each)


def test_a_topics_description_is_the_briefs_own_and_has_no_localisation() -> None:
    topic = Command("dprk-demands", "What to do", FIXED[0].handler)  # a catalogue knows these words
    assert listing([topic])[0].get("description_localizations") is None


def test_every_option_has_a_name_to_read() -> None:
    names = {option.name for command in FIXED for option in command.options}
    assert names - LABELS.keys() == set()
