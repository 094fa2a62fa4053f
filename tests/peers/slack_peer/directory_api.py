"""Who is who: auth, users, user groups, the team, the bot; and the door to Socket Mode."""

from __future__ import annotations

import secrets

from .errors import ApiError, Json
from .methods import Args, Method, paged
from .state import State
from .world import APP, BOT


def auth_test(state: State, args: Args) -> Json:
    """auth.test."""
    return {
        "ok": True, "url": f"https://{state.team.domain}.slack.com/", "team": state.team.name,
        "user": state.bot.name, "team_id": state.team.id, "user_id": state.bot.id, "bot_id": BOT,
        "is_enterprise_install": False,
    }  # fmt: skip


def api_test(state: State, args: Args) -> Json:
    """api.test: gives its arguments back; `error` makes it fail with that error."""
    if args.text("error"):
        raise ApiError(args.text("error"), args=args.values)
    return {"ok": True, "args": args.values}


def connections_open(state: State, args: Args) -> Json:
    """apps.connections.open: the address of one socket."""
    ticket = secrets.token_hex(16)
    state.tickets.add(ticket)
    return {"ok": True, "url": f"{state.base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP}"}


def users_info(state: State, args: Args) -> Json:
    """users.info."""
    user = state.users.get(args.required("user", "user_not_found"))
    if user is None:
        raise ApiError("user_not_found")
    now = state.clock.now()
    return {"ok": True, "user": user.described(state.team, now, with_locale=args.flag("include_locale"))}


def users_list(state: State, args: Args) -> Json:
    """users.list."""
    now, with_locale = state.clock.now(), args.flag("include_locale")
    shown = [user.described(state.team, now, with_locale=with_locale) for user in state.users.values()]
    page, cursor = paged(shown, args, 1000)
    return {"ok": True, "members": page, "cache_ts": int(now), "response_metadata": {"next_cursor": cursor}}


def usergroups_list(state: State, args: Args) -> Json:
    """usergroups.list."""
    users, count = args.flag("include_users"), args.flag("include_count")
    groups = [group.described(with_users=users, with_count=count) for group in state.groups.values()]
    return {"ok": True, "usergroups": groups}


def usergroups_users(state: State, args: Args) -> Json:
    """usergroups.users.list."""
    group = state.groups.get(args.required("usergroup", "no_such_subteam"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"ok": True, "users": list(group.users)}


def team_info(state: State, args: Args) -> Json:
    """team.info."""
    team = state.team
    return {"ok": True, "team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}}


def bots_info(state: State, args: Args) -> Json:
    """bots.info."""
    if args.text("bot") not in ("", BOT):
        raise ApiError("bot_not_found")
    bot = {"id": BOT, "deleted": False, "name": state.bot.name, "app_id": APP, "user_id": state.bot.id}
    return {"ok": True, "bot": bot | {"updated": int(state.clock.now()), "icons": {}}}


METHODS = {
    "auth.test": Method(auth_test),
    "api.test": Method(api_test, None, 4),
    # Sources disagree (tier 1 in the SDK, tier 3 second hand): the strict one
    "apps.connections.open": Method(connections_open, None, 1, app_token=True),
    "users.info": Method(users_info, "users:read", 4),
    "users.list": Method(users_list, "users:read", 2),
    "usergroups.list": Method(usergroups_list, "usergroups:read", 2),
    "usergroups.users.list": Method(usergroups_users, "usergroups:read", 2),
    "team.info": Method(team_info, "team:read", 3),
    "bots.info": Method(bots_info, "users:read", 3),
}
