"""storage/subscriptions.py: an address belongs to one device, and a device whose session has expired gets nothing."""

from dataclasses import replace

import pytest

from limits import SESSION_IDLE_MS
from storage.notices import Notice
from storage.sessions import Session
from storage.store import Store
from storage.subscriptions import Subscription
from tests.rooms import NOON
from tests.storage.samples import BIG, NASTY, OTHER, SEALED

PHONE = Subscription("anna", "phone", b"address", NOON, 0, 0, SEALED)


def sign_in(store: Store, member: str, session: str, *, seen_at: int = NOON, expires_at: int = BIG) -> None:
    row = Session(session, member, "member", NOON, seen_at, expires_at, SEALED)
    store.sessions.insert(row, token_digest=f"{member} {session}".encode())


def test_devices_come_back_oldest_first_and_are_replaced_whole(store: Store) -> None:
    older = replace(PHONE, session="laptop", endpoint=b"other", created_at=NOON - 1)
    for subscription in (PHONE, older):
        sign_in(store, "anna", subscription.session)
        store.subscriptions.put(subscription)
    assert store.subscriptions.of("anna", now_ms=NOON) == [older, PHONE]
    changed = replace(PHONE, endpoint=b"new", sealed=OTHER, failures=2, retry_at=NOON, refusals=1)
    store.subscriptions.put(changed)
    assert store.subscriptions.of("anna", now_ms=NOON) == [older, changed]
    assert store.subscriptions.of("boris", now_ms=NOON) == []


def test_an_address_goes_to_the_device_that_has_it_now(store: Store) -> None:
    for member in ("anna", "boris"):
        sign_in(store, member, "phone")
        store.subscriptions.put(replace(PHONE, member=member))
    assert store.subscriptions.members() == ["boris"]


@pytest.mark.parametrize(
    ("seen_at", "expires_at", "count"),
    [
        (NOON, NOON + 1, 1),
        (NOON, NOON, 0),
        (NOON - SESSION_IDLE_MS + 1, BIG, 1),
        (NOON - SESSION_IDLE_MS, BIG, 0),
    ],
)
def test_a_device_whose_session_has_expired_gets_nothing(
    store: Store, seen_at: int, expires_at: int, count: int
) -> None:
    sign_in(store, "anna", "phone", seen_at=seen_at, expires_at=expires_at)
    store.subscriptions.put(PHONE)
    assert len(store.subscriptions.of("anna", now_ms=NOON)) == count


def test_failures_and_refusals_belong_to_the_address_that_was_asked(store: Store) -> None:
    sign_in(store, "anna", "phone")
    store.subscriptions.put(PHONE)
    store.subscriptions.set_failures(PHONE, 3, NOON + 5)
    store.subscriptions.set_refusals(PHONE, 2)
    noted = replace(PHONE, failures=3, retry_at=NOON + 5, refusals=2)
    former = replace(PHONE, endpoint=b"former")
    store.subscriptions.set_failures(former, 9, NOON)
    store.subscriptions.set_refusals(former, 9)
    assert store.subscriptions.of("anna", now_ms=NOON) == [noted]


def test_a_device_goes_with_its_notices_and_an_address_without_them(store: Store) -> None:
    sign_in(store, "anna", "phone")
    notice = Notice("anna", "general", "phone", 1, 0, NOON)
    store.notices.put([notice])
    store.subscriptions.put(PHONE)
    store.subscriptions.delete_at("boris", b"address")
    assert store.subscriptions.members() == ["anna"]
    store.subscriptions.delete_at("anna", b"address")
    assert (store.subscriptions.members(), store.notices.due(NOON, 9)) == ([], [notice])
    store.subscriptions.put(PHONE)
    store.subscriptions.delete("anna", "phone")
    assert (store.subscriptions.members(), store.notices.due(NOON, 9)) == ([], [])


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    sign_in(store, text, text)
    subscription = replace(PHONE, member=text, session=text)
    store.subscriptions.put(subscription)
    assert store.subscriptions.of(text, now_ms=NOON) == [subscription]
