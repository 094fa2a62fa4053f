"""The bots that are measured, each with a loopback platform of its own."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from bench.processes import Bot, Peer, bot

Mode = Literal["socket", "http"]
PAGE = {"WEB_PORT": "0"}
RUNNING = "Briefbot is running. Open the page: "


@dataclass(frozen=True, slots=True)
class Side:
    """A bot and the platform that asks it."""

    bot: Bot
    peer: Peer


@contextmanager
def ours(more: Mapping[str, str] | None = None) -> Iterator[Side]:
    """Run Briefbot with the page, connected to Discord, one answer given."""
    with Peer("bench.discord_wire") as discord:
        env = {**PAGE, **to_discord(discord), **(more or {})}
        with bot("bot run", env, RUNNING) as running:
            shown = discord.order("ready")["answer"]
            assert "denuclearization" in str(shown["embeds"]), shown
            yield Side(running, discord)


@contextmanager
def bare(loop: str = "asyncio", synced: bool = True) -> Iterator[Side]:
    """Run bare discord.py, connected, one answer given."""
    with Peer("bench.discord_wire") as discord:
        env = {
            **to_discord(discord), "BENCH_LOOP": loop,
            "BENCH_GATEWAY": discord.about["gateway"], "BENCH_SYNC": str(int(synced)),
        }  # fmt: skip
        with bot("bench.floors.discord_bare", env, "ready") as running:
            discord.order("ready", synced=synced)
            yield Side(running, discord)


@contextmanager
def ours_on_slack(mode: Mode) -> Iterator[Side]:
    """Run Briefbot with the page, connected to Slack, one answer given."""
    with Peer("bench.slack_wire") as slack:
        port = _free_port()
        env = {**PAGE, **to_slack(slack, mode), "PUBLIC_PORT": str(port) if mode == "http" else ""}
        with bot("bot run", env, RUNNING) as running:
            shown = slack.order("ready", target=_target(mode, port))["answer"]
            assert "denuclearization" in str(shown["blocks"]), shown
            yield Side(running, slack)


@contextmanager
def bolt(mode: Mode, way: Literal["before", "stock"], loop: str) -> Iterator[Side]:
    """Run bare Bolt, connected, one answer given."""
    with Peer("bench.slack_wire") as slack:
        env = {**to_slack(slack, mode), "PORT": "0", "BENCH_LOOP": loop}
        with bot(f"bench.floors.slack_bolt_bare {way}", env, "ready") as running:
            slack.order("ready", target=_target(mode, running.said))
            yield Side(running, slack)


def to_discord(discord: Peer) -> Mapping[str, str]:
    """Give the settings that connect a bot to a loopback Discord."""
    return {"DISCORD_TOKEN": discord.about["token"], "DISCORD_API_BASE": discord.about["api_base"]}


def to_slack(slack: Peer, mode: Mode) -> Mapping[str, str]:
    """Give the settings that connect a bot to a loopback Slack."""
    about = slack.about
    common = {"SLACK_BOT_TOKEN": about["bot_token"], "SLACK_API_BASE": about["api_base"]}
    if mode == "socket":
        return {**common, "SLACK_APP_TOKEN": about["app_token"]}
    return {**common, "SLACK_SIGNING_SECRET": about["signing_secret"]}


def _target(mode: Mode, port: int | str) -> str | None:
    return f"http://127.0.0.1:{port}/slack/events" if mode == "http" else None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
