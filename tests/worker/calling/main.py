"""The chat itself, but one public name leads to the tests' own receiver on this machine.

The chat refuses every address that is not `https:` with a public name, and has no setting to allow one. So this stands
between the check and the request. For tests/worker/test_webhooks.py, which puts it into a folder together with copies
of the chat's modules; never deployed.
"""

from dataclasses import replace

import entry
import room
from bots.outgoing import Answered, Request
from workerd import exchange

NAME = "https://receiver.example.com"
RECEIVER = "http://127.0.0.1:1"  # the test writes the port here


async def post(request: Request) -> Answered:
    """As `exchange.post_webhook`, to the receiver of the tests."""
    return await exchange.post_webhook(replace(request, url=request.url.replace(NAME, RECEIVER)))


vars(room)["post_webhook"] = post

Default = entry.Default
Files = entry.Files
Guesses = entry.Guesses
Room = entry.Room
