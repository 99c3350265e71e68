"""What is optional in a browser may never answer, or throw: the chat goes on without it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import until

NEVER = "new Promise(() => undefined)"
SILENCE = {
    "database": "indexedDB.open = () => new EventTarget()",
    "database that is blocked": "indexedDB.open = () => { const it = {}; setTimeout(() => it.onblocked()); return it }",
    "database that throws": "indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }",
    "database without transactions": (
        "IDBDatabase.prototype.transaction = () => ({ objectStore: () => ({ get: () => ({}), getAll: () => ({}),"
        " put: () => ({}), delete: () => ({}), clear: () => ({}) }) })"
    ),
    "storage": "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new DOMException('no') }",
    "full storage": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
    "locks": f"LockManager.prototype.request = LockManager.prototype.query = () => {NEVER}",
    "locks that refuse": "LockManager.prototype.request = () => Promise.reject(new DOMException('no'))",
    "caches": f"CacheStorage.prototype.open = CacheStorage.prototype.match = () => {NEVER}",
    "service worker": f"ServiceWorkerContainer.prototype.register = () => {NEVER}",
    "no service worker": "ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error('no'))",
    "registration": f"ServiceWorkerContainer.prototype.getRegistration = () => {NEVER}",
}


@pytest.mark.parametrize("script", SILENCE.values(), ids=SILENCE)
def test_the_chat_goes_on_without_what_does_not_answer(window: OpenWindow, script: str) -> None:
    visitor = window()
    visitor.context.add_init_script(script)
    visitor.page.reload()
    visitor.sign_in("Anna")
    visitor.say("Anybody here?")
    visitor.sees("Anybody here?")
    visitor.composer.fill("half a sentence")
    visitor.page.keyboard.press("Control+k")
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(visitor.composer).to_have_value("half a sentence")


def test_notifications_do_not_wait_for_a_worker_for_ever(window: OpenWindow) -> None:
    visitor = window()
    visitor.context.add_init_script(SILENCE["caches"])
    visitor.page.reload()
    visitor.sign_in("Anna")
    visitor.page.get_by_role("button", name="Settings").click()
    expect(visitor.page.get_by_text("One moment…")).to_have_count(0)


def test_a_page_gives_its_database_up_to_a_newer_version(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.say("before")
    anna.sees("before")
    upgraded = """async () => {
      const [{ name }] = await indexedDB.databases()
      return new Promise((resolve) => {
        const request = indexedDB.open(name, 99)
        request.onblocked = () => resolve("blocked")
        request.onsuccess = () => resolve("upgraded")
      })
    }"""
    until(anna.page, lambda: anna.page.evaluate("async () => (await indexedDB.databases()).length > 0"))
    assert anna.page.evaluate(upgraded) == "upgraded"
    anna.say("after")
    anna.sees("after")
