"""What is committed says nothing about machines or registries, and locks say exactly what they lock."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.paths import BUILD_REQUIREMENTS, DEPLOY_REQUIREMENTS, DEVELOPMENT_REQUIREMENTS, ROOT, WORKER_REQUIREMENTS
from tools.pyodide_bundle import VERSION
from tools.setup import npm

# Put together here, so that this file does not hold what it looks for.
REGISTRY_HOSTS = [".".join(parts) for parts in (("registry", "npmjs"), ("pypi", "org"), ("files", "pythonhosted"))]
FOREIGN = re.compile("|".join([*map(re.escape, REGISTRY_HOSTS), r"(?<![\w.])/(root|work|home)/"]))


def tracked_texts() -> list[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    texts = []
    for name in filter(None, listed.split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in content:
            texts.append((name, content.decode("utf-8")))
    return texts


def test_no_tracked_file_names_a_registry_or_a_path_of_some_machine() -> None:
    found = [(name, match[0]) for name, text in tracked_texts() for match in FOREIGN.finditer(text)]
    assert found == []


def test_the_npm_lock_names_no_address_and_hashes_everything() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if not package.get("integrity", "").startswith("sha512-")] == []


def test_the_npm_lock_is_of_the_present_package_json_and_versions_are_exact() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for kind in ("dependencies", "devDependencies"):
        assert package[kind] == locked[""][kind]
        for name, version in package[kind].items():
            assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
            assert locked[f"node_modules/{name}"]["version"] == version


def test_the_npm_lock_vouches_for_every_platform_s_packages() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = {(name, each) for name, package in packages.items() for each in package.get("optionalDependencies", {})}
    lacking = [each for _, each in wanted if f"node_modules/{each}" not in packages]
    assert wanted
    assert lacking == [], "make the lock anew in an empty folder: npm keeps what an older one lacks"


@pytest.mark.parametrize(
    ("system", "processor", "program"),
    [
        ("linux", "x64", "@cloudflare/workerd-linux-64"),
        ("linux", "arm64", "@cloudflare/workerd-linux-arm64"),
        ("darwin", "x64", "@cloudflare/workerd-darwin-64"),
        ("darwin", "arm64", "@cloudflare/workerd-darwin-arm64"),
        ("win32", "x64", "@cloudflare/workerd-windows-64"),
    ],
)
def test_npm_installs_exactly_the_lock_on_every_platform(
    tmp_path: Path, system: str, processor: str, program: str
) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, tmp_path)
    command = [*map(str, npm()), "ci", "--dry-run", f"--os={system}", f"--cpu={processor}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    added = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("add ")}
    assert {each for each in added if each.startswith("@cloudflare/workerd-")} == {program}


def test_package_json_has_the_pyodide_that_the_bundle_is_made_for() -> None:
    assert json.loads((ROOT / "package.json").read_text())["devDependencies"]["pyodide"] == VERSION


@pytest.mark.parametrize(
    "path",
    [BUILD_REQUIREMENTS, DEPLOY_REQUIREMENTS, DEVELOPMENT_REQUIREMENTS, WORKER_REQUIREMENTS],
    ids=lambda path: path.name,
)
def test_requirements_are_exact_hashed_and_nothing_else(path: Path) -> None:
    requirements = path.read_text().replace("\\\n", " ").splitlines()
    assert requirements
    pattern = re.compile(r"[a-z0-9-]+==[0-9][\w.]*( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert [line for line in requirements if not pattern.fullmatch(line)] == []


def test_scripts_are_executable() -> None:
    scripts = [path for path in (ROOT / "bin").iterdir() if path.is_file()]
    assert {path.name for path in scripts} >= {"setup", "dev", "test", "check", "deploy", "lock"}
    assert [path.name for path in scripts if not path.stat().st_mode & 0o100] == []
