"""`briefbot ask`: the same answers from a shell, from the files alone."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import Exit
from tests.bot.test_cli import briefbot
from tests.office import SHIPPED, shipped

DEMANDS = "What would Kim demand in a dialogue with the US?"
NOWHERE = "zeppelin"


def test_json_holds_the_passages_and_nothing_else(tmp_path: Path) -> None:
    done = briefbot("ask", "--json", DEMANDS, folder=tmp_path)
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (Exit.OK, "")
    assert set(found) == {"answered", "passages"}
    assert found["answered"] is True
    source = shipped().source
    for each in found["passages"]:
        assert set(each) == {"passage", "heading", "text", "quote", "score"}
        passage = source.passages[each["passage"]]
        assert (each["heading"], each["text"]) == (passage.heading, passage.text)
        assert each["quote"] in passage.text
    assert "Kim would likely demand all of the following" in " ".join(p["quote"] for p in found["passages"])
    assert not (tmp_path / "data").exists()


def test_what_the_report_does_not_answer_is_no_failure(tmp_path: Path) -> None:
    done = briefbot("ask", NOWHERE, "airships", "--json", folder=tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == (Exit.OK, {"answered": False, "passages": []})


def test_a_person_reads_the_age_first_then_the_quote_with_its_place(tmp_path: Path) -> None:
    lines = briefbot("ask", DEMANDS, folder=tmp_path).stdout.splitlines()
    assert lines[0] == DEMANDS
    assert lines[2].startswith(
        "This report has expired: published on December 6, 2024 and not reviewed since, "
    )
    assert any(
        line.startswith("  “") and "Kim would likely demand all of the following" in line for line in lines
    )
    assert any(line.startswith("  dialogue-1, Possibility of US-North Korea dialogue") for line in lines)
    assert lines[-1].startswith("The Korean Peninsula, December 2024 · as of December 6, 2024 · ")


def test_a_person_reads_that_nothing_answers_and_what_lies_near(tmp_path: Path) -> None:
    done = briefbot("ask", NOWHERE, folder=tmp_path)
    assert done.returncode == Exit.OK
    assert done.stdout.startswith("Not in this report\n")
    assert "“The Korean Peninsula, December 2024” does not answer the question “zeppelin”." in done.stdout
    assert "The nearest sections:\n\n- " in done.stdout
    assert "Ask in other words." in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_it_reads_and_prints_utf8_whatever_the_locale_says(tmp_path: Path, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "ハノイ zeppelin 회담"], capture_output=True, timeout=60, check=False,
        cwd=SHIPPED.parent.parent,
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding, "DATA_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == Exit.OK, done.stderr
    assert "ハノイ zeppelin 회담" in done.stdout.decode("utf-8")


def test_a_brief_that_is_not_there_is_said_with_those_there_are(tmp_path: Path) -> None:
    done = briefbot("ask", "--brief", "harbour", DEMANDS, folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (
        Exit.FAULTS, "", f"There is no brief harbour in {SHIPPED.parent}; there is korean-peninsula-2024.\n",
    )  # fmt: skip


def test_faults_of_a_brief_are_said_and_do_not_matter_to_another(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "briefs" / "good")
    (tmp_path / "briefs" / "bad").mkdir()
    (tmp_path / "briefs" / "bad" / "brief.yaml").write_text("format: 2\n")
    where = {"BRIEFS_DIR": str(tmp_path / "briefs")}
    done = briefbot("ask", DEMANDS, folder=tmp_path, **where)
    assert (done.returncode, done.stdout) == (Exit.FAULTS, "")
    assert done.stderr.startswith("bad has faults:\nbrief.yaml:1:")
    named = briefbot("ask", DEMANDS, "--brief", "korean-peninsula-2024", "--json", folder=tmp_path, **where)
    assert json.loads(named.stdout)["answered"] is True


def test_a_folder_without_a_brief_and_a_brief_under_embargo_are_said(tmp_path: Path) -> None:
    (tmp_path / "briefs").mkdir()
    where = {"BRIEFS_DIR": str(tmp_path / "briefs")}
    done = briefbot("ask", DEMANDS, folder=tmp_path, **where)
    said = f"There is no brief in {tmp_path / 'briefs'}; a brief is a folder with a brief.yaml.\n"
    assert (done.returncode, done.stderr) == (Exit.FAULTS, said)
    shutil.copytree(SHIPPED, tmp_path / "briefs" / "mine")
    path = tmp_path / "briefs" / "mine" / "brief.yaml"
    path.write_text(
        path.read_text("utf-8").replace("published:", "embargo_until: 2999-01-01\npublished:", 1), "utf-8"
    )
    done = briefbot("ask", DEMANDS, folder=tmp_path, **where)
    said = "korean-peninsula-2024 is under embargo; embargo_until in brief.yaml says until when.\n"
    assert (done.returncode, done.stdout, done.stderr) == (Exit.FAULTS, "", said)


def test_a_question_has_words_and_an_end(tmp_path: Path) -> None:
    assert briefbot("ask", " ", folder=tmp_path).stderr == (
        "The question is empty; write it like “What would Kim demand of the US?”.\n"
    )
    assert briefbot("ask", "why " * 100, folder=tmp_path).stderr == (
        "A question has at most 300 characters, and this one has 399; ask about one thing at a time.\n"
    )
