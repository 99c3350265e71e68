"""What the Worker and the object of an address hand to a room with a request: built once, parsed once.

It travels in one header of a request that the Worker makes itself, so no client can set it.
"""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from access.guessing import Spent

HANDOVER = "X-Handover"
"""The header that holds it."""
FINDING = "X-Finding"
"""The header of an answer in which a room says what became of a login (`guessing.Finding`); no client sees it."""
SPEND = "https://address/spend"
"""The address at which the object of another network address is asked to remember an answer to a challenge."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What is known of a request besides what its sender wrote; logins and challenges have most of it."""

    request_id: str = ""
    address: str = ""
    """The network address that it comes from."""
    agent: str = ""
    """What the browser calls itself."""
    spent: tuple[Spent, ...] = ()
    """The answers to challenges that the Worker found right, and that are good once."""
    is_hard: bool = False
    """Whether the proof of work among them was a hard one."""
    needs_proof: bool = False
    """Whether the operator asks for a proof of work."""
    is_by_link: bool = False
    """Whether the login, or the look before it, carries the proof of a link."""
    home: str = ""
    """The name of the address's object, which will remember the answer to the challenge that is asked for."""
    is_suspect: bool = False
    """Whether that object wants the challenge to be a hard one."""

    def written(self) -> str:
        """As a header carries it: JSON without a character beyond ASCII."""
        written: dict[str, Any] = asdict(self) | {"spent": [each.written() for each in self.spent]}
        return json.dumps({name: value for name, value in written.items() if value})

    @classmethod
    def read(cls, text: str | None) -> "Handover":
        """What `written` made; an empty handover if there is no text.

        It may come from a neighbouring version of the code, as rooms get new code later than the Worker: what that
        version does not write has its default, and what only that version knows is left out.
        """
        given = json.loads(text or "{}")
        known = {field.name: given[field.name] for field in fields(cls) if field.name in given}
        return cls(**known | {"spent": tuple(map(Spent.read, known.get("spent", ())))})
