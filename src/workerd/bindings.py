"""What wrangler.toml binds to the Worker: the operator's settings, the version, and the objects of rooms."""

from collections.abc import Sequence
from typing import Any

from workerd.values import from_js, js_object


def environment(env: Any, names: Sequence[str]) -> dict[str, str | None]:
    """The operator's settings by name; None where one is not set."""
    return {name: from_js(getattr(env, name, None)) for name in names}


def version_id(env: Any) -> str | None:
    """What the platform calls this version of code, settings and secrets; None where wrangler.toml does not bind it."""
    version = from_js(getattr(env, "CF_VERSION_METADATA", None))
    return None if version is None else str(version.id)


def room_stub(env: Any, name: str, hint: str | None = None) -> Any:
    """A room, to be asked with `fetch`: raw, for the SDK's wrapper would put a cancellable fetch around a socket.

    `hint` says where an object that does not exist yet should be made.
    """
    where = () if hint is None else (js_object({"locationHint": hint}),)
    return env.ROOMS.getByName(name, *where)._binding
