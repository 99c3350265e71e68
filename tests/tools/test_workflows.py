"""The workflows are looked at, a broken one is found, and what they run works."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from settings import SECRET_NAMES
from tools.checks import passes, workflow_checks
from tools.commands import environment
from tools.paths import ROOT
from tools.wrangler import ADDRESS, port_is_free

GITHUB = ROOT / ".github"
WORKFLOWS = {path.stem: path.read_text(encoding="utf-8") for path in (GITHUB / "workflows").glob("*.yml")}
CI, DEPLOY = yaml.safe_load(WORKFLOWS["ci"]), yaml.safe_load(WORKFLOWS["deploy"])


def findings(folder: Path) -> set[str]:
    return {check.name for check in workflow_checks(folder) if not passes(check)}


def test_both_linters_are_content_with_ours() -> None:
    assert findings(GITHUB) == set()


def test_the_nightly_export_that_operators_copy_is_as_good(tmp_path: Path) -> None:
    copied = (ROOT / "docs/deployment/workflows/export.yml").read_text(encoding="utf-8")
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "export.yml").write_text(copied)
    assert findings(tmp_path / ".github") == set()
    ours = {found for text in WORKFLOWS.values() for found in re.findall(r"uses: .+", text)}
    assert {line for line in re.findall(r"uses: .+", copied) if "upload-artifact" not in line} <= ours


@pytest.mark.parametrize(
    ("good", "bad", "finder"),
    [
        ("timeout-minutes: 60", "timeout-minutos: 60", "actionlint"),
        ("${{ runner.os }}-${{", "${{ runner.oss }}-${{", "actionlint"),
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1", "@v7", "zizmor"),
        ("run: bash .ci/run", "run: echo ${{ github.head_ref }}", "zizmor"),
        ("permissions: {}", "permissions: write-all", "zizmor"),
        ("  pull_request:", "  pull_request_target:", "zizmor"),
        ("persist-credentials: false", "persist-credentials: true", "zizmor"),
    ],
)
def test_a_broken_workflow_is_found(good: str, bad: str, finder: str, tmp_path: Path) -> None:
    copy = tmp_path / ".github"
    shutil.copytree(GITHUB, copy)
    assert good in WORKFLOWS["ci"]
    (copy / "workflows" / "ci.yml").write_text(WORKFLOWS["ci"].replace(good, bad))
    assert finder in findings(copy)


def test_every_action_is_pinned_by_commit_and_its_version_is_told() -> None:
    used = [line for text in WORKFLOWS.values() for line in re.findall(r"uses: .+", text)]
    assert used
    pattern = re.compile(r"uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [line for line in used if not pattern.fullmatch(line)] == []


def test_one_action_has_one_commit_everywhere() -> None:
    used = {tuple(found) for text in WORKFLOWS.values() for found in re.findall(r"uses: (\S+?)@(\S+)", text)}
    assert len({name for name, _ in used}) == len(used)


@pytest.mark.parametrize("workflow", [CI, DEPLOY], ids=["ci", "deploy"])
def test_every_job_reads_only_and_ends(workflow: dict[str, dict[str, dict[str, object]]]) -> None:
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        assert isinstance(job["timeout-minutes"], int)


def test_only_main_is_deployed_and_never_a_pull_request() -> None:
    assert set(DEPLOY[True]) == {"workflow_run", "workflow_dispatch"}  # YAML reads `on` as true
    job = DEPLOY["jobs"]["deploy"]
    assert job["environment"] == "production"
    for condition in (
        "github.event.workflow_run.conclusion == 'success'",
        "github.event.workflow_run.event == 'push'",
        "github.event.workflow_run.head_branch == 'main'",
        "github.event.workflow_run.head_repository.full_name == github.repository",
        "github.ref == 'refs/heads/main'",
    ):
        assert condition in job["if"]


def test_secrets_reach_one_step_of_deploy_and_nothing_else() -> None:
    assert "secrets." not in WORKFLOWS["ci"]
    steps = DEPLOY["jobs"]["deploy"]["steps"]
    (given,) = [step for step in steps if "secrets." in str(step)]
    assert given["run"] == "bin/deploy"
    told = {name for name, value in given["env"].items() if value == f"${{{{ secrets.{name} }}}}"}
    assert told == {*SECRET_NAMES, "CLOUDFLARE_API_TOKEN"}


def test_the_smoke_run_of_the_mac_works_here(tmp_path: Path) -> None:
    (step,) = [step for step in CI["jobs"]["dev"]["steps"] if "bin/dev" in step.get("run", "")]
    port = next(port for port in range(18_787, 18_887) if port_is_free(port))
    extra = {"PORT": str(port), "RUNNER_TEMP": str(tmp_path)}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=ROOT,
        env=environment(extra),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"http://{ADDRESS}:{port}/" in done.stdout
    assert done.stderr.rstrip().endswith("Stopped.")


def test_what_is_updated_by_itself_is_what_there_is() -> None:
    updates = yaml.safe_load((GITHUB / "dependabot.yml").read_text())["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "npm", "pip"}
    assert all(update["cooldown"]["default-days"] >= 7 for update in updates)
