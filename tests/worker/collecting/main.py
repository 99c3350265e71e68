"""The chat itself, with a collector that has something to do all the time, and an address that says what it did.

For tests/worker/test_collector.py, which puts it into a folder together with copies of the chat's modules; never
deployed.
"""

import gc
import json
from typing import Any

import entry
from workerd import collector, exchange

gc.set_threshold(20)
vars(collector)["YOUNG_OBJECTS"] = 20

Files = entry.Files
Guesses = entry.Guesses
Room = entry.Room


class Default(entry.Default):
    """The Worker with one address more."""

    async def fetch(self, request: Any) -> Any:
        """Say how often the collector ran, and whether it runs by itself."""
        if not str(request.url).endswith("/test-collector"):
            return await super().fetch(request)
        told = {"runs": sum(each["collections"] for each in gc.get_stats()), "by_itself": gc.isenabled()}
        return exchange.response(200, {}, json.dumps(told))
