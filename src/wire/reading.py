"""Frames from clients: text in, checked dataclass out (docs/protocol.md, "Socket").

`parse` is the one place where a text from outside becomes trusted in shape. It knows nothing of rooms, members or
rights, and raises only refusals (ChatError), whatever the bytes are.
"""

from collections.abc import Callable, Mapping

from encoding import is_text, json_object
from errors import ChatError, Malformed, UnknownType
from limits import MAX_FRAME_BYTES, MAX_REF_CHARACTERS
from wire.changes import CHANGES, Change
from wire.fields import Fields
from wire.questions import QUESTIONS, Question

Frame = Change | Question

_READERS: Mapping[str, Callable[[Fields], Frame]] = {**CHANGES, **QUESTIONS}
FRAME_TYPES = tuple(_READERS)


def parse(text: str) -> Frame:
    """The frame that a client sent.

    Raises:
        Malformed, UnknownType, TooLarge: with a `detail` that helps a programmer. `ref_of` finds the text that the
            refusal repeats.
    """
    given = json_object(text, "The frame")
    kind = given.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise UnknownType("There is no such frame type.") if isinstance(kind, str) else Malformed("type is missing.")
    return reader(given)


def ref_of(text: str) -> str | None:
    """The text that a refusal of this unreadable frame repeats: its `ref`, or a message's `id`, if that is readable."""
    try:
        given = json_object(text, "The frame")
    except ChatError:
        return None
    ref = given.get("id") if given.get("type") == "send" else given.get("ref")
    return ref if isinstance(ref, str) and len(ref) <= MAX_REF_CHARACTERS and is_text(ref) else None


def is_too_large(text: str) -> bool:
    """Whether a frame is over MAX_FRAME_BYTES in UTF-8; fast for the usual short frame."""
    return len(text) * 4 > MAX_FRAME_BYTES and len(text.encode("utf-8", "replace")) > MAX_FRAME_BYTES
