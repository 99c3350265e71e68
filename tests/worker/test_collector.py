"""Python's collector runs only while no stack stands still: otherwise it ends the isolate under load."""

import json
from pathlib import Path
from typing import Any

import httpx

from bench import contenders
from tests.server import Server
from tests.worker.meter import put_together

MESSAGES = 4_000


def collector(server: Server) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(httpx.get(f"{server.url}/test-collector", timeout=60.0).text)
    return told


def test_a_busy_room_collects_between_events_and_goes_on(tmp_path: Path) -> None:
    server = Server.start(settings=contenders.SETTINGS, config=put_together(tmp_path, "collecting"))
    try:
        before = collector(server)
        chat = contenders.Contender("ours", server, 10)
        chat.load("fill", "busy", 10, count=MESSAGES, in_flight=1_000, first=1)
        after = collector(server)
        assert not after["by_itself"]
        assert after["runs"] > before["runs"]
        assert "fatal error" not in server.log()
    finally:
        server.stop()
