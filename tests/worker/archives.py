"""Exports and imports by the scripts, as somebody would run them, and what is in their files."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from encoding import b64url, from_b64url
from tests import confidential
from tests.people import Person
from tests.server import Server
from tools.paths import ROOT

CODE = "ABCDEFGHJKMNPQRSTVWX"
Result = subprocess.CompletedProcess[str]
Record = dict[str, Any]


def secured(person: Person, code: str = CODE) -> Person:
    """Somebody whose name is proven by a code."""
    salt = from_b64url(person.facts()["kdf"]["salt"])
    proof = HKDF(SHA256(), 32, salt=salt, info=b"durable-chat recovery v1").derive(code.encode())
    person.http.put("/recovery", json={"proof": b64url(proof)}).raise_for_status()
    confidential.keep("code", code)
    return person


def command(script: str, server: Server, *options: str) -> list[str]:
    """What somebody types."""
    return [sys.executable, str(ROOT / "bin" / script), server.url, *options]


def surroundings(**who: str) -> dict[str, str]:
    """The environment, with nobody's name and password but these."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("CHAT_", "EXPORT_"))}
    return clean | who


def run_script(script: str, server: Server, *options: str, **who: str) -> Result:
    """Run a script without a terminal, and wait for it."""
    return subprocess.run(
        command(script, server, *options),
        env=surroundings(**who),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def export(server: Server, file: Path, *options: str, **who: str) -> Result:
    """Export into a file."""
    return run_script("export", server, "--output", str(file), *options, **who)


def lines(archive: zipfile.ZipFile, part: str) -> list[Record]:
    """The records of a part."""
    return [json.loads(line) for line in archive.read(part).decode().splitlines()]


def own_archive(
    file: Path,
    members: Mapping[str, str],
    channels: Mapping[str, Iterable[Record]],
    files: Mapping[str, bytes] | None = None,
) -> Path:
    """An export as docs/export.md describes it.

    Args:
        members: names by id.
        channels: messages by the channel's name, which is its id as well.
        files: bytes by the id under which messages name them.
    """
    nothing: Record = {
        "edited_at": None, "deleted_at": None, "reply_to": None, "mentions": [], "reactions": {}, "files": []
    }  # fmt: skip
    parts: dict[str, bytes] = {
        "members.jsonl": _jsonl(
            {"id": key, "name": name, "role": "member", "former": False} for key, name in members.items()
        ),
        "channels.jsonl": _jsonl(_channel(name) for name in channels),
    }
    counted: list[Record] = []
    for name, messages in channels.items():
        written = [nothing | {"seq": seq} | message for seq, message in enumerate(messages, 1)]
        parts[f"messages/{name}.jsonl"] = _jsonl(written)
        counted.append({
            "id": name, "messages": len(written), "deleted": 0, "first_at": None, "last_at": None, "kept_days": None,
            "begins_late": False,
        })  # fmt: skip
    parts |= {f"files/{name}": content for name, content in (files or {}).items()}
    with zipfile.ZipFile(file, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
        archive.writestr("manifest.json", json.dumps(_manifest(parts, members, counted)))
    return file


def _jsonl(records: Iterable[Record]) -> bytes:
    return b"".join(json.dumps(record, separators=(",", ":")).encode() + b"\n" for record in records)


def _channel(name: str) -> Record:
    return {
        "id": name, "name": name, "topic": "", "kind": "open", "archived": False, "created_by": None,
        "retention_days": None, "members": [], "keepers": [],
    }  # fmt: skip


def _manifest(parts: Mapping[str, bytes], members: Mapping[str, str], channels: list[Record]) -> Record:
    counts = {
        "members": len(members), "channels": len(channels), "deleted": 0, "files": 0, "file_bytes": 0,
        "messages": sum(channel["messages"] for channel in channels),
    }  # fmt: skip
    return {
        "format": "durable-chat-export-1", "room": "main", "title": "Elsewhere", "address": "https://elsewhere.example",
        "exported_at": 1_700_000_000_000, "exported_by": {"id": "a", "name": "A"}, "scope": "seen", "files": "included",
        "language": "en", "retention_days": None, "counts": counts, "channels": channels, "missing_files": [],
        "parts": [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in parts.items()
        ],
    }  # fmt: skip
