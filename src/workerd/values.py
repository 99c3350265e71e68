"""JavaScript values to Python values and back, and the time.

No module in `workerd/` makes a JavaScript object at import, because the deploy-time snapshot could not keep it.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import js
from pyodide.ffi import jsnull, to_js


def js_object(value: Mapping[str, Any]) -> Any:
    """A plain JavaScript object; nested dicts become objects, bytes become Uint8Array."""
    return to_js(value, dict_converter=js.Object.fromEntries)


def js_array(values: Sequence[Any]) -> Any:
    """A real JavaScript array, for platform functions that do not take a proxy of a list."""
    return to_js(list(values), dict_converter=js.Object.fromEntries)


def from_js(value: Any) -> Any:
    """None for null and undefined; any other value unchanged."""
    return None if value is jsnull else value


def current_ms() -> int:
    """Milliseconds since 1970."""
    return int(time.time() * 1_000)
