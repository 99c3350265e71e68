"""The name that other people see for a device: its browser and system, always in our own words.

A sender can put any text into a User-Agent. An unknown one therefore gives an empty name: an admin who is asked to let
somebody in must not read a stranger's sentence as if it were ours.
"""

_BROWSERS = (
    # The order matters: the other browsers also call themselves Chrome, and Chrome also calls itself Safari.
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Opera", "Opera"),
    ("Samsung", "Samsung Internet"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    # The order matters: Android also calls itself Linux, and an iPhone says "like Mac OS X".
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Chromebook", "Chromebook"),
    ("Mac OS X", "macOS"),
    ("macOS", "macOS"),
    ("Linux", "Linux"),
)


def device_name(agent: str) -> str:
    """`Firefox, Linux` for a User-Agent, or for a name that this function made; empty for an unknown device."""
    browser = _first(_BROWSERS, agent)
    if browser is None:
        return ""
    system = _first(_SYSTEMS, agent)
    return browser if system is None else f"{browser}, {system}"


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for mark, name in names if mark in agent), None)
