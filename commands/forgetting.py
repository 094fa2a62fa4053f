"""Forgetting a person: all that is kept about them is deleted."""

from briefs.library import Transaction
from briefs.marking import N_
from commands import choosing
from commands.desk import Desk
from commands.languages import NAMES
from commands.model import Action, Block, Call, Command, Listing, Option, Press, Prose, Reply, Text, text
from commands.views.wire import on_its_way
from commands.wording import counting, speaking


async def forget_me(desk: Desk, call: Call) -> Reply:
    """Show what is kept about you, and delete it."""
    if call.options.get("sure") is not True:
        return await _asked(desk, call)
    _ = speaking(choosing.language(call))
    person = call.caller.person
    async with desk.store.transaction() as tx:
        answers_for = await desk.audit.count(tx, str(person))
        going = await desk.deliveries.at_platform(tx, person.inbox)
        gone = await desk.subscriptions.forget(tx, person)
        await desk.deliveries.forget(tx, gone)
        await desk.deliveries.unname(tx, person)
        if person.inbox.person is not None:
            await desk.deliveries.stops.lift(tx, str(person.inbox))
        await desk.people.forget(tx, person)
        await desk.grants.take(tx, str(person))
        # Whoever was one person with the author might else approve what they proposed themselves.
        for account in await desk.identities.accounts(tx, person):
            await desk.proposals.withdraw(tx, str(account), call.at, N_("its author asked to be forgotten"))
        await desk.proposals.forget(tx, str(person))
        await desk.identities.forget(tx, person)
        await desk.feeds.forget(tx, person)
        await desk.outside.forget(tx, person)
    desk.zones.pop(person, None)
    desk.languages.pop(person, None)
    desk.rights.grants.pop(str(person), None)
    said = _(
        "All that was kept about you is deleted. Nothing more is sent to you; /brief follow begins anew."
    )
    blocks: list[Block] = [
        Prose(text(said)), *_staying(answers_for, call), *on_its_way(going, choosing.language(call)),
    ]  # fmt: skip
    return Reply(_("Forgotten"), tuple(blocks))


async def _asked(desk: Desk, call: Call) -> Reply:
    _ = speaking(choosing.language(call))
    async with desk.store.reading() as tx:
        kept = await _kept(desk, call, tx)
        answers_for = await desk.audit.count(tx, str(call.caller.person))
    if not kept:
        nothing = Prose(text(_("Nothing is kept about you that could be deleted.")))
        return Reply(_("Forget me"), (nothing, *_staying(answers_for, call)))
    blocks: list[Block] = [
        Prose(text(_("This is kept about you:"))),
        Listing(tuple(kept)),
        Prose(
            text(_("Forgetting deletes it for good. What you set up for channels stays, without your name."))
        ),
        *_staying(answers_for, call),
    ]
    sure = Action(_("Forget me"), Press("open", "brief forget-me", (("sure", "yes"),)), style="danger")
    return Reply(_("Forget me"), tuple(blocks), actions=(sure,))


def _staying(answers_for: int, call: Call) -> list[Block]:
    """Say that the history of briefs and the audit log name who changed what, and are never changed."""
    if not answers_for:
        return []
    said = counting(choosing.language(call))(
        "{count} line of the audit log stays under your address, and so do revisions that you made: they answer for"
        " what was changed.",
        "{count} lines of the audit log stay under your address, and so do revisions that you made: they answer for"
        " what was changed.",
        answers_for,
    )
    return [Prose(text(said.format(count=answers_for)))]


async def _kept(desk: Desk, call: Call, tx: Transaction) -> list[Text]:
    _, n_ = speaking(choosing.language(call)), counting(choosing.language(call))
    person = call.caller.person
    profile = await desk.people.get(tx, person)
    own = await desk.subscriptions.at(tx, person.inbox) if person.inbox.person else []
    made = [each for each in await desk.subscriptions.of_creator(tx, person) if each not in own]
    found: list[Text] = []
    if profile.zone:
        found.append(text(_("your time zone, {zone}").format(zone=profile.zone)))
    if profile.language:
        found.append(text(_("your language, {language}").format(language=NAMES[profile.language])))
    if profile.muted(call.at):
        found.append(text(_("that you are muted")))
    if granted := desk.rights.grants.get(str(person)):
        found.append(text(_("that you were made an {role} here").format(role=granted)))
    if len(await desk.identities.accounts(tx, person)) > 1:
        found.append(text(_("that accounts on other platforms are yours too")))
    if proposed := await desk.proposals.count(tx, str(person)):
        said = n_("{count} version of a brief that you proposed and that does not serve",
                  "{count} versions of briefs that you proposed and that do not serve", proposed)  # fmt: skip
        found.append(text(said.format(count=proposed)))
    if own:
        said = n_("{count} thing that you follow, and what was sent to you of it",
                  "{count} things that you follow, and what was sent to you of them", len(own))  # fmt: skip
        found.append(text(said.format(count=len(own))))
    if made:
        said = n_("that you set up {count} thing for a channel",
                  "that you set up {count} things for channels", len(made))  # fmt: skip
        found.append(text(said.format(count=len(made))))
    if feeds := await desk.feeds.made_by(tx, person):
        said = n_("that you made {count} calendar feed", "that you made {count} calendar feeds", feeds)
        found.append(text(said.format(count=feeds)))
    return found


COMMANDS = (
    Command(
        "brief forget-me", N_("Show what is kept about you, and delete it"), forget_me,
        (Option("sure", N_("yes deletes it"), "boolean"),), example="/brief forget-me",
    ),
)  # fmt: skip
