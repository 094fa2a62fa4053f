"""Files that people edit too: replaced whole or not at all, and never over somebody else's change."""

import os
import random
import shutil
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.files import ABANDONED, FileChanged, replace
from tests.office import SHIPPED

ROOT = Path(__file__).parent.parent.parent
OLD, NEW = b"format: 1\n# the old one\n" * 20_000, b"format: 1\n# the new one\n" * 30_000
# It dies by SIGKILL at the n-th line that it runs of bot/files.py, wherever that is.
AT_A_LINE = """
import os, signal, sys
from pathlib import Path
from bot import files
path, left = Path(sys.argv[1]), int(sys.argv[2])
def trace(frame, event, arg):
    global left
    if frame.f_code.co_filename != files.__file__:
        return None
    if event == "line":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return trace
old, new = path.read_bytes(), Path(sys.argv[3]).read_bytes()
sys.settrace(trace)
files.replace(path, new, old)
sys.settrace(None)
"""
# It writes the two contents in turn, without an end.
FOR_EVER = """
import sys
from pathlib import Path
from bot.files import replace
path = Path(sys.argv[1])
old, new = path.read_bytes(), Path(sys.argv[2]).read_bytes()
print("begun", flush=True)
while True:
    replace(path, new, old)
    old, new = new, old
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "harbour" / "brief.yaml"
    path.parent.mkdir()
    path.write_bytes(OLD)
    (tmp_path / "new").write_bytes(NEW)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def seen(file: Path) -> list[str]:
    """What the briefs folder looks at."""
    folder = file.parent
    return sorted(path.name for path in (*folder.glob("*.yaml"), *folder.glob("*.md"), *folder.glob("[!.]*")))


def test_the_new_content_takes_the_place_of_the_old(file: Path) -> None:
    replace(file, NEW, OLD)
    assert file.read_bytes() == NEW
    assert names(file.parent) == ["brief.yaml"]


def test_a_file_that_changed_meanwhile_is_left_alone_and_both_versions_are_given(file: Path) -> None:
    file.write_bytes(b"theirs")
    with pytest.raises(FileChanged) as caught:
        replace(file, NEW, OLD)
    assert file.read_bytes() == b"theirs"
    assert (caught.value.based_on, caught.value.found) == (OLD, b"theirs")
    assert str(caught.value) == (
        f"{file} was changed by somebody else while it was edited, so it was not overwritten."
        " Look at what it says now, then make the edit again."
    )
    assert names(file.parent) == ["brief.yaml"]


def test_a_file_that_is_gone_is_not_made_anew(file: Path) -> None:
    file.unlink()
    with pytest.raises(FileChanged) as caught:
        replace(file, NEW, OLD)
    assert caught.value.found is None
    assert str(caught.value) == (
        f"{file} was taken away while it was edited, so nothing was written. Put it back, then make the edit again."
    )
    assert names(file.parent) == []


def test_a_new_file_is_made_where_none_is_and_only_there(file: Path) -> None:
    report = file.with_name("report.md")
    replace(report, b"## A\n", None)
    assert (report.read_bytes(), stat.S_IMODE(report.stat().st_mode)) == (b"## A\n", 0o644)
    with pytest.raises(FileChanged) as caught:
        replace(report, b"## B\n", None)
    assert report.read_bytes() == b"## A\n"
    assert str(caught.value) == (
        f"{report} exists already, so nothing was written. Edit the file that is there, or choose another name."
    )


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_permissions_stay(file: Path, mode: int) -> None:
    file.chmod(mode)
    replace(file, NEW, OLD)
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(file: Path) -> None:
    os.chown(file, 12_345, 23_456)
    replace(file, NEW, OLD)
    assert (file.stat().st_uid, file.stat().st_gid) == (12_345, 23_456)


def test_a_symbolic_link_stays_one_and_its_file_is_replaced(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to("harbour/brief.yaml")
    replace(link, NEW, OLD)
    assert link.is_symlink()
    assert file.read_bytes() == NEW
    assert names(tmp_path) == ["harbour", "link.yaml", "new"]


def test_a_folder_that_cannot_be_written_is_an_error_and_the_file_stays(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace(file.parent / "nowhere" / "brief.yaml", NEW, None)
    assert file.read_bytes() == OLD


def test_of_many_writers_upon_the_same_version_one_wins(file: Path) -> None:
    refused: list[bytes] = []

    def write(content: bytes) -> None:
        try:
            replace(file, content, OLD)
        except FileChanged:
            refused.append(content)

    contents = [b"%d\n" % number for number in range(8)]
    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted([*refused, file.read_bytes()]) == contents


def test_what_killed_writers_left_is_swept_once_it_is_old(file: Path) -> None:
    old, fresh, other = (
        file.with_name(f".{name}.writing") for name in ("brief.yaml.a", "brief.yaml.b", "x.c")
    )
    for path in (old, fresh, other):
        path.write_bytes(b"half")
    then = time.time() - ABANDONED - 1
    os.utime(old, (then, then))
    os.utime(other, (then, then))
    replace(file, NEW, OLD)
    assert names(file.parent) == [fresh.name, other.name, "brief.yaml"]


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_killed_at_any_line_the_writer_leaves_the_old_file_or_the_new_one_whole(
    file: Path, tmp_path: Path
) -> None:
    states, line, ended = [], 0, False
    while not ended:
        line += 1
        for path in file.parent.iterdir():
            path.unlink()
        file.write_bytes(OLD)
        with run(AT_A_LINE, file, line, tmp_path / "new") as child:
            ended = child.wait(30) == 0
        states.append(file.read_bytes())
        assert states[-1] in (OLD, NEW), f"torn at line {line}"
        assert set(seen(file)) == {"brief.yaml"}
    assert states[0] == OLD
    assert states[-1] == NEW
    assert states.count(OLD) > 15, "the writer must have been killed at each of its steps"
    assert states == sorted(states, key=lambda state: state == NEW), "once new, it stays new"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_killed_at_any_moment_the_writer_leaves_one_of_the_two_whole(file: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    left = set()
    for _ in range(25):
        new = NEW if file.read_bytes() == OLD else OLD
        (tmp_path / "new").write_bytes(new)
        with run(FOR_EVER, file, tmp_path / "new") as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "begun\n"
            time.sleep(chance.uniform(0, 0.03))
            child.kill()
        left.add(file.read_bytes())
        assert left <= {OLD, NEW}
        assert set(seen(file)) == {"brief.yaml"}
    assert left == {OLD, NEW}


def test_the_shipped_brief_survives_a_replacement_by_itself(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "brief")
    path = tmp_path / "brief" / "brief.yaml"
    content = path.read_bytes()
    replace(path, content, content)
    assert path.read_bytes() == content
