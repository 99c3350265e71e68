"""Time zones as the platform knows them: Pyodide has no data of its own, JavaScript has and keeps it up to date."""

import re

import js
from pyodide.ffi import JsException

from workerd.values import js_object

_STEP_MS = 15 * 60_000  # clocks are changed at full quarters of an hour
_KEPT = 1_000  # zones in memory; there are about 450, and names differ by capital letters
_OFFSET = re.compile(r"GMT(?:([+-])(\d\d):(\d\d))?")


class Zones:
    """How far the clocks of each zone are ahead of UTC."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, int]] = {}  # by zone: the quarter of an hour, and the minutes

    def offset_of(self, zone: str, now_ms: int) -> int | None:
        """The minutes at a time in ms; None if there is no such zone. One call a zone and quarter of an hour."""
        quarter = now_ms // _STEP_MS
        known = self._known.get(zone)
        if known is not None and known[0] == quarter:
            return known[1]
        try:
            minutes = _asked(zone, now_ms)
        except JsException:  # RangeError: an unknown zone
            return None
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[zone] = quarter, minutes
        return minutes


def _asked(zone: str, now_ms: int) -> int:
    """What the platform says: "11/30/2026, GMT+05:45", and "GMT" alone for none."""
    options = js_object({"timeZone": zone, "timeZoneName": "longOffset"})  # not kept: each takes many kilobytes
    found = _OFFSET.search(str(js.Intl.DateTimeFormat.new("en-US", options).format(now_ms)))
    sign, hours, minutes = ("+", 0, 0) if found is None or found[1] is None else found.groups()
    ahead = int(hours) * 60 + int(minutes)
    return -ahead if sign == "-" else ahead
