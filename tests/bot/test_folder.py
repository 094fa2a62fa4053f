"""The briefs folder: an edit is live, a faulty one changes nothing."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.folder import BriefsFolder
from briefs.faults import Fault
from briefs.library import Revision
from briefs.reading import Document
from commands.publish import publish
from tests.office import NOW, SHIPPED, Office, office

ID = "korean-peninsula-2024"
BROKEN = {
    "alias bomb": ("a: &a [x, x]\nb: [*a, *a]\n", "alias"),
    "200,000 nested brackets": ("a: " + "[" * 200_000, "deep"),
    "duplicate key": ("format: 1\nformat: 1\n", "format"),
    "a bad date": ("published: 2025-13-40\n", "published"),
    "an unknown key": ("titel: x\n", "titel"),
    "a tab": ("topics:\n\t- id: a\n", "tab"),
    "nothing at all": ("", "empty"),
    "a NUL byte": ("title: a\x00b\n", "NUL"),
}


class Desk:
    """A folder watched for an office, and what it told."""

    def __init__(self, bot: Office, root: Path) -> None:
        self.bot, self.root = bot, root
        self.told: list[tuple[Fault, ...]] = []
        self.changes = asyncio.Event()
        self.folder = self.again()

    def again(self) -> BriefsFolder:
        """The folder as a new process sees it."""
        revisions = self.bot.desk.revisions
        return BriefsFolder(
            self.root, self._publish, self._tell, self._changed, lambda: NOW, lambda: list(revisions())
        )

    async def _publish(self, folder: Path, document: Document, at: datetime) -> Revision:
        desk = self.bot.desk
        return await publish(
            desk.store, desk.library, desk.outside.replan_published, document,
            author="file", at=at, reason="test", origin="file",
        )  # fmt: skip

    async def _tell(self, name: str, faults: tuple[Fault, ...]) -> None:
        self.told.append(faults)

    async def _changed(self) -> None:
        self.changes.set()

    def edit(self, old: str, new: str) -> None:
        path = self.root / ID / "brief.yaml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """An office whose brief stands in a folder of its own."""
    shutil.copytree(SHIPPED, tmp_path / ID)
    async with office() as bot:
        yield Desk(bot, tmp_path)


async def test_what_stands_in_the_folder_is_published_once(desk: Desk) -> None:
    await desk.folder.scan()
    await desk.folder.scan()
    assert desk.bot.desk.revisions()[ID].number == 1


async def test_an_edit_is_live_within_two_seconds(desk: Desk) -> None:
    await desk.folder.scan()
    stop = asyncio.Event()
    watching = asyncio.create_task(desk.folder.watch(stop))
    await asyncio.sleep(0.2)
    desk.changes.clear()
    desk.edit("description: What Pyongyang would ask of Washington", "description: What Pyongyang asks for")
    async with asyncio.timeout(2):
        await desk.changes.wait()
    assert (await desk.bot.reply("/dprk-demands")).title == "What Pyongyang asks for"
    stop.set()
    await watching


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_brief_is_refused_with_its_place_and_the_last_good_one_serves(
    desk: Desk, kind: str
) -> None:
    await desk.folder.scan()
    content, _ = BROKEN[kind]
    (desk.root / ID / "brief.yaml").write_bytes(content.encode())
    await desk.folder.scan()
    await desk.folder.scan()
    assert len(desk.told) == 1, "the same faults are told once"
    assert all(fault.line >= 1 and fault.column >= 1 and fault.cure for fault in desk.told[0])
    assert desk.folder.faults[ID] == desk.told[0]
    assert (await desk.bot.reply("/dprk-demands")).title == "What Pyongyang would ask of Washington"


async def test_a_misquote_is_refused_and_names_the_words_of_the_source(desk: Desk) -> None:
    await desk.folder.scan()
    desk.edit("arms control rather than denuclearization", "arms control instead of denuclearization")
    await desk.folder.scan()
    assert any("arms control rather than denuclearization" in str(fault) for fault in desk.told[0])


async def test_mending_the_faults_clears_them(desk: Desk) -> None:
    await desk.folder.scan()
    good = (desk.root / ID / "brief.yaml").read_bytes()
    (desk.root / ID / "brief.yaml").write_bytes(b"")
    await desk.folder.scan()
    (desk.root / ID / "brief.yaml").write_bytes(good)
    await desk.folder.scan()
    assert desk.folder.faults == {}
    assert desk.bot.desk.revisions()[ID].number == 1


async def test_a_brief_whose_file_is_gone_keeps_serving_and_says_so(desk: Desk) -> None:
    await desk.folder.scan()
    good = (desk.root / ID / "brief.yaml").read_bytes()
    (desk.root / ID / "brief.yaml").unlink()
    await desk.folder.scan()
    assert [str(fault) for fault in desk.told[0]] == [
        "brief.yaml:1:1: the brief's file is gone; found no file;"
        " put it back; the published revision keeps serving"
    ]
    assert (await desk.bot.reply("/dprk-demands")).title == "What Pyongyang would ask of Washington"
    (desk.root / ID / "brief.yaml").write_bytes(good)
    await desk.folder.scan()
    assert desk.folder.faults == {}


async def test_a_brief_whose_folder_went_while_the_bot_was_down_is_said(desk: Desk) -> None:
    await desk.folder.scan()
    shutil.rmtree(desk.root / ID)
    await desk.again().scan()
    assert [fault.problem for fault in desk.told[0]] == ["the brief's file is gone"]


async def test_two_folders_of_one_brief_are_refused_and_nothing_flips(desk: Desk) -> None:
    await desk.folder.scan()
    shutil.copytree(desk.root / ID, desk.root / "zz-copy")
    for _ in range(3):
        await desk.folder.scan()
    assert [str(fault) for fault in desk.told[0]] == [
        f"brief.yaml:1:1: the folder {ID} holds a brief of this id already; found the brief {ID};"
        " give one of the two another id in brief:, or move its folder away"
    ]
    assert desk.bot.desk.revisions()[ID].number == 1


async def test_what_failed_for_another_reason_is_tried_again(desk: Desk) -> None:
    good, desk.folder._publish = desk.folder._publish, _busy
    with pytest.raises(OSError, match="busy"):
        await desk.folder.scan()
    desk.folder._publish = good
    await desk.folder.scan()
    assert ID in desk.bot.desk.revisions()


async def _busy(_folder: Path, _document: Document, _at: datetime) -> Revision:
    raise OSError("busy")


def beside(desk: Desk, name: str) -> Path:
    """The shipped brief once more, under another id."""
    shutil.copytree(desk.root / ID, desk.root / name)
    path = desk.root / name / "brief.yaml"
    path.write_text(path.read_text("utf-8").replace(f"brief: {ID}", f"brief: {name}"), "utf-8")
    return path


async def test_a_brief_that_wants_another_briefs_commands_is_refused_with_free_names(desk: Desk) -> None:
    beside(desk, "zz-2025")
    await desk.folder.scan()
    assert list(desk.bot.desk.revisions()) == [ID]
    assert len(desk.told[0]) == 14
    assert str(desk.told[0][0]) == (
        "brief.yaml:77:14: the command dprk-demands of the brief zz-2025 is also that of the topic dprk-demands"
        f' in the brief {ID}; found "dprk-demands"; choose another name, like zz-dprk-demands, which is free'
    )


async def test_a_brief_that_waited_for_a_command_is_published_once_it_is_free(desk: Desk) -> None:
    path = beside(desk, "zz-2025")
    words = path.read_text("utf-8").replace("    command: ", "    command: zz-")
    path.write_text(words.replace("command: zz-acsa", "command: acsa"), "utf-8")
    await desk.folder.scan()
    assert [fault.found for fault in desk.told[0]] == ['"acsa"']
    desk.edit("command: acsa", "command: acsa-talks")
    await desk.folder.scan()
    await desk.folder.scan()
    assert list(desk.bot.desk.revisions()) == [ID, "zz-2025"]
    assert desk.folder.faults == {}
