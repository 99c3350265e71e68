"""The frames about what a member has begun to write. docs/protocol.md, "Drafts", describes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wire import fields
from wire.fields import Fields


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """What the member has begun to write in a channel; "" for nothing any more."""

    ref: str | None
    channel: str
    body: str

    @classmethod
    def _read(cls, given: Fields) -> "KeepDraft":
        return cls(fields.ref(given), fields.identifier(given, "channel"), fields.caption(given))


@dataclass(frozen=True, slots=True)
class ListDrafts:
    """What the member has begun, in all channels."""

    ref: str | None

    @classmethod
    def _read(cls, given: Fields) -> "ListDrafts":
        return cls(fields.ref(given))


DraftQuestion = KeepDraft | ListDrafts

DRAFT_QUESTIONS: Mapping[str, Callable[[Fields], DraftQuestion]] = {
    "draft": KeepDraft._read,
    "drafts": ListDrafts._read,
}
"""The function that reads the frames of each `type`."""
