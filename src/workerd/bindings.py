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
    return _near(env.ROOMS, name, settings)


def files_stub(env: Any, room: str, settings: Settings) -> Any:
    """The raw stub of the object with the files of a room, which is made where the room is."""
    return _near(env.FILES, room, settings)


def files_bucket(env: Any) -> Any | None:
    """The raw R2 bucket for files; None if wrangler.toml binds none."""
    bucket = from_js(getattr(env, "FILES_BUCKET", None))
    return None if bucket is None else raw_binding(bucket)


def check_bound(env: Any) -> None:
    """Refuse to work without an object that a newer version needs.

    Raises:
        Misconfigured: wrangler.toml does not bind it.
    """
    for name in ("GUESSES", "FILES"):
        if not hasattr(env, name):
            raise Misconfigured(f"{name} is not bound in wrangler.toml; wrangler.toml.example has the lines it lacks.")


def raw_binding(binding: Any) -> Any:
    """A binding without the SDK's wrapper around it."""
    return getattr(binding, "_binding", binding)


def _near(objects: Any, name: str, settings: Settings) -> Any:
    hint = settings.location_hint
    where = () if hint is None else (js_object({"locationHint": hint}),)
    return _within(objects, settings.jurisdiction).getByName(name, *where)._binding


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
