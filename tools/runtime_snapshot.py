"""Keeps Python's memory right after it has started, so that workerd starts from there: 2.5 s instead of 6.5 s.

workerd does the same with a deployed Worker. Ours is taken from a Worker without content: it holds Python and the SDK
but nothing from src/, so changed code is always imported again. What a module may do at import is unchanged; this was
compared with and without the snapshot (workerd 1.20261117.1).
"""

import subprocess
import tempfile
import time
from pathlib import Path

from tools import paths, stamps
from tools.commands import environment
from tools.wrangler import LAUNCHER, workerd

_MODULE = "durable_chat_snapshot_base"  # stays in sys.modules, so no module of ours may have this name
_FIRST_SIGHT_SECONDS = 60.0
_STILL_SECONDS = 2.0
_POLL_SECONDS = 0.05

_CONFIG = """\
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [
{modules}
    ],
    compatibilityDate = "{date}",
    compatibilityFlags = [{flags}],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
"""


def name_for(bundle: Path, date: str) -> str:
    """The file name of the snapshot for a runtime bundle, a compatibility date and the Worker's present packages."""
    content = stamps.fingerprint(str(bundle), date, str(workerd()), paths.WORKER_REQUIREMENTS, Path(__file__))
    return f"snapshot-{content[:16]}.bin"


def take(bundle: Path, target: Path, *, date: str, flags: tuple[str, ...]) -> bool:
    """Start workerd once and keep its snapshot as `target`; False if it made none, which costs only time."""
    with tempfile.TemporaryDirectory(dir=paths.CACHE) as name:
        folder = Path(name)
        config = _write_config(folder, date=date, flags=flags)
        command: list[str | Path] = [LAUNCHER, "serve", "--experimental", f"--pyodide-bundle-disk-cache-dir={bundle}"]
        command += ["--python-save-baseline-snapshot", f"--python-snapshot-dir={folder}", config]
        with (paths.LOGS / "snapshot.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment({"DURABLE_CHAT_WORKERD": str(workerd())}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
            try:
                made = wait_for(folder / "snapshot.bin", process)
            finally:
                process.kill()
                process.wait()
        if made:
            (folder / "snapshot.bin").rename(target)
        return made


def _write_config(folder: Path, *, date: str, flags: tuple[str, ...]) -> Path:
    (folder / f"{_MODULE}.py").write_text('"""Nothing: only Python itself and the SDK are wanted."""\n')
    (folder / "python_modules").symlink_to(paths.PYTHON_MODULES)
    modules = [f'(name = "{_MODULE}.py", pythonModule = embed "{_MODULE}.py")']
    for file in sorted(paths.PYTHON_MODULES.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":  # the files that wrangler uploads
            path = f"python_modules/{file.relative_to(paths.PYTHON_MODULES)}"
            kind = "esModule" if file.suffix in (".js", ".mjs") else "data"
            modules.append(f'(name = "{path}", {kind} = embed "{path}")')
    config = folder / "config.capnp"
    names = ", ".join(f'"{flag}"' for flag in flags)
    config.write_text(_CONFIG.format(modules=",\n".join(f"      {each}" for each in modules), date=date, flags=names))
    return config


def wait_for(file: Path, process: subprocess.Popen[bytes]) -> bool:
    """Wait until `file` exists and no longer grows, workerd's only sign that it is complete; False if it never is."""
    deadline = time.monotonic() + _FIRST_SIGHT_SECONDS
    size, since = 0, time.monotonic()
    while time.monotonic() < deadline and process.poll() is None:
        now = file.stat().st_size if file.exists() else 0
        if now != size:
            size, since = now, time.monotonic()
        if size and time.monotonic() - since > _STILL_SECONDS:
            return True
        time.sleep(_POLL_SECONDS)
    return False
