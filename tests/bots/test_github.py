"""bots/github.py: which events of GitHub and Gitea are told, and which are not."""

from typing import Any

import pytest

from bots.github import is_meant, read
from bots.incoming import Incoming

PLACE = {"repository": {"full_name": "a/b", "html_url": "https://git.example/a/b"}, "sender": {"login": "anna"}}
IN = "[a/b](https://git.example/a/b)"
NO_COMMIT = "0" * 40


def told(**event: Any) -> str | None:
    given = {**PLACE, **event}
    assert is_meant(given)
    said = read(given)
    return None if said is None else said.body


def test_it_is_recognized_by_its_repository_and_who_did_it() -> None:
    assert is_meant({"zen": "x"})
    assert is_meant({"organization": {}, "sender": {}})
    assert not is_meant({"repository": "x", "sender": {}})
    assert not is_meant({"repository": {}})
    assert not is_meant({"text": "x"})


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ({"ref": "refs/tags/v1", "after": "1" * 40, "commits": []}, f"**anna** created tag `v1` in {IN}"),
        ({"ref": "refs/tags/v1", "after": NO_COMMIT, "commits": []}, f"**anna** deleted tag `v1` in {IN}"),
        ({"ref": "refs/heads/x", "before": NO_COMMIT, "commits": []}, f"**anna** created branch `x` in {IN}"),
        ({"ref": "refs/heads/x", "before": "1" * 40, "commits": []}, None),
        (
            {"ref": "refs/heads/x", "commits": [{"id": "1" * 40, "message": "m"}], "forced": True},
            f"**anna** pushed 1 commit with force to `x` in {IN}\n- `1111111` m",
        ),
        (
            {"action": "ready_for_review", "pull_request": {"number": 1, "title": "t"}},
            f"**anna** marked as ready pull request #1 t in {IN}",
        ),
        ({"action": "closed", "pull_request": {"number": 1}}, f"**anna** closed pull request #1 in {IN}"),
        ({"action": "synchronize", "pull_request": {"number": 1}}, None),
        (
            {"action": "submitted", "pull_request": {"number": 1}, "review": {"state": "commented", "body": "hm"}},
            f"**anna** reviewed pull request #1 in {IN}\n> hm",
        ),
        ({"action": "submitted", "pull_request": {"number": 1}, "review": {"state": "commented"}}, None),
        ({"action": "dismissed", "pull_request": {"number": 1}, "review": {"state": "approved"}}, None),
        (
            {"action": "created", "pull_request": {"number": 1}, "comment": {"body": "x", "commit_id": "2" * 40}},
            f"**anna** commented on #1 in {IN}\n> x",
        ),
        ({"action": "deleted", "issue": {"number": 1}, "comment": {"body": "x"}}, None),
        (
            {"action": "created", "comment": {"body": "x", "commit_id": "2" * 40}},
            f"**anna** commented on `2222222` in {IN}\n> x",
        ),
        ({"action": "assigned", "issue": {"number": 1}}, None),
        ({"action": "opened", "issue": {"number": 1, "body": None}}, f"**anna** opened issue #1 in {IN}"),
        ({"action": "published", "release": {"tag_name": "v1", "draft": True}}, None),
        ({"action": "created", "release": {"tag_name": "v1"}}, None),
        ({"action": "requested", "workflow_run": {"conclusion": None}}, None),
        ({"action": "created", "deployment": {}, "workflow_run": {"conclusion": "failure"}}, None),
        ({"action": "completed", "check_run": {"conclusion": "failure"}}, None),
        ({"ref": "x", "ref_type": "branch"}, None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_event_is_told_or_not(event: dict[str, Any], says: str | None) -> None:
    assert told(**event) == says


def test_a_ping_says_what_is_connected() -> None:
    assert read({"zen": "x"}) == Incoming("GitHub is connected")
    assert read({"zen": "x", "organization": {"login": "acme"}}) == Incoming("GitHub is connected: acme")


def test_long_texts_are_cut_and_many_commits_counted() -> None:
    found = told(action="opened", issue={"number": 1, "title": "t" * 500, "body": "b" * 5_000})
    assert found is not None
    assert len(found) < 1_000
    commits = [{"id": "1", "message": "m\n\nmore"}] * 30
    pushed = told(ref="refs/heads/x", commits=commits)
    assert pushed is not None
    assert pushed.count("\n- `1` m") == 10
    assert pushed.endswith("\n- … 20 more")


def test_somebody_without_a_name_is_somebody() -> None:
    said = read({"action": "opened", "issue": {"number": 1}, "repository": {}, "sender": None, "pusher": {}})
    assert said == Incoming("**Somebody** opened issue #1 in ")
