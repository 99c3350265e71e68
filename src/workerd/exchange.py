"""HTTP: reading requests, writing answers, and the requests that the chat itself makes."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import js
from pyodide.ffi import JsException, to_js

from access.handover import Handover
from bot_limits import MAX_WEBHOOK_ANSWER_BYTES, WEBHOOK_TIMEOUT_SECONDS
from bots.delivery import DELIVERY
from bots.outgoing import Answered, Request
from encoding import compact_json
from errors import ChatError, Internal
from limits import PUSH_TIMEOUT_SECONDS
from live.downfall import downfall
from live.replies import Asked
from notify.sender import PushAnswer
from notify.web_push import PushRequest
from web.answers import API_HEADERS, admitted
from web.routes import find_route
from workerd.collector import collect_when_due
from workerd.values import from_js, js_object


def header(request: Any, name: str) -> str | None:
    """A header of a JavaScript Request, or None."""
    value = from_js(request.headers.get(name))
    return None if value is None else str(value)


async def asked_of(raw: Any, handover: Handover) -> Asked:
    """A request to a room as the core takes it, with only those headers and the body that its route has."""
    url = urlsplit(str(raw.url))
    route = find_route(str(raw.method), url.path)
    body = str(await raw.text()) if route.rule.body_bytes else ""
    asked = Asked(route, handover, header(raw, "cookie"), body, origin=f"{url.scheme}://{url.netloc}")
    if route.rule.takes_tokens:
        return replace(asked, delivery=header(raw, DELIVERY) or "", query=url.query)
    if route.rule.is_for_bots:
        asked = replace(asked, delivery=header(raw, DELIVERY) or "")
    if not route.rule.opens_socket:
        return asked
    return replace(asked, upgrade=header(raw, "upgrade"), protocols=header(raw, "sec-websocket-protocol"))


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


async def body_taken(work: Awaitable[Any]) -> Any:
    """What came of reading or passing on a body that takes its time.

    Raises:
        Internal: the line broke, most often because somebody closed the page. That is nothing to log.
        JsException: anything else.
    """
    try:
        return await work
    except JsException as error:
        if "Network connection lost" in str(error):  # workerd 1.20261117.1 has no other sign
            raise Internal from error
        raise


async def pass_over(request: Any, *, limit: int) -> None:
    """Read a body that nobody wants to its end, if it has at most `limit` bytes.

    Where a connection is cut in the middle of a body, the answer is lost, too.
    """
    body, length = from_js(request.body), header(request, "content-length")
    if body is None or body.locked or length is None or int(length) > limit:
        return
    with suppress(JsException):  # the client has gone
        await body.pipeTo(js.WritableStream.new())


def response(status: int, headers: Mapping[str, str], body: str | bytes | None) -> Any:
    """An HTTP answer."""
    options = js_object({"status": status, "headers": dict(headers)})
    return js.Response.new(to_js(body) if isinstance(body, bytes) else body, options)


async def answer_or_refuse(
    work: Awaitable[Any],
    explain: Callable[[ChatError, str], tuple[int, dict[str, str], str]],
    request_id: str,
    log: logging.Logger,
) -> Any:
    """What `work` answers, or what explains why it does not."""
    collect_when_due()
    try:
        return await work
    except Exception as error:
        if downfall(error) is not None:
            raise
        return response(*explain(admitted(error, request_id, log), request_id))


def json_response(value: Any, *, status: int = 200, more: Mapping[str, str] | None = None) -> Any:
    """An answer of the API, with `more` headers beside its usual ones."""
    headers = {**API_HEADERS, "Content-Type": "application/json", **(more or {})}
    return response(status, headers, compact_json(value))


def marked(answer: Any, headers: Mapping[str, str]) -> Any:
    """The same answer with further headers."""
    for name, value in headers.items():
        answer.headers.set(name, value)
    return answer


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


async def post_webhook(request: Request) -> Answered:
    """Send something to the webhook of a bot; of its answer no more is read than may be used.

    Raises:
        TimeoutError: the answer is not complete in time.
        OSError: there is none, or it broke off.
    """
    options = js_object(
        {"method": "POST", "redirect": "manual", "headers": dict(request.headers), "body": request.body}
    )
    options.signal = js.AbortSignal.timeout(int(WEBHOOK_TIMEOUT_SECONDS * 1_000))
    try:
        answer = await js.fetch(request.url, options)
        media_type = (header(answer, "content-type") or "").partition(";")[0].strip().lower()
        return Answered(int(answer.status), media_type, await read_body(answer, MAX_WEBHOOK_ANSWER_BYTES))
    except JsException as error:
        kind = TimeoutError if error.name == "TimeoutError" else OSError
        raise kind(f"no answer: {error.name}") from error


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
