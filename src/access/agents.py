"""What a device is called to other people: the browser and system that it names, in our words and never in its own.

A User-Agent is whatever its sender likes, so an unknown one says nothing: an admin who is asked to let somebody in must
not read a stranger's sentence in ours.
"""

_BROWSERS = (
    # In this order: the others call themselves Chrome as well, and Chrome calls itself Safari.
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
    # Android calls itself Linux, and an iPhone says that it is like Mac OS X.
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
    """`Firefox, Linux` for a User-Agent, or for such a name itself; empty for a device that we do not know."""
    browser = _first(_BROWSERS, agent)
    if browser is None:
        return ""
    system = _first(_SYSTEMS, agent)
    return browser if system is None else f"{browser}, {system}"


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for mark, name in names if mark in agent), None)
