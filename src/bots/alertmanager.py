"""Alerts as Alertmanager sends them to a webhook, and Grafana in the same format with a few fields more."""

from collections.abc import Iterator, Sequence

from bots.incoming import Incoming
from bots.kindly import Given, first, line, number, text, thing, things
from bots.markdown import item, lines, link, strong

_MOST_ALERTS = 20
_MOST_LABELS = 12
_FIRING, _RESOLVED = "firing", "resolved"
_MARKS = {_FIRING: "🔴", _RESOLVED: "🟢"}
_TEXTS = ("summary", "message", "title", "description")
_SAID = frozenset(("alertname", "severity", "grafana_folder", "rulename"))
"""Labels that are shown elsewhere, or say nothing to people."""
_LINKS = (
    ("runbook_url", "Runbook"),
    ("dashboardURL", "Dashboard"),
    ("panelURL", "Panel"),
    ("silenceURL", "Silence"),
    ("imageURL", "Image"),
)


def is_meant(given: Given) -> bool:
    """Whether an object is such a message."""
    return isinstance(given.get("alerts"), list)


def read(given: Given) -> Incoming | None:
    """The message; None if it holds no alert."""
    alerts = things(given.get("alerts"), _MOST_ALERTS)
    if not alerts:
        return None
    name = _name(given, alerts)
    if len(alerts) == 1:
        return Incoming(lines(_alone(alerts[0], name)))
    shared = thing(given.get("commonLabels"))
    more = len(given["alerts"]) - len(alerts) + number(given.get("truncatedAlerts"))
    listed = [item(_listed(alert, name, shared)) for alert in alerts]
    heading = link(strong(name), text(given.get("externalURL")))
    return Incoming(
        lines([f"{_mark(alerts)} {heading}: {_counts(alerts)}", *listed, f"- … {more} more" if more > 0 else ""])
    )


def _name(given: Given, alerts: Sequence[Given]) -> str:
    """What the alerts have in common."""
    for labels in (given.get("commonLabels"), given.get("groupLabels"), alerts[0].get("labels")):
        if name := line(thing(labels).get("alertname")):
            return name
    return line(given.get("title")) or "Alert"


def _status(alert: Given) -> str:
    return _RESOLVED if line(alert.get("status")).lower() == _RESOLVED else _FIRING


def _mark(alerts: Sequence[Given]) -> str:
    return _MARKS[_FIRING] if any(_status(each) == _FIRING for each in alerts) else _MARKS[_RESOLVED]


def _counts(alerts: Sequence[Given]) -> str:
    found = [_status(each) for each in alerts]
    counts = [(found.count(status), status) for status in (_FIRING, _RESOLVED)]
    return ", ".join(f"{count} {status}" for count, status in counts if count)


def _alone(alert: Given, name: str) -> Iterator[str]:
    """The lines of an alert that comes by itself."""
    labels, status = thing(alert.get("labels")), _status(alert)
    severity = line(labels.get("severity"))
    heading = strong(link(line(labels.get("alertname")) or name, text(alert.get("generatorURL"))))
    yield f"{_MARKS[status]} {heading} " + " · ".join(filter(None, (status, severity)))
    yield from _texts(alert)
    yield _labels(labels, {})
    yield " · ".join(_links(alert))


def _listed(alert: Given, name: str, shared: Given) -> str:
    """An alert among others: what it says, and what tells it from them."""
    labels = thing(alert.get("labels"))
    own = line(labels.get("alertname"))
    words = next(_texts(alert), "") or _labels(labels, shared) or own or name
    place = _labels(labels, shared)
    told = [link(line(words), text(alert.get("generatorURL"))), place if place != words else ""]
    if own not in ("", name):
        told.insert(0, own)
    return f"{_MARKS[_status(alert)]} " + " · ".join(filter(None, told))


def _texts(alert: Given) -> Iterator[str]:
    """What the alert's author wrote, each text once."""
    annotations = thing(alert.get("annotations"))
    seen = set()
    for name in _TEXTS:
        words = text(annotations.get(name)).strip()
        if words and words not in seen:
            seen.add(words)
            yield words
    if not seen and (value := line(first(alert, "valueString"))):
        yield value


def _labels(labels: Given, shared: Given) -> str:
    """Labels that say where it is, and that are not the same for all."""
    names = sorted(name for name in labels if name not in _SAID and labels[name] != shared.get(name))
    told = [(line(name, 60), line(labels[name], 120)) for name in names[:_MOST_LABELS]]
    return ", ".join(f"{name}: {value}" for name, value in told if value)


def _links(alert: Given) -> Iterator[str]:
    annotations = thing(alert.get("annotations"))
    for name, words in _LINKS:
        address = text(annotations.get(name)) or text(alert.get(name))
        if address:
            yield link(words, address)
