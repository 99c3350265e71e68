"""What is known of a table: when its rows go, and what the clean-up must know of each column of sealed texts.

registry.py has an entry for each table of a room.
"""

from collections.abc import Callable
from dataclasses import dataclass

from limits import PURGE_BATCH_ROWS
from sealing.keyring import Header


@dataclass(frozen=True)
class Resealed:
    """The texts move to the newest data key before their old one is deleted, so no row ever needs an old key."""

    find: str
    """Selects epoch, text and the `place` of rows. Parameters: a JSON array of epochs, how many rows, how many to skip.

    The order must be that of the primary key, so that skipping rows that do not open skips the same ones again.
    """
    update: str
    """Replaces one text. Parameters: the new epoch and text, the `place` of the row, and the old epoch.

    With the old epoch in its condition it leaves a row alone that got a newer text meanwhile.
    """
    at_once: int = PURGE_BATCH_ROWS
    """How many are sealed again in one run."""


@dataclass(frozen=True)
class HoldsKey:
    """The rows go soon, or before the messages that they are about. Their data keys stay until then, because sealing
    such a row again would not be worth it.
    """

    epochs: str
    """Selects the epochs of all stored rows."""


@dataclass(frozen=True)
class InOrder:
    """The texts are sealed in the order of `seq` and removed in that order, so the oldest message of each channel says
    which data keys are still needed. Sealing every message again would cost a written row for each.
    """


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed texts."""

    name: str
    epoch: str
    """The column with the epoch of the text's data key."""
    kind: str
    """The kind that its headers have."""
    header: Callable[..., Header]
    """Makes the header of a text from the values of `place`."""
    place: tuple[str, ...]
    """The columns that the header is made from. With `Resealed` they find the one row again."""
    key: Resealed | HoldsKey | InOrder
    """Why a data key may be deleted although rows of this column were sealed with it."""


@dataclass(frozen=True)
class Stays:
    """The rows stay when their member or channel is removed, for this reason."""

    reason: str


@dataclass(frozen=True)
class Entry:
    """A table of the room."""

    table: str
    goes: str
    """When its rows are removed."""
    with_member: str | Stays | None = None
    """The statement that removes the rows of a member who is removed; None if the rows belong to no member."""
    with_channel: str | Stays | None = None
    """The statement that removes the rows of a channel that is forgotten; None if they belong to no channel."""
    sealed: tuple[SealedColumn, ...] = ()
