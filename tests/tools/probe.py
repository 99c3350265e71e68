"""A Worker of a few lines in a folder of its own, for tests of the tooling that need not be about the chat."""

import shutil
from pathlib import Path

from tools.paths import PYTHON_MODULES

CONFIG = """\
name = "probe"
main = "src/entry.py"
compatibility_date = "2026-11-10"
compatibility_flags = ["python_workers"]

[[durable_objects.bindings]]
name = "ROOMS"
class_name = "Room"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Room"]

[vars]
CHAT_TITLE = "from wrangler.toml"
DECLARED = "from wrangler.toml"
"""

SOURCE = """\
from workers import DurableObject, Response, WorkerEntrypoint


class Room(DurableObject):
    async def fetch(self, request):
        self.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS visit (number INTEGER)")
        self.ctx.storage.sql.exec("INSERT INTO visit VALUES (1)")
        visits = self.ctx.storage.sql.exec("SELECT count(*) AS number FROM visit").one().number
        return Response(f"visit {visits}")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/settings"):
            names = ("CHAT_TITLE", "CHAT_PASSWORD", "MASTER_KEY", "DECLARED", "EXTRA")
            return Response.from_json({name: getattr(self.env, name, None) for name in names})
        if request.url.endswith("/visit"):
            return await self.env.ROOMS.getByName("main").fetch(request)
        print("the probe was asked")
        return Response("probe")
"""


def write_probe(folder: Path, source: str = SOURCE) -> Path:
    """Make the Worker below `folder`; returns its wrangler.toml."""
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "entry.py").write_text(source)
    shutil.copytree(PYTHON_MODULES, folder / "python_modules")
    config = folder / "wrangler.toml"
    config.write_text(CONFIG)
    return config
