"""REST: registering commands (docs: interactions/application-commands)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from .calls import Answer, Call, Handler
from .command_rules import COMMAND_RULES, LIST_RULES
from .errors import ApiError, Json
from .rules import refuse
from .state import State

# per scope: slash, user and message commands
MOST = {1: 100, 2: 15, 3: 15}
CREATES_PER_DAY = 200
DAY_S = 86_400.0


class CommandsApi:
    """Handlers by method and template, for global commands and for those of one guild."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.routes: list[tuple[str, str, Handler]] = []
        for base in ("/applications/{application_id}", "/applications/{application_id}/guilds/{guild_id}"):
            self.routes += [
                ("GET", f"{base}/commands", self.list_all),
                ("PUT", f"{base}/commands", self.overwrite),
                ("POST", f"{base}/commands", self.upsert),
                ("GET", f"{base}/commands/{{command_id}}", self.get),
                ("PATCH", f"{base}/commands/{{command_id}}", self.change),
                ("DELETE", f"{base}/commands/{{command_id}}", self.delete),
            ]

    def _scope(self, call: Call) -> str | None:
        if call.params["application_id"] != self.state.application_id:
            raise ApiError(20002)
        guild_id = call.params.get("guild_id")
        if guild_id is not None and not (
            guild_id in self.state.guilds and self.state.guilds[guild_id].joined
        ):
            raise ApiError(50001)
        return guild_id

    def _commands(self, call: Call) -> dict[str, Json]:
        return self.state.commands.setdefault(self._scope(call), {})

    async def list_all(self, call: Call) -> Answer:
        """Get Global (or Guild) Application Commands."""
        return 200, list(self._commands(call).values())

    async def overwrite(self, call: Call) -> Answer:
        """Bulk Overwrite: the list replaces all commands of the scope; only new names count as creates."""
        scope, there = self._scope(call), self._commands(call)
        wanted: list[Json] = call.body or []
        refuse(LIST_RULES, wanted)
        for index, command in enumerate(wanted):
            refuse(COMMAND_RULES, command, under=(str(index),))
        _refuse_too_many(wanted)
        by_name = {_key(command): command for command in there.values()}
        self._count_creates(scope, sum(_key(command) not in by_name for command in wanted))
        written = [self._written(command, by_name.get(_key(command)), scope) for command in wanted]
        self.state.commands[scope] = {command["id"]: command for command in written}
        return 200, written

    async def upsert(self, call: Call) -> Answer:
        """Create: 201; 200 where the name existed and was overwritten."""
        scope, there, body = self._scope(call), self._commands(call), call.json()
        refuse(COMMAND_RULES, body)
        old = next((command for command in there.values() if _key(command) == _key(body)), None)
        if old is None:
            _refuse_too_many([*there.values(), body])
            self._count_creates(scope, 1)
        written = self._written(body, old, scope)
        there[written["id"]] = written
        return (200 if old else 201), written

    async def get(self, call: Call) -> Answer:
        """Get one command."""
        return 200, self._one(call)

    async def change(self, call: Call) -> Answer:
        """Edit one command: what the body does not name stays."""
        old = self._one(call)
        merged = old | call.json()
        refuse(COMMAND_RULES, merged)
        written = self._written(merged, old, self._scope(call))
        self._commands(call)[old["id"]] = written
        return 200, written

    async def delete(self, call: Call) -> Answer:
        """Delete one command."""
        self._commands(call).pop(self._one(call)["id"])
        return 204, None

    def _one(self, call: Call) -> Json:
        try:
            return self._commands(call)[call.params["command_id"]]
        except KeyError:
            raise ApiError(10063) from None

    def _written(self, body: Json, old: Json | None, scope: str | None) -> Json:
        permissions = body.get("default_member_permissions")
        defaults: Json = {"type": 1, "description": "", "options": [], "nsfw": False}
        defaults |= {"name_localizations": None, "description_localizations": None}
        defaults |= {"contexts": None, "integration_types": [0], "dm_permission": True}
        command = defaults | {key: value for key, value in body.items() if value is not None}
        command |= {
            "id": old["id"] if old else self.state.snowflake(),
            "application_id": self.state.application_id,
            "default_member_permissions": None if permissions is None else str(permissions),
        }
        command |= {"guild_id": scope} if scope else {}
        unchanged = old is not None and old | {"version": ""} == command | {"version": ""}
        command["version"] = old["version"] if old and unchanged else self.state.snowflake()
        return command

    def _count_creates(self, scope: str | None, number: int) -> None:
        created, now = self.state.creates.setdefault(scope, deque()), self.state.clock()
        while created and now - created[0] > DAY_S:
            created.popleft()
        if len(created) + number > CREATES_PER_DAY:
            raise ApiError(30034)
        created.extend([now] * number)


def _key(command: Json) -> tuple[int, str]:
    return command.get("type") or 1, command["name"]


def _refuse_too_many(commands: Iterable[Json]) -> None:
    kinds = [command.get("type") or 1 for command in commands]
    if any(kinds.count(kind) > most for kind, most in MOST.items()):
        raise ApiError(30032)
