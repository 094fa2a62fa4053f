"""Who asks, as far as Slack tells: name, language, time zone, and whether they manage the workspace."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapter import Front
from bot.slack_adapter.refusals import FAILURES
from commands.model import Caller
from commands.wording import Translate, speaking
from scheduler.address import Person

KEPT_FOR = timedelta(hours=1)
# Whoever leaves a user group loses its rights within this time.
MEMBERS_KEPT_FOR = timedelta(minutes=5)
KEPT = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Profile:
    """What users.info says of a person, and their user groups (`S1`). `zone` is an IANA name."""

    name: str
    locale: str
    zone: str | None
    manages: bool
    groups: tuple[str, ...] = ()


class People:
    """Profiles, asked for once an hour, and never twice at the same time."""

    def __init__(self, web: AsyncWebClient, clock: Callable[[], datetime]) -> None:
        self._web = web
        self._clock = clock
        self._kept: OrderedDict[Person, tuple[datetime, Profile]] = OrderedDict()
        self._asking: dict[Person, asyncio.Lock] = {}
        self._members: tuple[datetime, dict[str, tuple[str, ...]]] | None = None

    def known(self, person: Person) -> Profile | None:
        """Return a profile from memory."""
        found = self._kept.get(person)
        if not found or self._clock() - found[0] >= KEPT_FOR:
            return None
        return replace(found[1], groups=self._groups_of(person))

    def speaking(self, front: Front, person: Person) -> Translate:
        """Return the `_` of the language that a person chose, or of their profile as far as it is known."""
        profile = self.known(person)
        return speaking(front.language(person, profile.locale if profile else "en"))

    async def profile(self, person: Person, seconds: float) -> Profile | None:
        """Return a profile, asking Slack where it has to; None where it does not answer in time."""
        if self._has_members() and (found := self.known(person)):
            return found
        try:
            async with asyncio.timeout(seconds), self._asking.setdefault(person, asyncio.Lock()):
                await self._ask_members()
                return self.known(person) or await self._ask(person)
        except FAILURES as problem:
            log.warning("Slack did not say who %s is (%s); defaults are used", person, problem)
            return None
        finally:
            self._asking.pop(person, None)

    async def _ask(self, person: Person) -> Profile:
        answer = await self._web.users_info(user=person.id, include_locale=True)
        user = answer["user"]
        profile = Profile(
            user.get("profile", {}).get("display_name")
            or user.get("real_name")
            or user.get("name")
            or person.id,
            user.get("locale") or "en",
            user.get("tz"),
            bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
        )
        profile = replace(profile, groups=self._groups_of(person))
        self._kept[person] = (self._clock(), profile)
        self._kept.move_to_end(person)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return profile

    def _has_members(self) -> bool:
        return self._members is not None and self._clock() - self._members[0] < MEMBERS_KEPT_FOR

    def _groups_of(self, person: Person) -> tuple[str, ...]:
        return self._members[1].get(person.id, ()) if self._members and self._has_members() else ()

    async def _ask_members(self) -> None:
        """Learn who is in which user group; without the scope, or where Slack fails, nobody is in any."""
        if self._has_members():
            return
        found: dict[str, tuple[str, ...]] = {}
        try:
            answer = await self._web.usergroups_list(include_users=True)
        except FAILURES as problem:
            log.warning("Slack did not say who is in which user group (%s)", problem)
        else:
            for group in answer["usergroups"]:
                for user in group.get("users") or ():
                    found[user] = (*found.get(user, ()), group["id"])
        self._members = (self._clock(), found)


def introduced(caller: Caller, profile: Profile | None) -> Caller:
    """Add to a caller what is known of the person."""
    if profile is None:
        return caller
    return Caller(
        caller.person,
        profile.name,
        profile.locale,
        profile.zone,
        manages=profile.manages,
        governs=profile.manages,
        roles=tuple(f"slack:{caller.person.space}/usergroup:{group}" for group in profile.groups),
    )
