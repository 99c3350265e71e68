"""What every HTTP answer carries: security headers, problem+json, and the page that explains an error to a person."""

import hashlib
import logging
from collections.abc import Mapping
from html import escape
from typing import Any

from encoding import compact_json
from errors import ChatError, Internal, MethodNotAllowed, Misconfigured, NotFound, RangeNotSatisfiable
from logs import about
from web.set_up import guide

TURNSTILE_ORIGIN = "https://challenges.cloudflare.com"

# The names of two Trusted Types policies: the client's own, and the one that the ALTCHA widget makes for its templates.
_TRUSTED_TYPES = "trusted-types durable-chat svelte-trusted-html"

DEPLOYMENT = "X-Deployment"
"""Says which version of code, settings and secrets answers, by Cloudflare's id: of the Worker, or of a room."""

API_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}


def deployed(version: str | None) -> dict[str, str]:
    """The header DEPLOYMENT; none where the platform gives no version."""
    return {} if version is None else {DEPLOYMENT: version}


def page_headers(*, turnstile: bool) -> dict[str, str]:
    """Security headers of a page: nothing inline and nothing from other sites, except Turnstile if it is on."""
    return {
        **API_HEADERS,
        "Cache-Control": "no-cache, no-transform",  # what a zone's features put into a page the policy would stop
        "Content-Security-Policy": _page_policy(turnstile=turnstile),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "X-Frame-Options": "DENY",
    }


def page_tag(file_tag: str, headers: Mapping[str, str]) -> str:
    """The ETag of a page. It changes with the file and with the headers, so that no browser keeps an old policy.

    Args:
        file_tag: the ETag of the HTML file.
        headers: the result of `page_headers`.
    """
    told = "\n".join([file_tag, *(f"{name}: {value}" for name, value in headers.items())])
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the client already has the page, by its If-None-Match (RFC 9110, 13.1.2; the weak comparison)."""
    known = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    return "*" in known or tag.removeprefix("W/") in known


def problem(refusal: ChatError, request_id: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of a refusal (RFC 9457, docs/protocol.md)."""
    body: dict[str, Any] = {
        "title": refusal.detail,
        "status": refusal.status,
        "code": refusal.code,
        "request_id": request_id,
        **refusal.extra,
    }
    headers = {**API_HEADERS, **_own_headers(refusal), "Content-Type": "application/problem+json"}
    if refusal.retry_after is not None:
        seconds = max(1, int(-(-refusal.retry_after // 1)))
        body["retry_after"] = seconds
        headers["Retry-After"] = str(seconds)
    return refusal.status, headers, compact_json(body)


def admitted(error: Exception, request_id: str, log: logging.Logger) -> ChatError:
    """The refusal that the client is shown: of a mistake of ours only that it happened, while the log has the rest."""
    if not isinstance(error, ChatError):
        log.error("request failed", exc_info=error, extra=about(request_id))
        return Internal()
    if isinstance(error, Misconfigured):  # the detail says all, without a value
        log.error("misconfigured: %s", error.detail, extra=about(request_id))
    return error


def error_page(refusal: ChatError, request_id: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of an error page, after a wrong link or when the operator forgot a setting."""
    headers = {**page_headers(turnstile=False), **_own_headers(refusal), "Content-Type": "text/html; charset=utf-8"}
    titles = {NotFound.code: "There is nothing here", Misconfigured.code: "This chat is not set up yet"}
    title = titles.get(refusal.code, "That did not work")
    # The drawing that the page shows where there is no such room.
    nowhere = isinstance(refusal, NotFound)
    scene = '<svg aria-hidden="true"><use href="/scenes.svg#mooring"/></svg>' if nowhere else ""
    script, how = "", ""
    if isinstance(refusal, Misconfigured) and refusal.secret is not None:
        script, how = '<script src="/set-up.js" type="module"></script>', guide(refusal.secret)
    body = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{title}</title><link rel="stylesheet" href="/error.css">{script}<main>{scene}<h1>{title}</h1>'
        f"<p>{escape(refusal.detail)}</p>{how}<p><small>{escape(request_id)}</small></p></main></html>"
    )
    return refusal.status, headers, body


def _own_headers(refusal: ChatError) -> dict[str, str]:
    match refusal:
        case MethodNotAllowed():
            return {"Allow": ", ".join(refusal.allow)}
        case RangeNotSatisfiable():
            return {"Content-Range": f"bytes */{refusal.size}"}
    return {}


def _page_policy(*, turnstile: bool) -> str:
    other = f" {TURNSTILE_ORIGIN}" if turnstile else ""
    directives = [
        "default-src 'none'",
        f"script-src 'self'{other}",
        f"frame-src{other}" if turnstile else "frame-src 'none'",
        "style-src 'self'",
        "img-src 'self' data: blob:",  # pictures and films are opened in the browser
        "media-src blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    if not turnstile:  # its script is not ours, and does not support Trusted Types
        directives += ["require-trusted-types-for 'script'", _TRUSTED_TYPES]
    return "; ".join(directives)
