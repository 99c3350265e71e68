"""The Worker's bindings in wrangler.toml: the operator's settings, the version, and the objects of rooms."""

from collections.abc import Sequence
from typing import Any

from pyodide.ffi import JsException

from errors import Misconfigured
from settings import Settings
from workerd.values import from_js, js_object


def environment(env: Any, names: Sequence[str]) -> dict[str, str | None]:
    """The operator's settings by name; None for one that is not set."""
    return {name: from_js(getattr(env, name, None)) for name in names}


def version_id(env: Any) -> str | None:
    """The platform's id for this version of code, settings and secrets; None if wrangler.toml does not bind it."""
    version = from_js(getattr(env, "CF_VERSION_METADATA", None))
    return None if version is None else str(version.id)


def room_stub(env: Any, name: str, settings: Settings) -> Any:
    """The raw stub of a room, for `fetch`: the SDK's wrapper would put a cancellable fetch around a socket.

    LOCATION_HINT names the region in which to make an object that does not exist yet.
    """
    hint = settings.location_hint
    where = () if hint is None else (js_object({"locationHint": hint}),)
    return _within(env.ROOMS, settings.jurisdiction).getByName(name, *where)._binding


def address_stub(env: Any, name: str, settings: Settings) -> Any:
    """The raw stub of the object of an address, by the name that `attempts.address_digest` gives."""
    return _within(env.GUESSES, settings.jurisdiction).getByName(name)._binding


def _within(objects: Any, jurisdiction: str | None) -> Any:
    """The objects of a jurisdiction.

    Raises:
        Misconfigured: the runtime has no jurisdictions, as local workerd.
    """
    if jurisdiction is None:
        return objects
    try:
        return objects.jurisdiction(jurisdiction)
    except JsException as error:
        raise Misconfigured("JURISDICTION works on Cloudflare only: leave it empty for local runs.") from error
