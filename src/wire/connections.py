"""What a room remembers of a socket: its member, and how it has behaved since the object woke."""

import json
from dataclasses import dataclass

from encoding import compact_json
from limits import (
    HELLO_WITHIN_SECONDS,
    MALFORMED_WINDOW_MS,
    MAX_MALFORMED_FRAMES,
    SILENT_READER_BYTES,
    SLOW_READER_BYTES,
    SOCKET_ALIVE_STEP_MS,
    SOCKET_MUTE_MS,
    SOCKET_SILENT_MS,
)

BOT_SESSION = "bot."
"""The session of a bot's socket begins so, which no device's does."""


@dataclass(slots=True)
class Connection:
    """One socket. The first ten fields are in its attachment and survive hibernation; the others start again."""

    id: str
    member: str
    session: str
    expires_at: int
    """When the session ends at the latest. Checked for every frame, and by the alarm for sockets that only listen."""
    is_ready: bool = False
    is_visible: bool = True
    wants_acks: bool = True
    """Whether new messages are acknowledged besides their event."""
    alive_at: int = 0
    """The last sign of life besides pings: it opened or sent a frame. Exact to SOCKET_ALIVE_STEP_MS."""
    takes_lanes: bool = False
    """Whether it gets what happens in private channels and conversations."""
    is_gone: bool = False
    """We have closed it, or it has closed. It belongs to no member now, whatever its client still sends."""
    malformed: int = 0
    malformed_since: int = 0
    refusals: int = 0
    dropped: int = 0
    """How many frames came after the room had closed it."""
    pinged_at: int | None = None
    alive_at_bytes: int | None = None
    answered_bytes: int = 0
    """Bytes of answers to this socket alone since it last showed that it reads."""

    @property
    def is_bot(self) -> bool:
        """Whether a bot has opened it, with its token."""
        return self.session.startswith(BOT_SESSION)

    def attachment(self) -> str:
        """The text kept with the socket, far below the platform's 16,384 bytes."""
        flags = [int(flag) for flag in (self.is_ready, self.is_visible, self.wants_acks)]
        flags += [1] if self.takes_lanes else []  # a socket that takes none has the attachment of before
        return compact_json(
            [self.id, self.member, self.session, self.expires_at, *flags, self.alive_at, int(self.is_gone)]
        )

    @classmethod
    def from_attachment(cls, text: str) -> "Connection":
        """The connection of a socket that this object sees for the first time since it woke."""
        connection_id, member, session, expires_at, *flags, alive_at, is_gone = json.loads(text)
        is_ready, is_visible, wants_acks, *takes_lanes = map(bool, flags)
        return cls(
            connection_id,
            member,
            session,
            expires_at,
            is_ready,
            is_visible,
            wants_acks,
            alive_at,
            bool(takes_lanes),
            bool(is_gone),
        )

    def shows_life(self, now_ms: int) -> bool:
        """Note that the client sent something; returns whether that has to be stored."""
        if 0 <= now_ms - self.alive_at < SOCKET_ALIVE_STEP_MS:  # negative if the clock was set back
            return False
        self.alive_at = now_ms
        return True

    def is_silent(self, pinged_at: int | None, now_ms: int) -> bool:
        """Whether the client was silent for so long that it must be gone."""
        return now_ms > self.dead_at(pinged_at)

    def dead_at(self, pinged_at: int | None) -> int:
        """The time until which the client counts as here if it sends nothing more.

        Args:
            pinged_at: when the runtime last answered its ping; None if it never pinged.
        """
        if not self.is_ready:
            return self.alive_at + HELLO_WITHIN_SECONDS * 1_000
        return self.heard_at(pinged_at) + (SOCKET_MUTE_MS if pinged_at is None else SOCKET_SILENT_MS)

    def heard_at(self, pinged_at: int | None) -> int:
        """When the client last sent anything."""
        return max(self.alive_at, pinged_at or 0)

    def is_broken(self, now_ms: int) -> bool:
        """Count a damaged frame; returns whether so many came in a short time that the program must be broken."""
        if not 0 <= now_ms - self.malformed_since < MALFORMED_WINDOW_MS:  # negative if the clock was set back
            self.malformed, self.malformed_since = 0, now_ms
        self.malformed += 1
        return self.malformed >= MAX_MALFORMED_FRAMES

    def is_slow(self, pinged_at: int | None, sent_bytes: int) -> bool:
        """Whether too much was sent since the socket last showed that it reads.

        The runtime answers a `ping` on the same line as everything else. So a socket that does not read gets no answer,
        and the time of its last one stands still. A program that never pings may have more, because it need not ping.

        Args:
            pinged_at: when the runtime last answered its ping; None if it never pinged.
            sent_bytes: how much was sent to every socket of the room so far.
        """
        if pinged_at != self.pinged_at:
            self.pinged_at, self.alive_at_bytes, self.answered_bytes = pinged_at, None, 0
        if self.alive_at_bytes is None:
            self.alive_at_bytes = sent_bytes
        limit = SILENT_READER_BYTES if pinged_at is None else SLOW_READER_BYTES
        return sent_bytes - self.alive_at_bytes > limit or self.answered_bytes > limit
