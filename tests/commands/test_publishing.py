"""Publishing by people: what is shown before, who may, what is written down, and the way back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commands.model import Call, Caller, Reply, Upload
from commands.radius import effects
from commands.views.plain import plain
from commands.writing import circumstances, written
from scheduler.address import Destination, Person
from scheduler.outcomes import Sent
from tests.commands.test_people import traces
from tests.office import ADMIN, CHANNEL, MANAGER, READER, Office, edited, key_of, office, shipped

pytestmark = pytest.mark.usefixtures("contract")

SECOND = replace(ADMIN, person=Person("slack", "T1", "U8"), name="Second")
ON_DISCORD = replace(ADMIN, person=Person("discord", "", "99"), name="Admin on Discord")
TOPIC = """topics:
  - id: brand-new
    command: brand-new
    description: A topic that is new
    lead: {passage: dialogue-1, quote: "The inauguration of the Trump administration could be"}
"""
MOVED = {"yearly_from: 1965-12-18": "yearly_from: 1965-12-20"}
WEEK_BEFORE = datetime(2026, 12, 11, 0, 0, tzinfo=UTC)


async def upload(bot: Office, yaml: bytes, caller: Caller = ADMIN, **options: str) -> Reply:
    """Upload a brief.yaml."""
    uploads = {"file": Upload("brief.yaml", yaml)}
    call = Call("brief-admin upload", caller, CHANNEL, bot.now, options, uploads)
    answer = await bot.dispatcher.answer(call)
    assert isinstance(answer, Reply), answer
    return answer


async def two_admins(bot: Office) -> None:
    """Make a second admin known, so that changes need another person's approval."""
    for who in (SECOND, ON_DISCORD):
        bot.desk.rights.grants[str(who.person)] = "admin"


async def audited(bot: Office) -> list[tuple[str, str]]:
    """Who did or was refused what, the first one first."""
    async with bot.desk.store.reading() as tx:
        return [(each.actor, each.action) for each in reversed(await bot.desk.audit.latest(tx, 50))]


def new_topic() -> bytes:
    return edited({"topics:\n": TOPIC}).yaml


async def test_the_only_admin_sees_what_a_change_does_and_publishes_it(bot: Office) -> None:
    shown = await upload(bot, new_topic(), reason="a topic for the walk")
    text = plain(shown)
    assert shown.title == "Proposal 1: The Korean Peninsula, December 2024"
    assert "slack:T1/U9 proposes: a topic for the walk" in text
    assert "Commands that appear: /brand-new." in text
    assert "Nothing is sent at once, and no planned message changes." in text
    assert [action.label for action in shown.actions if action.press.verb == "open"] == ["Publish", "Reject"]
    assert "Publish makes it serve; until then revision 1 does." in text
    assert [file.name for file in shown.files] == ["brief.diff"]
    assert "+  - id: brand-new" in shown.files[0].content.decode()
    published = await bot.click(key_of(shown, "Publish"), ADMIN)
    assert plain(published) == (
        "Published\n\nRevision 2 of “The Korean Peninsula, December 2024” serves now. /brief-admin rollback 1"
        " undoes it."
    )
    assert "The inauguration of the Trump administration could be" in await bot.text("/brand-new")


async def test_a_button_that_was_pressed_already_says_so(bot: Office) -> None:
    shown = await upload(bot, new_topic())
    await bot.click(key_of(shown, "Publish"), ADMIN)
    assert plain(await bot.click(key_of(shown, "Publish"), ADMIN)) == (
        "Not done\n\nProposal 1 was published already by slack:T1/U9; /brief-admin history shows what serves."
    )


async def test_faults_come_back_with_their_places_and_the_rest_in_a_file(bot: Office) -> None:
    broken = new_topic().replace(b"format: 1", b"format: one")
    text = plain(await upload(bot, broken))
    assert text.startswith(
        "The brief has faults\n\nIt has 1 fault and was not taken. Mend it and send it again:"
    )
    assert "brief.yaml:" in text
    many = shipped().yaml.replace(b"command: ", b"comand: ")
    shown = await upload(bot, many)
    assert shown.files[0].name == "faults.txt"
    assert shown.files[0].content.decode().count("brief.yaml:") >= 14
    assert shown.pages == 1
    assert "The first ones follow; the file faults.txt has every one in full:" in plain(shown)
    assert bot.desk.revisions()["korean-peninsula-2024"].number == 1


async def test_the_same_bytes_are_nothing_to_publish(bot: Office) -> None:
    assert plain(await upload(bot, shipped().yaml)) == (
        "Not done\n\nThat is revision 1 of korean-peninsula-2024 to the letter; nothing is to be published."
    )


async def test_with_two_admins_another_one_has_to_approve(bot: Office) -> None:
    await two_admins(bot)
    shown = await upload(bot, new_topic())
    assert [action.label for action in shown.actions if action.press.verb == "open"] == ["Reject"]
    assert "Another admin approves it; until then revision 1 keeps serving." in plain(shown)
    own = await bot.text("/brief-admin approve 1", ADMIN)
    assert own == ("Not done\n\nYou wrote proposal 1; another admin approves it (discord:99, slack:T1/U8).")
    assert "Revision 2" in await bot.text("/brief-admin approve 1", SECOND)
    entries = await audited(bot)
    assert ("slack:T1/U9", "refused /brief-admin approve") in entries
    assert ("slack:T1/U8", "published") in entries


async def test_the_same_person_on_the_other_platform_is_no_second_one(bot: Office) -> None:
    await two_admins(bot)
    code = (await bot.text("/brief link", ADMIN)).split("/brief link ")[1].split()[0]
    assert "You and slack:T1/U9 are one person now" in await bot.text(f"/brief link {code}", ON_DISCORD)
    await upload(bot, new_topic())
    refused = await bot.text("/brief-admin approve 1", ON_DISCORD)
    assert refused.startswith("Not done\n\nYou wrote proposal 1; another admin approves it")
    assert "Revision 2" in await bot.text("/brief-admin approve 1", SECOND)


async def test_a_code_works_once_and_for_a_quarter_of_an_hour(bot: Office) -> None:
    async def code() -> str:
        return (await bot.text("/brief link", ADMIN)).split("/brief link ")[1].split()[0]

    used = await code()
    await bot.say(f"/brief link {used}", ON_DISCORD)
    assert await bot.text(f"/brief link {used}", SECOND) == (
        f"Not done\n\nNobody was given the code {used}, or it was used or is too old; /brief link gives a new one."
    )
    late = await code()
    bot.now += timedelta(minutes=15)
    assert "too old" in await bot.text(f"/brief link {late}", SECOND)


async def test_the_pages_secret_alone_approves_nothing(bot: Office) -> None:
    await two_admins(bot)
    await upload(bot, new_topic())
    page = replace(READER, person=Person("web", "local", "reader"))
    assert await bot.text("/brief-admin approve 1", page) == (
        "Not done\n\nApproving needs an account: another admin approves proposal 1 in Slack or Discord with"
        " /brief-admin approve 1."
    )


@pytest.mark.parametrize(
    "line",
    [
        "/brief-admin approve 1", "/brief-admin reject 1", "/brief-admin history", "/brief-admin rollback 1",
        "/brief-admin reviewed", "/brief-admin roles", "/brief-admin audit", "/brief-admin upload",
    ],
)  # fmt: skip
@pytest.mark.parametrize("caller", [READER, MANAGER])
async def test_readers_and_a_servers_own_managers_change_no_brief_and_are_written_down(
    bot: Office, line: str, caller: Caller
) -> None:
    refused = await bot.text(line, caller)
    assert refused.startswith("Not done")
    assert "slack:T1/U9" in refused
    assert await audited(bot) == [(str(caller.person), f"refused {line.rsplit(' ', line.count(' ') - 1)[0]}")]


async def test_an_approval_holds_for_what_was_seen(bot: Office) -> None:
    await two_admins(bot)
    first = await upload(bot, new_topic())
    await bot.publish(edited({"description: What Pyongyang would ask of Washington": "description: Demands"}))
    again = await bot.reply("/brief-admin approve 1 base=1", SECOND)
    assert (
        "The brief moved on to revision 2 since this was shown, so nothing was published. This is the comparison"
        " with it; approve again if it is right." in plain(again)
    )
    assert "Demands" in plain(again)
    assert bot.desk.revisions()["korean-peninsula-2024"].number == 2
    await bot.click(key_of(again, "Approve"), SECOND)
    assert bot.desk.revisions()["korean-peninsula-2024"].number == 3
    assert first.actions


def many() -> bytes:
    """A version that differs in so much that a screen does not hold it."""
    found = shipped().yaml
    for topic in shipped().brief.topics:
        found = found.replace(topic.description.encode(), f"{topic.description}, in other words".encode())
    return found


async def test_turning_the_pages_of_a_proposal_proposes_nothing_more(bot: Office) -> None:
    shown = await upload(bot, many())
    read = [plain(shown)]
    while shown.page < shown.pages:
        shown = await bot.click(key_of(shown, f"More ({shown.page + 1} of {shown.pages})"), ADMIN)
        read.append(plain(shown))
    assert len(read) > 1
    whole = " ".join(read)
    assert all(f"{topic.description}, in other words" in whole for topic in shipped().brief.topics)
    assert read[-1].count("Nothing is sent at once, and no planned message changes.") == 1
    async with bot.desk.store.reading() as tx:
        assert [each.id for each in await bot.desk.proposals.open(tx)] == [1]
    assert [action for _who, action in await audited(bot)] == ["/brief-admin upload"]


async def test_turning_the_pages_of_a_new_comparison_publishes_nothing(bot: Office) -> None:
    await two_admins(bot)
    await upload(bot, many())
    await bot.publish(edited({"description: What Pyongyang would ask of Washington": "description: Demands"}))
    again = await bot.reply("/brief-admin approve 1", SECOND)
    said = "The brief moved on to revision 2 since this was shown, so nothing was published."
    assert said in plain(again)
    assert again.pages > 1
    more = await bot.click(key_of(again, f"More (2 of {again.pages})"), SECOND)
    assert bot.desk.revisions()["korean-peninsula-2024"].number == 2
    first = await bot.click(key_of(more, f"Back (1 of {again.pages})"), SECOND)
    assert said in plain(first)
    await bot.click(key_of(first, "Approve"), SECOND)
    assert bot.desk.revisions()["korean-peninsula-2024"].number == 3


async def test_a_waiting_proposal_is_shown_with_the_button_for_whoever_may_press_it(bot: Office) -> None:
    await two_admins(bot)
    await upload(bot, new_topic(), reason="a topic")
    mine = await bot.reply("/brief-admin proposal 1", ADMIN)
    theirs = await bot.reply("/brief-admin proposal 1", SECOND)
    assert "slack:T1/U9 proposes: a topic" in plain(mine)
    assert [action.label for action in mine.actions] == ["Reject"]
    assert [action.label for action in theirs.actions] == ["Approve", "Reject"]
    assert await bot.text("/brief-admin proposal 7", SECOND) == (
        "Not done\n\nThere is no proposal 7; /brief-admin history lists those that wait."
    )
    assert "Revision 2" in plain(await bot.click(key_of(theirs, "Approve"), SECOND))


async def test_what_is_foreseen_is_what_is_sent(bot: Office) -> None:
    await bot.say("/brief-admin channel zone=Asia/Tokyo leads=7d,0d", MANAGER)
    bot.now = WEEK_BEFORE
    await bot.deliver(WEEK_BEFORE - timedelta(days=7))
    (told,) = await bot.deliver(WEEK_BEFORE)
    bot.now = WEEK_BEFORE + timedelta(hours=1)
    shown = await upload(bot, edited(MOVED).yaml)
    text = plain(shown)
    assert "1 message goes out at once:" in text
    assert (
        "61st anniversary of the entry into force of the Japan-ROK Treaty on Basic Relations: moved to"
        in text
    )
    foreseen = await effects(bot.desk, edited(MOVED), bot.now)
    written_out = shown.files[-1].content.decode()
    await bot.click(key_of(shown, "Publish"), ADMIN)
    deliveries, sent = bot.desk.deliveries, {}
    for tick in (bot.now, *sorted({each.delivery.due_at for each in foreseen})):
        if tick > bot.now + timedelta(days=30):
            break
        async with bot.desk.store.transaction() as tx:
            for each in await deliveries.claim(tx, max(tick, bot.now)):
                revision = bot.desk.revisions()["korean-peninsula-2024"]
                about = await circumstances(bot.desk, tx, each)
                reply = written(bot.desk, revision, about, max(tick, bot.now))
                assert reply is not None
                await deliveries.compose(tx, each.id, "{}", revision.number)
                await deliveries.confirm(tx, each.id, Sent("m"), max(tick, bot.now))
                sent[each.kind, each.item, each.lead, each.announced] = plain(reply)
    expected = {
        (one.kind, one.item, one.lead, one.announced): plain(each.reply)
        for each in foreseen
        if each.reply and (one := each.delivery).due_at <= bot.now + timedelta(days=30)
    }
    assert told.item == "treaty-entry-into-force"
    assert sent == expected
    assert len(sent) == 3
    assert all(message in written_out for message in sent.values())


async def test_a_rollback_undoes_a_publication_deliveries_included(bot: Office) -> None:
    await bot.say("/brief-admin channel zone=Asia/Tokyo leads=7d", MANAGER)
    before = [(each.item, each.announced, each.due_at) for each in await bot.rows(CHANNEL)]
    await bot.click(key_of(await upload(bot, edited(MOVED).yaml), "Publish"), ADMIN)
    planned = [each for each in await bot.rows(CHANNEL) if each.state == "planned"]
    assert "2026-12-20" in {each.announced for each in planned}
    back = await bot.reply("/brief-admin rollback", ADMIN)
    assert "moved from December 20, 1965 to December 18, 1965" in plain(back)
    await bot.click(key_of(back, "Publish"), ADMIN)
    after = [each for each in await bot.rows(CHANNEL) if each.state == "planned"]
    assert [(each.item, each.announced, each.due_at) for each in after] == before
    history = await bot.text("/brief-admin history", ADMIN)
    assert "3. 2026-11-24 08:00 UTC, slack:T1/U9 (slack): back to revision 1" in history
    async with bot.desk.store.reading() as tx:
        assert await bot.desk.library.raw(tx, "korean-peninsula-2024", 3) == (
            shipped().yaml,
            shipped().report,
        )


async def test_any_revision_is_handed_out_to_the_letter(bot: Office) -> None:
    handed = await bot.reply("/brief-admin history 1", ADMIN)
    assert [(file.name, file.content) for file in handed.files] == [
        ("brief.yaml", shipped().yaml), ("report.md", shipped().report),
    ]  # fmt: skip
    assert await bot.text("/brief-admin history 7", ADMIN) == (
        "Not done\n\nThere is no revision 7; /brief-admin history lists them."
    )


async def test_an_editor_proposes_and_an_admin_publishes(bot: Office) -> None:
    editor = replace(READER, roles=("slack:T9/usergroup:S5",))
    bot.desk.rights.grants["slack:T9/usergroup:S5"] = "editor"
    proposed = await upload(bot, new_topic(), editor)
    assert [action.label for action in proposed.actions if action.press.verb == "open"] == ["Reject"]
    assert "for the bot's admins" in await bot.text("/brief-admin approve 1", editor)
    assert "Revision 2" in await bot.text("/brief-admin approve 1", ADMIN)


async def test_a_role_of_a_workspace_that_is_not_the_teams_counts_for_nothing(bot: Office) -> None:
    elsewhere = replace(READER, roles=("slack:T1/usergroup:S5",))
    bot.desk.rights.grants["slack:T1/usergroup:S5"] = "admin"
    assert (await bot.text("/brief-admin reviewed", elsewhere)).startswith("Not done")
    assert await bot.text("/brief-admin roles editor role=usergroup:S5", ADMIN) == (
        "Not done\n\nRoles count in the workspaces of your team alone, and slack:T1 is none; whoever runs the bot"
        " adds it to WORKSPACES."
    )


async def test_roles_are_given_shown_and_taken(bot: Office) -> None:
    team = Destination("slack", "T9", "C1")
    shown = plain(await bot.reply("/brief-admin roles editor role=usergroup:S5", ADMIN, team))
    assert "Editors, who propose changes\n\n- slack:T9/usergroup:S5" in shown
    assert bot.desk.rights.grants == {"slack:T9/usergroup:S5": "editor"}
    await bot.reply("/brief-admin roles remove role=usergroup:S5", ADMIN, team)
    assert bot.desk.rights.grants == {}


async def test_a_note_is_written_between_the_lines_and_published(bot: Office) -> None:
    form = await bot.form("/brief-admin note", ADMIN)
    assert [field.name for field in form.fields] == ["kind", "date", "text", "source", "touches"]
    answers = {
        "kind": "comment", "date": "2026-11-24", "text": "A remark.", "source": "https://example.org/remark",
        "touches": "dialogue-1",
    }  # fmt: skip
    call = Call("", ADMIN, CHANNEL, bot.now, answers)
    shown = await bot.dispatcher.submit(form.key, call)
    assert isinstance(shown, Reply)
    assert "1 note was added:" in plain(shown)
    await bot.click(key_of(shown, "Publish"), ADMIN)
    document = bot.desk.revisions()["korean-peninsula-2024"].document
    assert set(shipped().yaml.splitlines()) < set(document.yaml.splitlines())
    assert document.brief.notes[-1].text == "A remark."


async def test_a_review_makes_the_brief_current_again(bot: Office) -> None:
    shown = await bot.reply("/brief-admin reviewed", ADMIN)
    await bot.click(key_of(shown, "Publish"), ADMIN)
    assert "as of November 24, 2026 · 0 days old, current" in (await bot.reply("/dprk-demands")).footer
    assert await bot.text("/brief-admin reviewed", ADMIN) == (
        "Not done\n\nThe brief says reviewed: 2026-11-24 already, so nothing was changed."
    )


async def test_an_outcome_and_a_watch_date_are_recorded(bot: Office) -> None:
    judgement = shipped().brief.judgements[0].id
    line = f"/brief-admin outcome about={judgement} source=https://example.org/outcome result=partly date=2026-01-02"
    await bot.click(key_of(await bot.reply(line, ADMIN), "Publish"), ADMIN)
    found = bot.desk.revisions()["korean-peninsula-2024"].brief.judgements[0].outcome
    assert (found.result, str(found.on)) == ("partly", "2026-01-02")
    line = (
        '/brief-admin add-date title="A summit" date=2027-06-22 why="Announced" source=https://example.org/summit'
        " remind=7d,0d zone=Asia/Seoul"
    )
    shown = await bot.reply(line, ADMIN)
    assert "New watch date A summit" in plain(shown)
    await bot.click(key_of(shown, "Publish"), ADMIN)
    date = bot.desk.revisions()["korean-peninsula-2024"].brief.watch_dates[-1]
    assert (date.title, str(date.date), [lead.text for lead in date.remind]) == (
        "A summit",
        "2027-06-22",
        ["7d", "0d"],
    )


async def test_who_published_may_be_forgotten_but_for_what_they_answer_for(bot: Office) -> None:
    await bot.click(key_of(await upload(bot, new_topic()), "Publish"), ADMIN)
    stays = (
        "3 lines of the audit log stay under your address, and so do revisions that you made: they answer for what"
        " was changed."
    )
    assert plain(await bot.reply("/brief forget-me", ADMIN)) == (
        f"Forget me\n\nNothing is kept about you that could be deleted.\n\n{stays}"
    )


async def test_an_editor_who_is_forgotten_leaves_no_role_no_link_and_no_proposal(bot: Office) -> None:
    editor = replace(READER, person=Person("slack", "T1", "U77"))
    bot.desk.rights.grants["slack:T1/U77"] = "editor"
    async with bot.desk.store.transaction() as tx:
        await bot.desk.grants.give(tx, "slack:T1/U77", "editor", "slack:T1/U9", bot.now)
    code = (await bot.text("/brief link", editor)).split("/brief link ")[1].split()[0]
    await bot.say(f"/brief link {code}", ON_DISCORD)
    await upload(bot, new_topic(), editor)
    asked = await bot.reply("/brief forget-me", editor)
    assert "that you were made an editor here" in plain(asked)
    assert "that accounts on other platforms are yours too" in plain(asked)
    assert "1 version of a brief that you proposed and that does not serve" in plain(asked)
    await bot.click(key_of(asked, "Forget me"), editor)
    assert set(await traces(bot, editor.person)) == {"audit"}
    assert bot.desk.rights.grants == {}


async def test_there_is_no_way_back_from_the_first_revision(bot: Office) -> None:
    said = "Not done\n\nRevision 1 is the first one; there is none before it to compare with or go back to."
    assert await bot.text("/brief-admin diff", ADMIN) == said
    assert await bot.text("/brief-admin rollback", ADMIN) == said


async def test_a_rejected_proposal_is_over_and_its_author_may_take_it_back() -> None:
    async with office(shipped()) as bot:
        await two_admins(bot)
        await upload(bot, new_topic())
        assert await bot.text('/brief-admin reject 1 reason="not yet"', SECOND) == (
            "Rejected\n\nProposal 1 is turned down: not yet. What serves stays as it is."
        )
        assert "was rejected already by slack:T1/U8" in await bot.text("/brief-admin approve 1", SECOND)
        await upload(bot, new_topic())
        assert "Proposal 2 is turned down" in await bot.text("/brief-admin reject 2", ADMIN)
