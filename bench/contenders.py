"""The chats that are compared: how each is started, and which people sign in."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench import proofs
from bench.isolate import memory_mb
from tests.server import Server, ServerFailed
from tools import module_level, paths
from tools.commands import environment

HERE = Path(__file__).resolve().parent
# Nobody is slowed down, and no room is full; all else is as deployed.
SETTINGS = {"ROOM_NAMES": "*", "MESSAGE_RATE": "1000000/1000000", "ROOM_FILE_BYTES": "1000000000000"}
Headers = dict[str, str]
_ANSWER_SECONDS = 60.0
_FILES_HOST = "files-host"
_LOAD = [str(paths.VENV_PYTHON), "-m", "bench.load"]


class LoadFailed(Exception):
    """The load generator has no figures."""


@dataclass
class Contender:
    """One running chat."""

    name: str  # as in bench/load/dialects.py
    server: Server
    most_people: int  # who sign in to one room; further sockets are their second and third devices
    people: dict[str, list[Headers]] = field(default_factory=dict)  # by room, the people who signed in

    def address(self, room: str) -> str:
        """The address to which the sockets of a room connect."""
        paths_of = {
            "ours": f"/api/rooms/{room}/socket",
            "peer": f"/parties/chat/{room}",
            "floor": "/",  # its other objects have paths by their names
        }
        return self.server.url.replace("http", "ws", 1) + paths_of.get(self.name, f"/{self.name}")

    def enter(self, room: str, count: int) -> list[Headers]:
        """So many people with a socket each, signed in if the chat requires it; returns their upgrades' headers."""
        if self.name != "ours":
            return [{} for _ in range(count)]
        known = self.people.setdefault(room, [])
        wanted = min(count, self.most_people)
        if len(known) < wanted:
            known += proofs.sign_in(self.server.url, room, range(len(known), wanted))
        return [known[number % wanted] for number in range(count)]

    def load(self, job: str, room: str, sockets: int, **more: Any) -> Any:
        """The figures of one job of the load generator, which runs in a process of its own."""
        asked = {"job": job, "chat": self.name, "url": self.address(room), "people": self.enter(room, sockets), **more}
        return run_load(asked)

    @contextmanager
    def idle(self, room: str, sockets: int) -> Iterator[None]:
        """So many sockets that only listen, until the block ends."""
        asked = {"job": "idle", "chat": self.name, "url": self.address(room), "people": self.enter(room, sockets)}
        with subprocess.Popen(_LOAD, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=paths.ROOT) as load:
            assert load.stdin is not None
            assert load.stdout is not None
            load.stdin.write(json.dumps(asked) + "\n")
            load.stdin.flush()
            if load.stdout.readline() != "open\n":
                raise LoadFailed(f"the sockets of {self.name} did not open, status {load.wait()}")
            yield
            load.communicate("close\n")

    def memory_kb(self) -> int:
        """How many kB its processes have."""
        return sum(_proportional_kb(pid) for pid in self.server.pids())

    def isolate_mb(self) -> dict[str, float]:
        """The megabytes of the isolate in which it runs, by kind."""
        return memory_mb(self.server)


def beside(floor: Contender, name: str) -> Contender:
    """Another object of the floor's Worker: the `sealer`, `teller`, `batcher` or `finder`."""
    return Contender(name, floor.server, floor.most_people)


@contextmanager
def running(name: str, most_people: int, *, inspector: str = "") -> Iterator[Contender]:
    """Start a contender; it ends with the block."""
    with tempfile.TemporaryDirectory(prefix="durable-chat-bench-") as folder:
        server = start(name, Path(folder), inspector=inspector)
        try:
            yield Contender(name, server, most_people)
        finally:
            server.stop()


@contextmanager
def running_apart(most_people: int) -> Iterator[Contender]:
    """Start ours with the objects of files in a process of their own.

    On Cloudflare each object has its own thread; in one workerd all share one, so that each would wait for the other.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="durable-chat-bench-")))

        def start_part(name: str) -> Server:
            config = _part_of_ours(name, folder / name)
            server = Server.start(settings=SETTINGS, config=config, registry=folder / "registry")
            stack.callback(server.stop)
            return server

        start_part(_FILES_HOST)
        yield Contender("ours", start_part("chat"), most_people)


def _part_of_ours(name: str, folder: Path) -> Path:
    """The wrangler.toml of a Worker with our code, whose files are in the objects of `_FILES_HOST`."""
    folder.mkdir()
    for each in (paths.ROOT / "src", paths.ROOT / "public", paths.PYTHON_MODULES, paths.NODE_MODULES):
        (folder / each.name).symlink_to(each)
    ours = paths.WRANGLER_CONFIG.read_text(encoding="utf-8")
    text = re.sub('^name = "[^"]*"', f'name = "{name}"', ours, count=1, flags=re.MULTILINE)
    if name != _FILES_HOST:
        text = text.replace('\nclass_name = "Files"', f'\nclass_name = "Files"\nscript_name = "{_FILES_HOST}"', 1)
    config = folder / "wrangler.toml"
    config.write_text(text, encoding="utf-8")
    return config


def start(name: str, folder: Path, *, inspector: str = "") -> Server:
    """`bin/dev` with the Worker of this name, its files in `folder`."""
    settings = SETTINGS if name == "ours" else None
    return Server.start(settings=settings, config=config_of(name, folder), inspector=inspector)


def config_of(name: str, folder: Path) -> Path:
    """The wrangler.toml of a contender; those of this folder are copied, as wrangler needs packages beside them."""
    if name == "ours":
        return paths.WRANGLER_CONFIG
    place = folder / name
    shutil.copytree(HERE / name, place, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "python_modules").symlink_to(paths.PYTHON_MODULES)
    (place / "node_modules").symlink_to(paths.NODE_MODULES)
    return place / "wrangler.toml"


def run_load(job: dict[str, Any]) -> Any:
    """Run one job of bench.load.

    Raises:
        LoadFailed: it has no figures; the terminal shows why.
    """
    done = subprocess.run(
        _LOAD,
        input=json.dumps(job) + "\n",
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        cwd=paths.ROOT,
        env=environment(),
        timeout=600,
    )
    if done.returncode != 0:
        raise LoadFailed(f"{job['job']} of {job['chat']} gave no figures")
    return json.loads(done.stdout.splitlines()[-1])


@dataclass(frozen=True)
class Snapshot:
    """A Python Worker as Cloudflare starts it: from its memory after its modules were imported."""

    config: Path
    folder: Path

    @classmethod
    def take(cls, name: str, folder: Path) -> "Snapshot":
        """Start a Worker once, and keep its memory in `folder`."""
        config = config_of(name, folder)
        with module_level.trial(config, folder, "--python-save-snapshot") as trial:
            if not trial.succeeds():
                raise ServerFailed(trial.output())
        return cls(config, folder)

    def seconds_to_answer(self, path: str) -> float:
        """Start it from its snapshot; returns the seconds from the start of its process to its answer."""
        with module_level.trial(self.config, self.folder, "--python-load-snapshot=snapshot.bin") as trial:
            url = trial.url()
            httpx.get(url + path, timeout=_ANSWER_SECONDS).raise_for_status()
            answered = time.time()
            worker = max(trial.pids(), key=_proportional_kb)  # the other one is wrangler's proxy, a tenth of its size
            return answered - _started_at(worker)


def _started_at(pid: int) -> float:
    """When a process began, in seconds since 1970."""
    ticks = int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
    since_boot = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    return time.time() - since_boot + ticks / os.sysconf("SC_CLK_TCK")


def _proportional_kb(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")))
