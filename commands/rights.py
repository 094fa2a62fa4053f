"""Who may do what, and who may see what."""

from dataclasses import dataclass

from briefs.visible import Audience
from commands.model import Call, Caller, Right
from scheduler.address import Destination, Person


@dataclass(frozen=True, slots=True)
class Rights:
    """The people of ADMINS, the workspaces of WORKSPACES, and whom PINGS allows to notify.

    `pings` holds `discord:1/role:5` and `slack:T1/usergroup:S2`.

    The local page is its operator's: whoever has the printed link sees and does there what an admin may,
    except to approve (design, part 5).
    """

    admins: frozenset[Person] = frozenset()
    workspaces: frozenset[str] = frozenset()
    pings: frozenset[str] = frozenset()

    def is_admin(self, person: Person) -> bool:
        """Say whether a person is an admin."""
        return person in self.admins or person.platform == "web"

    def allows(self, right: Right, caller: Caller) -> bool:
        """Say whether a caller has a right; each right includes those before it."""
        if right == "anyone" or self.is_admin(caller.person):
            return True
        return right == "manager" and caller.manages

    def audience_of(self, place: Destination) -> Audience:
        """Return who reads what stands in a place."""
        if place.platform == "web":
            return "admins"
        person = place.person
        if person is not None and person in self.admins:
            return "admins"
        if place.workspace in self.workspaces or (person is not None and self._on_team(person)):
            return "team"
        return "everyone"

    def _on_team(self, person: Person) -> bool:
        return bool(person.space) and f"{person.platform}:{person.space}" in self.workspaces

    def audience(self, call: Call, *, public: bool = False) -> Audience:
        """Return who will read the answer: the asker alone, or everybody in the place."""
        if not public and self.is_admin(call.caller.person):
            return "admins"
        return self.audience_of(call.place)

    def contacts(self) -> str:
        """Name who can help, for refusals."""
        return ", ".join(sorted(map(str, self.admins)))
