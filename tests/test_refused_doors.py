"""Who may not publish: the author, the author's other account, readers, managers, the owner of another server."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.doors import SECOND_ON_DISCORD, TWO_ADMINS, DiscordDoor, SlackDoor, both
from tests.peers.discord_peer import Channel, Guild, Member, Role, Upload, User
from tests.peers.discord_peer.permissions import EVERYTHING, MANAGER, READER
from tests.peers.discord_peer.world import MANAGER_USER, READER_USER
from tests.peers.slack_peer import world
from tests.walking import ID, awaited
from tests.wires import ADMINS, GUILD, Shown, settings_for, until

SERVER_MANAGER, OWNER = "200000000000000004", "200000000000000005"
BRIEFERS = "300000000000000009"
ELSEWHERE = "100000000000000077"
CONTACTS = ", ".join(sorted(TWO_ADMINS.split(",")))
FOR_EDITORS = f"is for editors and the bot's admins ({CONTACTS}); ask one of them."
FOR_ADMINS = f"is for the bot's admins ({CONTACTS}); ask one of them."
# What changes a brief or who may: each with the sentence of its refusal.
LINES = {
    "/brief-admin approve 1": FOR_ADMINS, "/brief-admin reject 1": FOR_EDITORS,
    "/brief-admin rollback 1": FOR_EDITORS, "/brief-admin reviewed": FOR_EDITORS,
    "/brief-admin proposal 1": FOR_EDITORS, "/brief-admin history": FOR_EDITORS,
    "/brief-admin audit": FOR_ADMINS,
}  # fmt: skip


class House:
    """One bot on both platforms, with a proposal that waits."""

    def __init__(self, discord: DiscordDoor, slack: SlackDoor, path: Path) -> None:
        self.discord, self.slack, self.app = discord, slack, discord.wire.app
        self.path = path
        self.original = path.read_bytes()
        self.changed = self.original.replace(b"What Pyongyang would ask of Washington", b"Demands")

    async def in_discord(self, line: str, user: str, **where: Any) -> Shown:
        command, given = self.app.front.parse(line)
        types = {option.name: option.kind for option in command.options}
        options: dict[str, Any] = {n: int(v) if types[n] == "integer" else v for n, v in given.items()}
        return await self.sent(command.path, options, user, **where)

    async def sent(self, path: str, options: dict[str, Any], user: str, **where: Any) -> Shown:
        exchange = await self.discord.wire.peer.command(path, options, user=user, **where)
        return self.discord.wire.message(await exchange.answer(), private=exchange.ephemeral)

    async def in_slack(self, line: str, user: str) -> Shown:
        name, _, rest = line.removeprefix("/").partition(" ")
        exchange = await self.slack.wire.peer.command(f"/{name}", rest, user=user)
        shown = await exchange.answer()
        assert not exchange.views, "no form is opened for what would be refused"
        return self.slack.wire.message(shown, private=exchange.ephemeral, user=user)

    async def audited(self, actor: str) -> list[str]:
        """What an actor did or was refused, the first thing first."""
        async with self.app.database.reading() as tx:
            found = await self.app.desk.audit.latest(tx, 200)
        return [each.action for each in reversed(found) if each.actor == actor]

    async def read_by_an_admin(self) -> str:
        """The audit log as the second admin reads it, all pages."""
        shown = await self.discord.say("/brief-admin audit 200")
        text = shown.text
        while more := next((label for label in shown.buttons if label.startswith("More")), None):
            shown = await self.discord.press(shown, more)
            text += f" {shown.text}"
        return text

    def untouched(self) -> bool:
        """Whether nothing was published."""
        return self.app.desk.revisions()[ID].number == 1 and self.path.read_bytes() == self.original


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    settings_for(tmp_path)
    async with both(tmp_path) as (discord, slack):
        peer = discord.wire.peer
        for id, name, rights in ((SERVER_MANAGER, "manager", MANAGER), (OWNER, "owner", READER)):
            peer.state.users[id] = User(id, name)
            peer.guild().members[id] = Member(rights)
        slack.wire.peer.state.users["U7"] = world.User("U7", "owner", is_admin=True)
        slack.wire.peer.state.channels["C1"].members.add("U7")
        made = House(discord, slack, tmp_path / "briefs" / ID / "brief.yaml")
        assert "Proposal 1" in (await slack.upload(made.changed, "Shorter")).text
        yield made


async def test_the_author_does_not_approve(house: House) -> None:
    refused = await house.in_slack("/brief-admin approve 1", "U9")
    others = ", ".join(sorted(set(TWO_ADMINS.split(",")) - {"slack:T1/U9"}))
    assert refused.text == f"Not done You wrote proposal 1; another admin approves it ({others})."
    assert refused.private
    assert house.untouched()
    assert await house.audited("slack:T1/U9") == ["/brief-admin upload", "refused /brief-admin approve"]
    assert (
        "slack:T1/U9: refused /brief-admin approve (You wrote proposal 1;" in await house.read_by_an_admin()
    )


async def test_the_author_does_not_approve_on_the_other_platform(house: House) -> None:
    offered = (await house.in_slack("/brief link", "U9")).text
    code = offered.split("/brief link ")[1].split()[0]
    linked = await house.in_discord(f"/brief link {code}", MANAGER_USER)
    assert "You and slack:T1/U9 are one person now" in linked.text
    await house.slack.upload(house.changed + b"# once more\n", "Once more")
    await awaited(house.discord.asked, "Proposal 2")
    refused = await house.in_discord("/brief-admin approve 2", MANAGER_USER)
    assert "Not done You wrote proposal 2; another admin approves it (" in refused.text
    assert refused.private
    own = house.discord.wire.peer.messages(MANAGER_USER)
    assert not [each for each in own if "Proposal 2" in str(each.payload)], "nobody is asked about their own"
    assert house.untouched()
    assert "refused /brief-admin approve" in await house.audited(f"discord:{MANAGER_USER}")
    approved = await house.in_discord("/brief-admin approve 2", SECOND_ON_DISCORD)
    assert "Revision 2 of" in approved.text


async def test_two_accounts_of_one_person_are_one_admin(tmp_path: Path) -> None:
    settings_for(tmp_path)
    async with both(tmp_path, admins=ADMINS) as (discord, slack):
        made = House(discord, slack, tmp_path / "briefs" / ID / "brief.yaml")
        assert (await slack.say("/brief-admin reviewed", author=True)).buttons == ["More (2 of 2)", "Reject"]
        code = (await made.in_slack("/brief link", "U9")).text.split("/brief link ")[1].split()[0]
        await made.in_discord(f"/brief link {code}", MANAGER_USER)
        alone = await slack.say("/brief-admin reviewed", author=True)
        assert "Publish" in alone.buttons
        assert "Revision 2 of" in (await slack.press(alone, "Publish")).text


@pytest.mark.parametrize("line", LINES)
async def test_a_reader_and_a_servers_manager_do_none_of_it(house: House, line: str) -> None:
    path = line.rsplit(" 1", 1)[0]
    said = f"Not done {path} {LINES[line]}"
    for user, where in ((READER_USER, {"dm": True}), (SERVER_MANAGER, {})):
        refused = await house.in_discord(line, user, **where)
        assert (refused.text, refused.private, refused.buttons) == (said, True, [])
        assert await house.audited(f"discord:{user}") == [f"refused {path}"]
    for user in ("U1", "U7"):
        refused = await house.in_slack(line, user)
        assert (refused.text, refused.private, refused.buttons) == (said, True, [])
        assert await house.audited(f"slack:T1/{user}") == [f"refused {path}"]
    assert house.untouched()


async def test_a_reader_and_a_servers_manager_send_no_file(house: House) -> None:
    said = f"Not done /brief-admin upload {FOR_EDITORS}"
    options = {"file": Upload("brief.yaml", house.changed)}
    for user, where in ((READER_USER, {"dm": True}), (SERVER_MANAGER, {})):
        assert (await house.sent("brief-admin upload", options, user, **where)).text == said
        assert await house.audited(f"discord:{user}") == ["refused /brief-admin upload"]
    for user in ("U1", "U7"):
        assert (await house.in_slack("/brief-admin upload", user)).text == said
        assert await house.audited(f"slack:T1/{user}") == ["refused /brief-admin upload"]


async def elsewhere(house: House) -> dict[str, Any]:
    """Somebody's own server, which is none of the team's, with a role that has a granted one's name."""
    guild = Guild(
        ELSEWHERE, "Own", [Channel("110000000000000077", "general")], roles=[Role("300000000000000077", "Briefers")],
        members={OWNER: Member(EVERYTHING, ["300000000000000077"])},
    )  # fmt: skip
    peer = house.discord.wire.peer
    peer.guild().roles.append(Role(BRIEFERS, "Briefers"))
    await peer.invite(guild)
    granted = await house.sent("brief-admin roles", {"action": "admin", "role": BRIEFERS}, SECOND_ON_DISCORD)
    assert f"discord:{GUILD}/role:{BRIEFERS}" in granted.text
    return {"guild": ELSEWHERE, "channel": "110000000000000077"}


async def test_whoever_invites_the_bot_to_a_server_of_their_own_stays_a_reader(house: House) -> None:
    there = await elsewhere(house)
    begins = "Not done /brief-admin approve is for the bot's admins ("
    refused = await house.in_discord("/brief-admin approve 1", OWNER, **there)
    assert refused.text.startswith(begins)
    assert refused.private
    options: dict[str, Any] = {"file": Upload("brief.yaml", house.changed)}
    assert "is for editors" in (await house.sent("brief-admin upload", options, OWNER, **there)).text
    options = {"action": "admin", "role": "300000000000000077"}
    assert "is for the bot's admins" in (await house.sent("brief-admin roles", options, OWNER, **there)).text
    assert await house.audited(f"discord:{OWNER}") == [
        "refused /brief-admin approve", "refused /brief-admin upload", "refused /brief-admin roles",
    ]  # fmt: skip
    assert house.untouched()


async def test_an_admin_cannot_grant_a_role_of_a_server_that_is_none_of_the_teams(house: House) -> None:
    there = await elsewhere(house)
    options: dict[str, Any] = {"action": "admin", "role": "300000000000000077"}
    refused = await house.sent(
        "brief-admin roles", options, SECOND_ON_DISCORD, permissions=EVERYTHING, **there
    )
    assert refused.text == (
        f"Not done Roles count in the workspaces of your team alone, and discord:{ELSEWHERE} is none; whoever runs"
        " the bot adds it to WORKSPACES."
    )
    assert "refused /brief-admin roles" in await house.audited(f"discord:{SECOND_ON_DISCORD}")


async def test_a_granted_role_counts_where_it_was_granted(house: House) -> None:
    await elsewhere(house)
    approved = await house.in_discord("/brief-admin approve 1", OWNER, permissions=MANAGER, roles=[BRIEFERS])
    assert "Revision 2 of" in approved.text
    await until(lambda: house.path.read_bytes() == house.changed)
    assert await house.audited(f"discord:{OWNER}") == ["published", "/brief-admin approve"]
