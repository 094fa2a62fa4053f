"""Who may publish: whether a change needs a second person, and who that may be."""

from briefs.library import Transaction
from briefs.marking import N_
from briefs.proposals import Proposal
from commands.desk import Desk
from commands.model import Caller, UserError
from scheduler.address import Person, person

# Who proposes without an account that could approve.
NOBODY = frozenset({"file", "command line"})


async def is_required(desk: Desk, tx: Transaction) -> bool:
    """Say whether a change needs a second person: as REVIEW says, or as soon as two admins are known."""
    rights = desk.rights
    if rights.review != "auto":
        return rights.review == "required"
    admins = [who for who in (*rights.admins, *_granted(desk)) if isinstance(who, Person)]
    roles = [who for who in _granted(desk) if not isinstance(who, Person)]
    members = {min(await desk.identities.accounts(tx, who)) for who in admins}
    return len(members) + len(roles) >= 2


def _granted(desk: Desk) -> list[Person | str]:
    """Whom admins made admins: people, and roles that somebody holds."""
    return [_person_or_role(subject) for subject, right in desk.rights.grants.items() if right == "admin"]


def _person_or_role(subject: str) -> Person | str:
    try:
        return person(subject)
    except ValueError:
        return subject


async def check_second(desk: Desk, tx: Transaction, caller: Caller, proposal: Proposal) -> None:
    """Raise UserError unless a caller may publish a proposal.

    Without review every admin may. With it, it takes an admin with an account of their own who is not the
    author, on whatever platform.
    """
    if not await is_required(desk, tx):
        return
    if caller.person.platform == "web":
        raise UserError(
            "Approving needs an account: another admin approves proposal {number} in Slack or Discord"
            " with /brief-admin approve {number}.",
            number=proposal.id,
        )
    if proposal.author in NOBODY:
        return
    if person(proposal.author) in await desk.identities.accounts(tx, caller.person):
        raise UserError(
            "You wrote proposal {number}; another admin approves it ({admins}).",
            number=proposal.id, admins=_others(desk, caller),
        )  # fmt: skip


def _others(desk: Desk, caller: Caller) -> str:
    names = [name for name in desk.rights.contacts().split(", ") if name and name != str(caller.person)]
    return ", ".join(names) or N_("ADMINS names none yet")
