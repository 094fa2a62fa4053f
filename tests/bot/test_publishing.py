"""The briefs folder and people who publish from elsewhere: no revision lost, no edit overwritten, both told."""

import asyncio
import contextlib
import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.app import App, running
from bot.database import Database
from briefs.library import Library, Origin
from briefs.proposals import Proposals
from briefs.reading import read_brief
from commands.model import Call, Caller, Reply, Upload
from commands.publish import publish
from commands.views.plain import plain
from scheduler.address import Destination, Person
from scheduler.runner import utc_now
from tests.office import SHIPPED, key_of
from tests.wires import ADMINS, settings_for, until

ID = "korean-peninsula-2024"
ON_SLACK = Caller(Person("slack", "T1", "U9"), "Admin in Slack")
ON_DISCORD = Caller(Person("discord", "", "200000000000000002"), "Admin in Discord")
PLACE = Destination("slack", "T1", "C1")
SHIPPED_YAML, REPORT = (SHIPPED / "brief.yaml").read_bytes(), (SHIPPED / "report.md").read_bytes()


def demands(words: str, of: bytes = SHIPPED_YAML) -> bytes:
    """A version in which the first topic is described in other words."""
    return _with(of, b"description: What Pyongyang would ask of Washington", words)


def outlook(words: str, of: bytes = SHIPPED_YAML) -> bytes:
    """A version in which the second topic is described in other words."""
    return _with(
        of, b"description: Where relations between Japan and the ROK may go, and what they depend on", words
    )


def _with(yaml: bytes, old: bytes, words: str) -> bytes:
    assert old in yaml
    return yaml.replace(old, f"description: {words}".encode())


@dataclass
class House:
    """The running bot with its briefs folder, and what admins do."""

    app: App
    folder: Path

    @property
    def yaml(self) -> Path:
        return self.folder / "briefs" / ID / "brief.yaml"

    @property
    def number(self) -> int:
        return self.app.desk.revisions()[ID].number

    async def edit(self, content: bytes) -> None:
        """Save the file in an editor, and let the bot see it."""
        self.yaml.write_bytes(content)
        await self.app.folder.scan()

    async def upload(self, yaml: bytes, who: Caller = ON_SLACK, report: bytes = b"") -> Reply:
        uploads = {"file": Upload("brief.yaml", yaml)} | ({"report": Upload("r", report)} if report else {})
        return await self._reply(Call("brief-admin upload", who, PLACE, utc_now(), {}, uploads))

    async def say(self, line: str, who: Caller = ON_DISCORD) -> Reply:
        command, given = self.app.front.parse(line)
        return await self._reply(Call(command.path, who, PLACE, utc_now(), given))

    async def press(self, shown: Reply, label: str, who: Caller) -> Reply:
        answer = await self.app.front.press(key_of(shown, label), Call("", who, PLACE, utc_now()))
        assert isinstance(answer, Reply)
        return answer

    async def _reply(self, call: Call) -> Reply:
        answer = await self.app.front.answer(call)
        assert isinstance(answer, Reply)
        return answer

    async def waiting(self) -> list[tuple[int, str]]:
        """The proposals that wait: number and author."""
        async with self.app.database.reading() as tx:
            return [(each.id, each.author) for each in await Proposals().open(tx)]

    async def authors(self) -> list[str]:
        """Who wrote each revision, the first one first."""
        async with self.app.database.reading() as tx:
            return [each.author for each in reversed(await self.app.desk.library.history(tx, ID))]

    async def audited(self) -> list[tuple[str, str]]:
        async with self.app.database.reading() as tx:
            return [(each.actor, each.action) for each in await self.app.desk.audit.latest(tx, 50)]


@contextlib.asynccontextmanager
async def house(folder: Path, review: str = "off") -> AsyncIterator[House]:
    """Start the bot; its platforms stay away, so that only what it does itself is seen."""
    async with running(settings_for(folder, admins=ADMINS, review=review)) as app:
        yield House(app, folder)


async def published_elsewhere(folder: Path, yaml: bytes, origin: Origin = "discord") -> None:
    """Publish as a process does that is killed before it comes to the files."""
    async with Database(folder / "data" / "briefbot.sqlite3") as database:
        library = Library()
        async with database.reading() as tx:
            await library.load(tx)
        await publish(
            database, library, _nothing, read_brief(yaml, REPORT),
            author="discord:42", at=utc_now(), reason="killed", origin=origin,
        )  # fmt: skip


async def _nothing(*_: object) -> None:
    """Plans are made anew at the next start."""


async def test_what_is_published_in_chat_is_written_into_the_file(tmp_path: Path) -> None:
    async with house(tmp_path) as bot:
        shown = await bot.upload(demands("Demands"))
        await bot.press(shown, "Publish", ON_SLACK)
        assert bot.yaml.read_bytes() == demands("Demands")
        await bot.app.folder.scan()
        assert await bot.authors() == ["file", "slack:T1/U9"]
        assert await bot.waiting() == []


async def test_a_file_edited_while_a_proposal_waits_is_shown_and_not_overwritten(tmp_path: Path) -> None:
    async with house(tmp_path, "required") as bot:
        await bot.upload(demands("In chat"))
        await bot.edit(outlook("On disk"))
        assert await bot.waiting() == [(1, "slack:T1/U9"), (2, "file")]
        refused = await bot.say("/brief-admin approve 1")
        assert plain(refused) == (
            "The file changed meanwhile\n\nNothing was published: the brief's file was changed on disk meanwhile, and"
            " would be overwritten. The attached files are what stands there, and how the proposal differs from it."
            " Publish or undo the file's change first, then approve again."
        )
        assert [(each.name, each.content) for each in refused.files[:2]] == [
            ("on-disk.yaml", outlook("On disk")), ("on-disk.md", REPORT),
        ]  # fmt: skip
        assert "+    description: In chat" in refused.files[2].content.decode()
        assert bot.yaml.read_bytes() == outlook("On disk")
        assert "Revision 2" in plain(await bot.say("/brief-admin approve 2"))
        again = await bot.say("/brief-admin approve 1")
        assert "The brief moved on to revision 2 since this was shown" in plain(again)
        await bot.press(again, "Approve", ON_DISCORD)
        assert await bot.authors() == ["file", "file", "slack:T1/U9"]
        assert bot.yaml.read_bytes() == demands("In chat")


async def test_a_file_that_was_taken_away_is_said_without_an_empty_attachment(tmp_path: Path) -> None:
    async with house(tmp_path, "required") as bot:
        await bot.upload(demands("In chat"))
        bot.yaml.unlink()
        refused = await bot.say("/brief-admin approve 1")
        assert refused.title == "The file changed meanwhile"
        assert [each.name for each in refused.files] == ["on-disk.md", "brief.diff"]


async def test_a_file_edited_on_older_ground_never_undoes_a_chat_edit_silently(tmp_path: Path) -> None:
    async with house(tmp_path) as bot:
        await bot.press(await bot.upload(demands("In chat")), "Publish", ON_SLACK)
        await bot.edit(outlook("On disk"))
        assert (bot.number, await bot.waiting()) == (2, [(2, "file")])
        shown = plain(await bot.say("/brief-admin proposal 2"))
        assert "file proposes: the file in the briefs folder" in shown
        assert "What Pyongyang would ask of Washington" in shown
        assert bot.yaml.read_bytes() == outlook("On disk")
        assert ("file", "proposed") in await bot.audited()
        await bot.edit(outlook("On disk", demands("In chat")))
        assert (bot.number, await bot.waiting()) == (3, [])


async def test_an_older_version_copied_over_the_file_waits_for_a_look(tmp_path: Path) -> None:
    async with house(tmp_path) as bot:
        await bot.press(await bot.upload(demands("In chat")), "Publish", ON_SLACK)
        await bot.edit(SHIPPED_YAML)
        assert (bot.number, await bot.waiting()) == (2, [(2, "file")])
    async with house(tmp_path) as bot:
        assert (bot.number, await bot.waiting()) == (2, [(2, "file")])
        assert bot.yaml.read_bytes() == SHIPPED_YAML


async def test_a_file_that_is_put_back_takes_its_proposal_with_it(tmp_path: Path) -> None:
    async with house(tmp_path, "required") as bot:
        await bot.edit(outlook("On disk"))
        await bot.edit(SHIPPED_YAML)
        assert await bot.waiting() == []
        assert plain(await bot.say("/brief-admin approve 1")) == (
            "Not done\n\nProposal 1 was overtaken already; /brief-admin history shows what serves."
        )
        await bot.edit(outlook("On disk"))
        assert await bot.waiting() == [(2, "file")]


async def test_a_rejected_file_is_proposed_once_whatever_is_started_again(tmp_path: Path) -> None:
    async with house(tmp_path, "required") as bot:
        await bot.edit(outlook("On disk"))
        assert "Proposal 1 is turned down" in plain(await bot.say("/brief-admin reject 1"))
    for _ in range(2):
        async with house(tmp_path, "required") as bot:
            await bot.edit(outlook("On disk"))
            assert (bot.number, await bot.waiting()) == (1, [])
            assert bot.yaml.read_bytes() == outlook("On disk")


async def test_a_faulty_file_keeps_a_chat_edit_waiting_across_a_start(tmp_path: Path) -> None:
    async with house(tmp_path, "required") as bot:
        await bot.upload(demands("In chat"))
        await bot.edit(b"format: 1\n")
        assert (await bot.say("/brief-admin approve 1")).title == "The file changed meanwhile"
    async with house(tmp_path, "required") as bot:
        assert bot.app.folder.faults[ID]
        assert (await bot.say("/brief-admin approve 1")).title == "The file changed meanwhile"
        assert (bot.number, bot.yaml.read_bytes()) == (1, b"format: 1\n")
        await bot.edit(SHIPPED_YAML)
        assert (await bot.say("/brief-admin approve 1")).title == "Published"
        assert bot.yaml.read_bytes() == demands("In chat")


async def test_a_start_writes_files_that_a_crash_left_behind_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with house(tmp_path):
        pass
    await published_elsewhere(tmp_path, demands("In chat"))
    with caplog.at_level(logging.WARNING):
        async with house(tmp_path) as bot:
            assert (bot.number, bot.yaml.read_bytes()) == (2, demands("In chat"))
            assert await bot.waiting() == []
    said = f"the files in {ID} were behind; revision 2 of {ID}, published from discord, was written into them"
    assert said in caplog.messages


async def test_a_start_leaves_files_alone_that_were_edited_behind_a_crash(tmp_path: Path) -> None:
    async with house(tmp_path):
        pass
    await published_elsewhere(tmp_path, demands("In chat"))
    (tmp_path / "briefs" / ID / "brief.yaml").write_bytes(outlook("On disk"))
    for _ in range(2):
        async with house(tmp_path) as bot:
            assert (bot.number, await bot.waiting()) == (2, [(1, "file")])
            assert bot.yaml.read_bytes() == outlook("On disk")


async def test_a_folder_that_cannot_be_written_stops_no_start_and_proposes_nothing(tmp_path: Path) -> None:
    # A report's name so long fits, and the hidden file's beside it does not: root is refused that too.
    long = f"{'r' * 245}.md"
    settings_for(tmp_path)
    briefs = tmp_path / "briefs" / ID
    yaml = SHIPPED_YAML.replace(b"source: report.md", f"source: {long}".encode())
    (briefs / "brief.yaml").write_bytes(yaml)
    shutil.move(briefs / "report.md", briefs / long)
    report = REPORT.replace(b"(December 6, 2024)", b"(December 6, 2024), put right")
    async with house(tmp_path) as bot:
        shown = await bot.upload(demands("In chat", yaml), report=report)
        published = plain(await bot.press(shown, "Publish", ON_SLACK))
    assert published == (
        "Published\n\nRevision 2 of “The Korean Peninsula, December 2024” serves now. /brief-admin rollback 1 undoes"
        f" it.\n\nRevision 2 serves, but the files in {ID} could not be written (File name too long); make the"
        " folder writable and start again, which writes them."
    )
    async with house(tmp_path) as bot:
        assert (bot.number, await bot.waiting()) == (2, [])
        assert (bot.yaml.read_bytes(), (briefs / long).read_bytes()) == (yaml, REPORT)


async def test_two_approvals_at_once_publish_one_and_compare_the_other_again(tmp_path: Path) -> None:
    async with house(tmp_path, "required") as bot:
        await bot.upload(demands("Of the one"), ON_SLACK)
        await bot.upload(outlook("Of the other"), ON_DISCORD)
        both = await asyncio.gather(
            bot.say("/brief-admin approve 1", ON_DISCORD), bot.say("/brief-admin approve 2", ON_SLACK)
        )
        assert sorted(each.title == "Published" for each in both) == [False, True]
        again = next(each for each in both if each.title != "Published")
        assert "The brief moved on to revision 2 since this was shown, so nothing was published." in plain(
            again
        )
        assert bot.number == 2
        ((left, author),) = await bot.waiting()
        await bot.press(again, "Approve", ON_SLACK if author != "slack:T1/U9" else ON_DISCORD)
        assert (bot.number, await bot.waiting()) == (3, [])
        assert bot.yaml.read_bytes() == {1: demands("Of the one"), 2: outlook("Of the other")}[left]
        async with bot.app.database.reading() as tx:
            kept = {await bot.app.desk.library.raw(tx, ID, number) for number in (2, 3)}
        assert kept == {(demands("Of the one"), REPORT), (outlook("Of the other"), REPORT)}


async def test_a_file_saved_while_an_approval_runs_undoes_nothing_and_is_not_undone(tmp_path: Path) -> None:
    async with house(tmp_path) as bot:
        for turn in range(6):
            now = bot.app.desk.revisions()[ID].document.yaml
            shown = await bot.upload(now + f"# in chat {turn}\n".encode())
            bot.yaml.write_bytes(now + f"# on disk {turn}\n".encode())
            before = bot.number
            await asyncio.gather(bot.press(shown, "Publish", ON_SLACK), bot.app.folder.scan())
            serves = bot.app.desk.revisions()[ID].document.yaml
            assert bot.number == before + 1
            assert bot.yaml.read_bytes() == now + f"# on disk {turn}\n".encode()
            ((_, author),) = await bot.waiting()
            assert serves.endswith(b"# in chat %d\n" % turn if author == "file" else b"# on disk %d\n" % turn)
            await bot.edit(serves)
            for number, _author in await bot.waiting():
                await bot.say(f"/brief-admin reject {number}", ON_SLACK)


async def test_two_proposals_of_the_same_bytes_are_published_once(tmp_path: Path) -> None:
    async with house(tmp_path, "required") as bot:
        await bot.upload(demands("The same"), ON_SLACK)
        await bot.upload(demands("The same"), ON_DISCORD)
        await bot.say("/brief-admin approve 1", ON_DISCORD)
        assert plain(await bot.say("/brief-admin approve 2", ON_SLACK)) == (
            "Not done\n\nRevision 2 holds what proposal 2 asks for, to the letter; nothing is left to publish."
        )
        assert await bot.waiting() == []
        assert ("slack:T1/U9", "refused /brief-admin approve") in await bot.audited()


async def test_a_proposal_that_this_version_cannot_read_stops_no_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with house(tmp_path, "required") as bot:
        await bot.upload(demands("In chat"))
        unreadable = read_brief(demands("Later"), REPORT)
        old = replace(unreadable, yaml=b"format: 7\n")
        async with bot.app.database.transaction() as tx:
            await Proposals().add(tx, old, "discord:7", utc_now(), "from a later version", "discord", 1)
    async with house(tmp_path, "required") as bot:
        assert "proposal 2 cannot be read by this version" in caplog.text
        assert await bot.waiting() == [(1, "slack:T1/U9"), (2, "discord:7")]
        assert (await bot.say("/brief-admin approve 2", ON_SLACK)).title == "The brief has faults"
        assert (await bot.say("/brief-admin proposal 2", ON_SLACK)).title == "The brief has faults"


async def test_a_command_that_another_brief_took_meanwhile_is_refused_in_words(tmp_path: Path) -> None:
    async with house(tmp_path, "required") as bot:
        await bot.upload(SHIPPED_YAML.replace(b"command: acsa", b"command: acsa-talks"))
        beside = tmp_path / "briefs" / "zz-2025"
        shutil.copytree(SHIPPED, beside)
        other = SHIPPED_YAML.replace(f"brief: {ID}".encode(), b"brief: zz-2025")
        other = other.replace(b"    command: ", b"    command: zz-").replace(
            b"command: zz-acsa", b"command: acsa-talks"
        )
        (beside / "brief.yaml").write_bytes(other)
        await bot.app.folder.scan()
        await until(lambda: "zz-2025" in bot.app.desk.revisions())
        refused = await bot.say("/brief-admin approve 1")
        assert refused.title == "The brief has faults"
        assert "acsa-talks" in plain(refused)
        assert bot.number == 1


async def test_forgetting_oneself_takes_back_what_ones_accounts_proposed(tmp_path: Path) -> None:
    async with house(tmp_path, "required") as bot:
        code = plain(await bot.say("/brief link", ON_SLACK)).split("/brief link ")[1].split()[0]
        await bot.say(f"/brief link {code}", ON_DISCORD)
        await bot.upload(demands("In chat"), ON_SLACK)
        await bot.say("/brief forget-me sure=yes", ON_DISCORD)
        assert "was overtaken already" in plain(await bot.say("/brief-admin approve 1", ON_DISCORD))
        assert bot.number == 1
