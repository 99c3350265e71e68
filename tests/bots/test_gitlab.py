"""bots/gitlab.py: which events of GitLab are told, and which are not."""

from typing import Any

import pytest

from bots.gitlab import is_meant, read
from bots.incoming import Passing

PLACE = {"project": {"path_with_namespace": "a/b", "web_url": "https://git.example/a/b"}, "user": {"name": "Anna"}}
IN = "[a/b](https://git.example/a/b)"
NO_COMMIT = "0" * 40


def told(kind: str, **event: Any) -> str | None:
    said = read({"object_kind": kind, **PLACE, **event})
    return None if said is None else said.body


def test_it_is_recognized_by_the_kind_of_object() -> None:
    assert is_meant({"object_kind": "push"})
    assert not is_meant({"object_kind": 7})
    assert not is_meant({"object_attributes": {}})


@pytest.mark.parametrize(
    ("kind", "event", "says"),
    [
        ("push", {"ref": "refs/heads/x", "after": NO_COMMIT}, f"**Anna** deleted branch `x` in {IN}"),
        ("push", {"ref": "refs/heads/x", "before": NO_COMMIT}, f"**Anna** created branch `x` in {IN}"),
        ("push", {"ref": "refs/heads/x", "before": "1" * 40}, None),
        ("tag_push", {"ref": "refs/tags/v1", "after": NO_COMMIT}, f"**Anna** deleted tag `v1` in {IN}"),
        (
            "push",
            {"ref": "refs/heads/x", "commits": [{"id": "1" * 40, "message": "m\n\nmore"}]},
            f"**Anna** pushed 1 commit to `x` in {IN}\n- `11111111` m",
        ),
        (
            "merge_request",
            {"object_attributes": {"action": "merge", "iid": 1, "title": "t"}},
            f"**Anna** merged merge request !1 t in {IN}",
        ),
        ("merge_request", {"object_attributes": {"action": "update", "iid": 1}}, None),
        ("issue", {"object_attributes": {"action": "close", "iid": 2}}, f"**Anna** closed issue #2 in {IN}"),
        ("issue", {}, None),
        (
            "note",
            {"object_attributes": {"note": "x", "action": "create"}, "commit": {"id": "3" * 40}},
            f"**Anna** commented on `33333333` in {IN}\n> x",
        ),
        ("note", {"object_attributes": {"note": "x"}, "snippet": {}}, f"**Anna** commented on a snippet in {IN}\n> x"),
        ("note", {"object_attributes": {"note": "x", "system": True}}, None),
        ("note", {"object_attributes": {"note": "x", "action": "update"}}, None),
        ("pipeline", {"object_attributes": {"status": "running"}}, None),
        ("release", {"action": "update", "name": "v1"}, None),
        ("wiki_page", {}, None),
        ("", {}, None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_event_is_told_or_not(kind: str, event: dict[str, Any], says: str | None) -> None:
    assert told(kind, **event) == says


def test_runs_on_one_branch_are_the_same_pipeline() -> None:
    def passing(status: str, **more: Any) -> Passing | None:
        said = read(
            {"object_kind": "pipeline", **PLACE, "object_attributes": {"status": status, "ref": "main", **more}}
        )
        assert said is not None
        return said.passing

    failed, passed = passing("failed", id=1), passing("success", id=2)
    assert failed == Passing("a/b\npipeline\nmain", failed=True)
    assert passed == Passing("a/b\npipeline\nmain", failed=False)
    assert passing("failed", ref="other") != failed
