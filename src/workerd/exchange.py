"""HTTP: reading requests, writing answers, and the requests that the chat itself makes."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import js
from pyodide.ffi import JsException

from encoding import compact_json
from errors import ChatError, Internal, Misconfigured
from limits import PUSH_TIMEOUT_SECONDS
from logs import about
from notify.sender import PushAnswer
from notify.web_push import PushRequest
from web.answers import API_HEADERS
from workerd.values import from_js, js_object


def header(request: Any, name: str) -> str | None:
    """A header of a JavaScript Request, or None."""
    value = from_js(request.headers.get(name))
    return None if value is None else str(value)


async def read_body(request: Any, limit: int) -> bytes | None:
    """A request's body, or None as soon as it is longer than `limit` bytes."""
    if from_js(request.body) is None:
        return b""
    reader = request.body.getReader()
    body = b""
    while True:
        part = await reader.read()
        if part.done:
            return body
        body += part.value.to_bytes()
        if len(body) > limit:
            await reader.cancel()
            return None


def response(status: int, headers: Mapping[str, str], body: str | None) -> Any:
    """An HTTP answer."""
    options = js_object({"status": status, "headers": dict(headers)})
    return js.Response.new(body, options)


async def answer_or_refuse(
    work: Awaitable[Any],
    explain: Callable[[ChatError, str], tuple[int, dict[str, str], str]],
    request_id: str,
    log: logging.Logger,
) -> Any:
    """The answer of `work`. A refusal is explained; our own mistake is logged, and the client gets only a code."""
    try:
        return await work
    except ChatError as refusal:
        if isinstance(refusal, Misconfigured):  # the detail is enough, and holds no value
            log.error("misconfigured: %s", refusal.detail, extra=about(request_id))  # noqa: TRY400
        return response(*explain(refusal, request_id))
    except Exception:
        log.exception("request failed", extra=about(request_id))
        return response(*explain(Internal(), request_id))


def json_response(value: Any, *, status: int = 200, more: Mapping[str, str] | None = None) -> Any:
    """An answer of the API, with `more` headers beside its usual ones."""
    headers = {**API_HEADERS, "Content-Type": "application/json", **(more or {})}
    return response(status, headers, compact_json(value))


async def without_body(answer: Any) -> Any:
    """The same answer without its body, for a client that asked for the headers alone."""
    if from_js(answer.body) is not None:
        await answer.body.cancel()
    return js.Response.new(None, js_object({"status": answer.status, "headers": answer.headers}))


async def post_form(url: str, form: Mapping[str, str], timeout_seconds: float) -> tuple[int, str]:
    """POST a form and return status and text.

    Raises:
        OSError: no answer came, or none in time.
    """
    options = js_object({"method": "POST", "redirect": "manual"})
    options.body = js.URLSearchParams.new(js_object(form))
    options.signal = js.AbortSignal.timeout(int(timeout_seconds * 1_000))
    try:
        answer = await js.fetch(url, options)
        return int(answer.status), str(await answer.text())
    except JsException as error:
        raise OSError(f"no answer: {error.name}") from error


async def post_push(request: PushRequest) -> PushAnswer:
    """Send a notification to a push service.

    Raises:
        OSError: no answer came, or none in time.
    """
    options = js_object({"method": "POST", "redirect": "manual", "headers": request.headers, "body": request.body})
    options.signal = js.AbortSignal.timeout(int(PUSH_TIMEOUT_SECONDS * 1_000))
    try:
        answer = await js.fetch(request.url, options)
        if from_js(answer.body) is not None:
            await answer.body.cancel()  # an unread body would keep a connection
        return PushAnswer(int(answer.status), from_js(answer.headers.get("retry-after")))
    except JsException as error:
        raise OSError(f"no answer: {error.name}") from error
