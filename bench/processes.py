"""The processes of a measurement: bots, and the peers that ask them."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

ROOT = Path(__file__).parent.parent
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT")


def _start(module: str, folder: Path, env: Mapping[str, str], **pipes: Any) -> subprocess.Popen[str]:
    """Start a module of this repository in an empty folder, so that no `.env` is read."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    whole = {**kept, "PYTHONPATH": str(ROOT), **env}
    command = [sys.executable, "-m", *module.split(" ")]
    return subprocess.Popen(command, cwd=folder, env=whole, text=True, **pipes)


class Peer:
    """A peer in a process of its own, which takes orders."""

    def __init__(self, module: str, env: Mapping[str, str] | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory()
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = _start(module, Path(self._folder.name), env or {}, **pipes)
        self.about: dict[str, Any] = self._heard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        self._folder.cleanup()

    def order(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Give an order and wait for what came of it."""
        self.begin(name, **arguments)
        return self._heard()

    def begin(self, name: str, **arguments: Any) -> None:
        """Give an order; `finish` waits for it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"order": name, **arguments}) + "\n")
        self._process.stdin.flush()

    def finish(self) -> dict[str, Any]:
        """Wait for the order that was begun."""
        return self._heard()

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the peer ended")
        heard: dict[str, Any] = json.loads(line)
        if "error" in heard:
            raise RuntimeError(heard["error"])
        return heard


class Bot:
    """A bot in a process of its own. Its database stays in `folder` when it is killed and started again."""

    def __init__(self, module: str, env: Mapping[str, str], says: str) -> None:
        self._module, self._says = module, says
        self._keep = tempfile.TemporaryDirectory()
        self.folder = Path(self._keep.name)
        self._env = {"DATA_DIR": str(self.folder / "data"), "LOG_LEVEL": "WARNING", **env}
        self._log = (self.folder / "log").open("w")
        self.said = ""
        self.start()

    def start(self) -> None:
        """Start the process."""
        self._process = _start(self._module, self.folder, self._env, stdout=subprocess.PIPE, stderr=self._log)
        self._about = psutil.Process(self._process.pid)

    def until_ready(self) -> None:
        """Wait for the line with which the bot says that it runs; `said` holds the rest of it."""
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            if line.startswith(self._says):
                self.said = line.removeprefix(self._says).strip()
                return
        raise RuntimeError(f"{self._module} ended:\n{(self.folder / 'log').read_text()}")

    def cpu(self) -> float:
        """Return the seconds of CPU that all its threads used so far."""
        times = self._about.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> float:
        """Return the megabytes that are this process's alone (USS)."""
        return float(self._about.memory_full_info().uss) / 1e6

    def kill(self) -> None:
        """End it with SIGKILL, and wait until it is gone."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def close(self) -> None:
        """End it for good."""
        self.kill()
        self._log.close()
        self._keep.cleanup()


@contextmanager
def bot(module: str, env: Mapping[str, str], says: str) -> Iterator[Bot]:
    """Run a bot until the block ends."""
    with ExitStack() as stack:
        running = Bot(module, env, says)
        stack.callback(running.close)
        running.until_ready()
        yield running
