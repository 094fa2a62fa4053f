"""A PostgreSQL for tests: the one of BRIEFBOT_TEST_PG, or one of the system's own in a folder of its own.

Tests that need it are skipped, with the reason, where there is neither.
"""

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg

VARIABLE = "BRIEFBOT_TEST_PG"
# Not on the path on Debian and Ubuntu, where several versions stand side by side.
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_SETTINGS = {
    # Tests kill the bot, never the machine, so that nothing here has to reach the disk.
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "max_connections": "120", "listen_addresses": "127.0.0.1", "timezone": "UTC",
}  # fmt: skip
START_SECONDS = 30.0


class Missing(Exception):  # noqa: N818  # it reads as what is so
    """There is no server. The text says where one was looked for."""


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start a server, or take the one that is named; give the address of a database to connect to."""
    given = os.environ.get(VARIABLE)
    if given:
        yield given
        return
    binaries = _binaries()
    if binaries is None:
        raise Missing(
            f"NOT TESTED ON POSTGRESQL: {VARIABLE} names no server, and there is no initdb on the path or in"
            f" {', '.join(_FOLDERS)}; install the system's postgresql package"
        )
    folder = Path(tempfile.mkdtemp(prefix="briefbot-pg-"))
    try:
        yield from _run(binaries, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(binaries: Path, folder: Path) -> Iterator[str]:
    as_user = _as_user(folder)
    data, port = folder / "data", _free_port()
    _call(
        [
            *as_user,
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "briefbot",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "-N",
        ]
    )
    settings = {**_SETTINGS, "port": str(port), "unix_socket_directories": str(folder)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*as_user, str(binaries / "postgres"), "-D", str(data), *options], stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        url = f"postgresql://briefbot@127.0.0.1:{port}/postgres"
        _wait(binaries, port, process, folder / "log")
        yield url
    finally:
        # SIGQUIT: immediate shutdown, without waiting for clients.
        process.send_signal(signal.SIGQUIT)
        process.wait(START_SECONDS)


def _wait(binaries: Path, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ready, check=False).returncode != 0:
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text('utf-8')}")
        time.sleep(0.05)


def _binaries() -> Path | None:
    """The folder of the newest server."""
    found = [path.parent for pattern in _FOLDERS for path in Path("/").glob(f"{pattern[1:]}/initdb")]
    on_path = shutil.which("initdb")
    numbered = sorted(found, key=lambda path: [int(n) for n in path.parent.name.split("-") if n.isdecimal()])
    return numbered[-1] if numbered else Path(on_path).parent if on_path else None


def _as_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; its package made a user for it."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        raise Missing(
            "NOT TESTED ON POSTGRESQL: it refuses to run as root, and there is no user postgres"
        ) from None
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _call(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode != 0:
        raise RuntimeError(f"{command} failed:\n{done.stdout}{done.stderr}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def fresh(url: str) -> str:
    """Make an empty database on a server; give its address."""
    name = f"t{os.urandom(6).hex()}"
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    finally:
        await connection.close()
    before, _, parameters = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}{'?' if parameters else ''}{parameters}"


async def drop(url: str, name: str) -> None:
    """Delete a database, whoever is connected."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            f"DROP DATABASE IF EXISTS {name.rpartition('/')[2].partition('?')[0]} WITH (FORCE)"
        )
    finally:
        await connection.close()


@contextlib.contextmanager
def database(url: str) -> Iterator[str]:
    """Make an empty database for a while, from code that runs no event loop."""
    made = asyncio.run(fresh(url))
    try:
        yield made
    finally:
        asyncio.run(drop(url, made))
