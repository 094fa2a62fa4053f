"""Who may do what, and who may see what."""

from dataclasses import dataclass, field
from typing import Literal

from briefs.visible import Audience
from commands.model import Call, Caller, Right
from scheduler.address import Destination, Person
from scheduler.grants import Granted

Review = Literal["auto", "required", "off"]
Role = Literal["reader", "editor", "admin"]


@dataclass(frozen=True, slots=True)
class Rights:
    """The people of ADMINS, the workspaces of WORKSPACES, and whom PINGS allows to notify.

    `pings` holds `discord:1/role:5` and `slack:T1/usergroup:S2`. `grants` is what admins granted, in memory;
    a granted role counts in the workspaces of WORKSPACES alone. `review` says whether a change of a brief
    needs a second person. The local page is its operator's: whoever has the printed link sees and does there
    what an admin may, except to approve (design, part 5).
    """

    admins: frozenset[Person] = frozenset()
    workspaces: frozenset[str] = frozenset()
    pings: frozenset[str] = frozenset()
    review: Review = "auto"
    grants: dict[str, Granted] = field(default_factory=dict)

    def is_admin(self, person: Person) -> bool:
        """Say whether a person is an admin, wherever they are."""
        return person in self.admins or person.platform == "web" or self.grants.get(str(person)) == "admin"

    def role(self, caller: Caller) -> Role:
        """Return the highest role that a caller has where the call comes from."""
        held = {self.grants.get(str(caller.person)), *map(self._granted, caller.roles)}
        if self.is_admin(caller.person) or "admin" in held:
            return "admin"
        return "editor" if "editor" in held else "reader"

    def _granted(self, role: str) -> Granted | None:
        return self.grants.get(role) if role.partition("/")[0] in self.workspaces else None

    def allows(self, right: Right, caller: Caller) -> bool:
        """Say whether a caller has a right. An admin has every one; an editor manages no channel."""
        role = self.role(caller)
        if right == "anyone" or role == "admin":
            return True
        return role == "editor" if right == "editor" else right == "manager" and caller.manages

    def audience_of(self, place: Destination) -> Audience:
        """Return who reads what stands in a place."""
        if place.platform == "web":
            return "admins"
        person = place.person
        if person is not None and self.is_admin(person):
            return "admins"
        if place.workspace in self.workspaces or (person is not None and self._on_team(person)):
            return "team"
        return "everyone"

    def _on_team(self, person: Person) -> bool:
        return bool(person.space) and f"{person.platform}:{person.space}" in self.workspaces

    def audience(self, call: Call, *, public: bool = False) -> Audience:
        """Return who will read the answer: the asker alone, or everybody in the place."""
        if not public and self.role(call.caller) == "admin":
            return "admins"
        return self.audience_of(call.place)

    def contacts(self) -> str:
        """Name who can help, for refusals."""
        granted = (subject for subject, right in self.grants.items() if right == "admin")
        return ", ".join(sorted({*map(str, self.admins), *granted}))
