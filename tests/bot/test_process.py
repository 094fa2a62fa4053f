"""The process as an operator meets it: started, used on both platforms at once, stopped, started again."""

import asyncio
import contextlib
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp

from bot.cli import Exit
from bot.settings import Settings
from tests.office import SHIPPED
from tests.peers.discord_peer import DiscordPeer
from tests.peers.slack_peer import SlackPeer

ROOT = SHIPPED.parent.parent
DEMAND = "recognition of its nuclear power status"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/\?key=\S+")


def environment(folder: Path, **values: str) -> dict[str, str]:
    known = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in known}
    home = {"HOME": str(folder), "DATA_DIR": str(folder / "data"), "WEB_PORT": "0", "PYTHONPATH": str(ROOT)}
    return {**kept, **home, **values}


@contextlib.asynccontextmanager
async def started(folder: Path, **values: str) -> AsyncIterator[tuple[Process, str]]:
    """Start `briefbot run` and read the link that it prints; kill it at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env=environment(folder, **values),
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            line = (await process.stdout.readline()).decode()
        found = LINK.search(line)
        assert found, (line, (await process.communicate())[1].decode())
        yield process, found.group()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def stopped(process: Process) -> int:
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(15):
        return await process.wait()


async def test_one_process_serves_both_platforms_and_the_page_and_outlives_their_outages(
    tmp_path: Path,
) -> None:
    async with DiscordPeer() as discord, SlackPeer() as slack:
        tokens = {
            "DISCORD_TOKEN": discord.token, "DISCORD_API_BASE": discord.api_base,
            "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_BASE": slack.api_base,
        }  # fmt: skip
        async with started(tmp_path, **tokens) as (process, _link):
            await _both_answer(discord, slack)
            await discord.stop()
            await slack.stop()
            await asyncio.sleep(0.2)
            await discord.start()
            await slack.start()
            await _both_answer(discord, slack)
            assert await stopped(process) == Exit.OK
        assert discord.violations == []


async def _both_answer(discord: DiscordPeer, slack: SlackPeer) -> None:
    async with asyncio.timeout(45):
        await discord.until_connected()
        while not discord.commands():
            await asyncio.sleep(0.05)
        await slack.wait_connected(timeout=40)
    in_discord = await (await discord.command("dprk-demands")).answer()
    assert DEMAND in str(in_discord)
    in_slack = await (await slack.command("/dprk-demands")).answer()
    assert DEMAND in str(in_slack)


async def test_a_fresh_machine_gets_a_page_that_answers(tmp_path: Path) -> None:
    async with started(tmp_path) as (process, link):
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            page = await (await session.get(link)).text()
            origin = link.split("/?")[0]
            asked = {"line": "/dprk-demands", "request": "the-only-one"}
            answer = await session.post(f"{origin}/api/call", json=asked, headers={"Origin": origin})
            assert DEMAND in (await answer.json())["html"]
        assert "61st anniversary of the entry into force" in page or "Planned next" in page
        assert await stopped(process) == Exit.OK


async def test_a_second_process_refuses_to_start_and_names_the_first(tmp_path: Path) -> None:
    async with started(tmp_path) as (first, _link):
        second = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=tmp_path,
            env=environment(tmp_path),
            stdout=PIPE,
            stderr=PIPE,
        )
        _, said = await second.communicate()
        assert second.returncode == Exit.IN_USE
        assert str(first.pid) in said.decode()
        assert "Traceback" not in said.decode()


async def test_a_taken_port_is_explained(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    refused = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=tmp_path,
        env=environment(tmp_path, WEB_PORT=str(port)),
        stderr=PIPE,
    )
    _, said = await refused.communicate()
    server.close()
    assert refused.returncode == Exit.IN_USE
    assert f"The page cannot listen on 127.0.0.1, port {port}" in said.decode()
    assert "choose another port in WEB_PORT" in said.decode()


async def test_state_survives_a_kill(tmp_path: Path) -> None:
    async with started(tmp_path) as (process, _link):
        process.kill()
        await process.wait()
    async with started(tmp_path) as (process, link):
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            await session.get(link)
            origin = link.split("/?")[0]
            asked = {"line": "/brief subscriptions", "request": "the-only-one"}
            answer = await session.post(f"{origin}/api/call", json=asked, headers={"Origin": origin})
            assert "reminders of all watch dates" in (await answer.json())["html"]
        assert await stopped(process) == Exit.OK
