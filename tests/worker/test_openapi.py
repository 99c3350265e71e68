"""docs/openapi.yaml is what the Worker does: the same routes, and answers that fit, whatever is asked."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.places import Place
from tests.server import ADMIN_PASSWORD, Server
from tools.paths import ROOT, VENV_BIN
from web.routes import RULES

DESCRIPTION = ROOT / "docs" / "openapi.yaml"
METHODS = {"get", "put", "post", "delete", "head", "patch", "options"}
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
]


def described() -> dict[str, Any]:
    return dict(yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8")))


def test_every_route_is_described_and_every_description_is_a_route() -> None:
    routed = {(path_of(rule.path), rule.method) for rule in RULES}
    written = {
        (path, method.upper()) for path, item in described()["paths"].items() for method in item if method in METHODS
    }
    assert written == routed


def path_of(pattern: str) -> str:
    """A route's pattern as OpenAPI writes it."""
    whole = pattern.replace("(?P<room>[^/]{1,128})", "{room}").replace("(?!challenge$)", "")
    whole = re.sub(r"\(\?P<part>\[\^/\]\{1,\d+\}\)", "{part}", whole)
    whole = re.sub(r"\(\?P<emoji>\[\^/\]\{1,\d+\}\)", "{emoji}", whole)
    whole = re.sub(r"\(\?P<item>\[\^/\]\{1,\d+\}\)", "{id}", whole)
    return whole.removesuffix(".*")


def test_every_error_code_of_the_contract_is_described() -> None:
    contract = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"\| code \| status \| meaning \|\n(.*?)\n\n", contract, re.DOTALL)
    codes = re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)
    assert described()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] == codes


@pytest.mark.parametrize("who", ["stranger", "member", "bot"])
def test_whatever_is_asked_the_answer_is_a_described_one_and_never_a_mistake_of_ours(
    many_rooms: Server, tmp_path: Path, who: str
) -> None:
    """schemathesis makes requests that fit the description and requests that do not; the socket is tried elsewhere."""
    place = Place(many_rooms)
    # Of a member it takes the cookie, which it did not make itself, for a missing one.
    checks = CHECKS if who != "stranger" else [*CHECKS, "negative_data_rejection"]
    headers = {"CF-Connecting-IP": place.stranger().http.headers["CF-Connecting-IP"]}
    of_a_channel = ""
    if who == "member":
        headers["Cookie"] = place.member("Anna").cookie
    if who == "bot":
        olga = place.member("Olga", password=ADMIN_PASSWORD).come()
        made = olga.ask(
            "bot.create", name="Robo", channels=["general"], rights=["post", "read", "edit", "react", "files"]
        )
        headers["Authorization"] = f"Bearer {made['token']}"
        of_a_channel = '"path.id" = "general"\n'
    (tmp_path / "schemathesis.toml").write_text(f'[parameters]\n"path.room" = "{place.room}"\n{of_a_channel}')
    command = [
        str(VENV_BIN / "schemathesis"),
        "--config-file",
        "schemathesis.toml",
        "run",
        str(DESCRIPTION),
        "--url",
        many_rooms.url,
        "--checks",
        ",".join(checks),
        "--exclude-path",
        "/api/rooms/{room}/socket",
        *(["--exclude-operation-id", "signOut"] if who == "member" else []),
        *(["--include-path-regex", "/(channels|files)"] if who == "bot" else []),
        *(part for name, value in headers.items() for part in ("--header", f"{name}: {value}")),
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        "8",
        "--seed",
        "1",
        "--no-color",
        "--generation-database",
        "none",
        "--suppress-health-check",
        "all",
    ]
    environment = {**os.environ, "HOME": str(tmp_path), "SCHEMATHESIS_HOOKS": ""}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=500, check=False
    )
    place.close()
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    assert many_rooms.lines("error") == []
