"""A large export passes through the page: it takes no more memory than a small one."""

import subprocess

import pytest
from playwright.sync_api import Browser

from tools import paths

MEMORY_BYTES = 64_000_000
_ORIGIN = "http://localhost:9"


def test_an_export_passes_through(browser: Browser, request: pytest.FixtureRequest) -> None:
    """`--export-megabytes 2000 --export-messages 100000` is the long run: docs/export.md has what came out."""
    megabytes = int(request.config.getoption("--export-megabytes"))
    messages = int(request.config.getoption("--export-messages"))
    command = [str(paths.node()), str(paths.ROOT / "tests" / "measuring.mjs")]
    script = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    context = browser.new_context()
    # As a page that is served safely.
    context.route(f"{_ORIGIN}/**", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page = context.new_page()
    page.goto(f"{_ORIGIN}/")
    page.evaluate(script)
    devtools = context.new_cdp_session(page)

    def used() -> int:
        # What is held, and not what waits to be collected: when that happens is the browser's affair.
        devtools.send("HeapProfiler.collectGarbage")
        usage = devtools.send("Runtime.getHeapUsage")
        return int(usage["usedSize"] + usage["backingStorageSize"])

    before, most = used(), 0
    write = f"write({messages}, {megabytes})"
    page.evaluate(f"void {write}.then((bytes) => (window.written = bytes), (error) => (window.failed = `${{error}}`))")
    while page.evaluate("window.written ?? window.failed ?? null") is None:
        most = max(most, used() - before)
        page.wait_for_timeout(100)
    written = page.evaluate("window.written ?? window.failed")
    print(f"{written} bytes written, at most {most} bytes of memory")  # noqa: T201 (for whoever makes the long run)
    context.close()
    assert isinstance(written, int), written
    assert written > megabytes * 1_000_000 + messages * 100
    assert 0 < most < MEMORY_BYTES
