"""The command line: what it prints, and what its exit codes mean."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import Exit
from bot.settings import Settings
from tests.office import SHIPPED


def briefbot(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a clean environment."""
    kept = {
        name: value for name, value in os.environ.items() if name not in map(str.upper, Settings.model_fields)
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
        env={**kept, "DATA_DIR": str(folder / "data"), "PYTHONPATH": str(SHIPPED.parent.parent), "ENCODER": "off",
             **environment},
    )  # fmt: skip


def test_a_sound_brief_is_said_to_be_sound(tmp_path: Path) -> None:
    done = briefbot("check", folder=tmp_path)
    assert (done.returncode, done.stdout) == (
        Exit.OK,
        "korean-peninsula-2024: sound; 14 topics, 8 watch dates, 14 judgements, 10 notes.\n",
    )


def test_faults_are_printed_with_their_place_and_a_code_of_their_own(tmp_path: Path) -> None:
    brief = tmp_path / "mine" / "brief.yaml"
    brief.parent.mkdir()
    brief.write_text("format: 1\nbrief: mine\ntitle: NO\n")
    done = briefbot("check", str(brief), folder=tmp_path)
    assert done.returncode == Exit.FAULTS
    assert done.stdout.startswith("mine/brief.yaml:1:1: ")
    assert "Traceback" not in done.stdout + done.stderr


def test_a_draft_under_another_name_is_checked_itself(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_bytes((SHIPPED / "report.md").read_bytes())
    (tmp_path / "draft.yaml").write_text(
        (SHIPPED / "brief.yaml").read_text("utf-8").replace("format: 1", "format: 2")
    )
    done = briefbot("check", "draft.yaml", folder=tmp_path)
    assert done.returncode == Exit.FAULTS
    assert f"{tmp_path.name}/draft.yaml:" in done.stdout


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = briefbot("check", "nowhere/brief.yaml", folder=tmp_path)
    assert (done.returncode, done.stdout) == (
        Exit.FAULTS,
        "nowhere/brief.yaml:1:1: the file is missing; found no such file; put it into the brief's folder\n",
    )


def test_two_folders_of_one_brief_are_said(tmp_path: Path) -> None:
    done = briefbot("check", str(SHIPPED), str(SHIPPED), folder=tmp_path)
    assert done.returncode == Exit.FAULTS
    assert done.stdout.splitlines()[-1] == (
        "The brief korean-peninsula-2024 stands in several folders;"
        " give each another id in brief:, or move one away."
    )


def test_the_schema_is_json_schema(tmp_path: Path) -> None:
    done = briefbot("schema", folder=tmp_path)
    assert json.loads(done.stdout)["properties"]["format"]["const"] == 1
    assert done.stdout == (SHIPPED.parent / "brief.schema.json").read_text("utf-8")


def test_dates_are_printed_as_text_and_as_json(tmp_path: Path) -> None:
    text = briefbot("dates", "--days", "366", folder=tmp_path).stdout
    assert "anniversary of the signing of the Japan-ROK Treaty on Basic Relations (Asia/Seoul)" in text
    found = json.loads(briefbot("dates", "--days", "366", "--json", folder=tmp_path).stdout)
    assert {"brief", "id", "date", "title", "zone"} == set(found[0])


def test_a_rehearsal_ends_with_its_count(tmp_path: Path) -> None:
    done = briefbot(
        "rehearse", "--from", "2026-12-01", "--to", "2026-12-31", "--digest", "weekly sun 01:30 Asia/Tokyo",
        "--no-text", folder=tmp_path,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "8 messages: 4 digests, 4 reminders."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("rehearse", "--digest", "sometimes"),
            "'sometimes' is no digest; write it like “weekly sun 01:30 Asia/Tokyo”\n",
        ),
        (
            ("rehearse", "--from", "2026-12-02", "--to", "2026-12-01"),
            "--to 2026-12-01 lies before --from 2026-12-02; give the earlier day to --from.\n",
        ),
    ],
)
def test_a_wrong_rehearsal_is_explained(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = briefbot(*words, folder=tmp_path)
    assert (done.returncode, done.stderr) == (Exit.FAULTS, said)


def test_wrong_settings_end_with_every_problem_and_no_trace(tmp_path: Path) -> None:
    done = briefbot("run", folder=tmp_path, ADMINS="somebody", WEB_PORT="0", LOG_LEVEL="LOUD")
    assert done.returncode == Exit.SETTINGS
    assert "ADMINS: 'somebody' is no person; write it like slack:T1/U1 or discord:123" in done.stderr
    assert "LOG_LEVEL: 'DEBUG', 'INFO', 'WARNING' or 'ERROR' is allowed" in done.stderr
    assert done.stderr.splitlines()[-1] == ".env.example explains each."
    assert "Traceback" not in done.stderr


def test_the_slack_manifest_holds_the_roots_and_each_topic(tmp_path: Path) -> None:
    manifest = json.loads(briefbot("slack-manifest", folder=tmp_path).stdout)
    commands = [each["command"] for each in manifest["features"]["slash_commands"]]
    assert {"/brief", "/brief-admin", "/dprk-demands", "/japan-rok-outlook"} <= set(commands)
    assert len(commands) == 16


def beside(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """A folder that holds the shipped brief once more, under another id."""
    path = folder / name
    shutil.copytree(SHIPPED, path)
    yaml = (path / "brief.yaml").read_text("utf-8")
    for old, new in (("brief: korean-peninsula-2024", f"brief: {name}"), *changes):
        yaml = yaml.replace(old, new)
    (path / "brief.yaml").write_text(yaml, "utf-8")
    return path


def test_two_briefs_that_want_one_command_are_said_with_a_free_name(tmp_path: Path) -> None:
    folder = beside(
        tmp_path, "zz-2025", ("    command: ", "    command: zz-"), ("command: zz-acsa", "command: acsa")
    )
    line = (folder / "brief.yaml").read_text("utf-8").splitlines().index("    command: acsa") + 1
    said = (
        f"zz-2025/brief.yaml:{line}:14: the command acsa of the brief zz-2025 is also that of the topic acsa in the"
        ' brief korean-peninsula-2024; found "acsa"; choose another name, like zz-acsa, which is free'
    )  # fmt: skip
    for words in (("check", str(SHIPPED), str(folder)), ("check", str(folder))):
        done = briefbot(*words, folder=tmp_path)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (Exit.FAULTS, said)


def test_a_draft_of_a_brief_is_not_compared_with_the_brief_itself(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_bytes((SHIPPED / "report.md").read_bytes())
    (tmp_path / "draft.yaml").write_bytes((SHIPPED / "brief.yaml").read_bytes())
    done = briefbot("check", "draft.yaml", folder=tmp_path)
    assert (done.returncode, done.stdout.count("\n")) == (Exit.OK, 1)


ARRIVED = Path(__file__).parents[1] / "briefs" / "imports" / "korean-peninsula.md"


def test_an_imported_report_is_a_draft_that_passes_the_check(tmp_path: Path) -> None:
    done = briefbot("import", str(ARRIVED), "--id", "korea-again", folder=tmp_path)
    assert (done.returncode, done.stderr) == (Exit.OK, "")
    assert done.stdout == (
        "Wrote a draft of the brief korea-again to drafts/korea-again: 12 passages, 4 sections, 4 recommendations,"
        " 11 topics, 3 watch dates, 19 judgements; 51 proposals to confirm.\n"
        "It passes the check and is for admins alone. Read import-notes.md (nothing in the text is known to be left"
        " to mend) and each # confirm: in brief.yaml; then take distribution: admins out, run briefbot check"
        " drafts/korea-again, and move the folder to your briefs.\n"
    )
    checked = briefbot("check", "drafts/korea-again", folder=tmp_path)
    assert (checked.returncode, checked.stdout) == (
        Exit.OK,
        "korea-again: sound; 11 topics, 3 watch dates, 19 judgements, 0 notes;"
        " 51 proposals marked # confirm: are still to confirm.\n",
    )


def test_an_import_never_writes_over_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "drafts" / "korea-again"
    folder.mkdir(parents=True)
    done = briefbot("import", str(ARRIVED), "--id", "korea-again", folder=tmp_path)
    assert (done.returncode, done.stderr) == (
        Exit.FAULTS,
        "drafts/korea-again exists already; nothing was written. Choose another id with --id, or another place with"
        " --into.\n",
    )
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            (str(ARRIVED),),
            "There is a brief korean-peninsula-2024 already, The Korean Peninsula, December 2024; nothing was written."
            " Give this one another id, like --id korean-peninsula-2024-2.\n",
        ),
        (
            (str(ARRIVED), "--id", "Korea 2"),
            "Korea 2 is no id of a brief; write lowercase letters and digits joined by hyphens, like --id"
            " harbour-2031.\n",
        ),
        (("nowhere.md",), "There is no file nowhere.md; give the path of the report.\n"),
        ((".",), ". cannot be read (is a directory); give the path of a file that you may read.\n"),
        (
            (str(ARRIVED), "--id", "korea-again", "--into", "occupied"),
            "occupied/korea-again cannot be made (not a directory); choose another place with --into.\n",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_is_explained(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    (tmp_path / "occupied").write_text("a file")
    done = briefbot("import", *words, folder=tmp_path)
    assert (done.returncode, done.stderr) == (Exit.FAULTS, said)
    assert [path.name for path in tmp_path.iterdir()] == ["occupied"]
