"""bots/alertmanager.py: alerts by themselves and together."""

from typing import Any

from bots.alertmanager import is_meant, read


def alert(name: str = "Down", status: str = "firing", **labels: str) -> dict[str, Any]:
    return {"status": status, "labels": {"alertname": name, **labels}, "annotations": {}}


def body(*alerts: Any, **more: Any) -> str:
    said = read({"alerts": list(alerts), **more})
    assert said is not None
    return said.body


def test_it_is_recognized_by_its_alerts_and_one_without_any_says_nothing() -> None:
    assert is_meant({"alerts": []})
    assert not is_meant({"alerts": "x"})
    assert read({"alerts": []}) is None
    assert read({"alerts": [None, 7]}) is None


def test_an_alert_without_texts_shows_its_labels() -> None:
    assert body(alert(host="db1")) == "🔴 **Down** firing\nhost: db1"
    assert body(alert(status="resolved", severity="info")) == "🟢 **Down** resolved · info"
    assert body({}) == "🔴 **Alert** firing"
    assert body({}, title="[FIRING:1] x") == "🔴 **[FIRING:1] x** firing"
    assert body({"valueString": "[ value=97 ]", "labels": {"alertname": "CPU"}}) == "🔴 **CPU** firing\n[ value=97 ]"


def test_the_same_text_is_said_once() -> None:
    same = alert() | {"annotations": {"summary": "x", "message": "x", "description": "y"}}
    assert body(same) == "🔴 **Down** firing\nx\ny"


def test_several_alerts_are_listed_with_what_tells_them_apart() -> None:
    shared = {"alertname": "Down", "job": "node"}
    found = body(alert(job="node", host="a"), alert(job="node", host="b", status="resolved"), commonLabels=shared)
    assert found == "🔴 **Down**: 1 firing, 1 resolved\n- 🔴 host: a\n- 🟢 host: b"


def test_different_alerts_have_their_names() -> None:
    found = body(alert("Down", host="a"), alert("Slow", host="b"))
    assert found.endswith("- 🔴 host: a\n- 🔴 Slow · host: b")


def test_all_resolved_is_green() -> None:
    assert body(alert(status="resolved"), alert(status="RESOLVED")).startswith("🟢 **Down**: 2 resolved")


def test_of_very_many_the_first_are_shown_and_the_others_counted() -> None:
    found = body(*[alert(host=f"h{number}") for number in range(25)], truncatedAlerts=10)
    assert found.count("\n- 🔴") == 20
    assert found.endswith("\n- … 15 more")
