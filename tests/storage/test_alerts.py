"""storage/alerts.py: what goes in comes out."""

import pytest

from storage.alerts import Alert
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import NASTY


def test_a_members_alerts_come_back_oldest_first_until_they_were_seen(store: Store) -> None:
    younger = Alert("a", "anna", "phone", "confirmed", NOON + 1)
    older = Alert("b", "anna", "laptop", "replaced", NOON)
    other = Alert("a", "boris", "phone", "confirmed", NOON)
    for alert in (younger, older, other):
        store.alerts.insert(alert)
    assert store.alerts.of("anna") == [older, younger]
    store.alerts.delete(younger)
    assert (store.alerts.of("anna"), store.alerts.of("boris"), store.alerts.of("olga")) == ([older], [other], [])


def test_alerts_of_a_member_without_a_device_are_forgotten(store: Store) -> None:
    store.alerts.insert(Alert("a", "anna", "phone", "confirmed", NOON))
    store.delete_expired(NOON, NOON)
    assert store.alerts.of("anna") == []


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    alert = Alert(text, text, text, text, NOON)
    store.alerts.insert(alert)
    assert store.alerts.of(text) == [alert]
