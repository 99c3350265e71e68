"""Private channels that become open, and open ones that become private.

Both go on in a new channel with the same name, and the former one is archived for those who see it. So nothing that was
said among some is ever shown to others, whatever was counted, found or quoted of it.
"""

from collections.abc import Sequence
from dataclasses import replace

from chat.audience import Audience
from chat.audit import Audit, Noted, named
from chat.changes import Author, Event, Outcome, Request, ack
from chat.directory import GENERAL, Channel, Directory
from chat.lanes import PRIVATE
from chat.ledger import Ledger
from chat.managing import Managing
from chat.private import Private
from errors import Archived, Forbidden, Malformed
from sealing.keyring import Sealed
from wire.changes import CreateChannel, UpdateChannel


class Converting:
    """Converts channels."""

    def __init__(
        self,
        directory: Directory,
        audience: Audience,
        ledger: Ledger,
        managing: Managing,
        private: Private,
        audit: Audit,
    ) -> None:
        self._directory = directory
        self._audience = audience
        self._ledger = ledger
        self._managing = managing
        self._private = private
        self._audit = audit

    async def convert(self, request: Request, frame: UpdateChannel, *, now_ms: int) -> Outcome:
        """Go on in a channel of the wanted kind, with the request's fresh id: both is stored together, or nothing.

        A private one has nobody in it at first but the member who asks. A repetition changes nothing.
        """
        author, kind = request.author, frame.changes["kind"]
        if len(frame.changes) > 1:
            raise Malformed("kind is changed by itself.")
        channel = await self._managing.managed(frame.id, author, only_retention=False)
        if channel.kind != kind and channel.became:
            channel = self._successor(channel, author)
        if channel.kind == kind:
            return Outcome([ack(frame.ref, self._directory.lane(channel.id).seq, channel=channel.id)])
        if channel.id == GENERAL:
            raise Forbidden("The room's first channel stays open.")
        successor = CreateChannel(frame.ref, channel.name, channel.topic, kind)
        former = replace(channel, archived=True, became=request.fresh_id)
        convert = self._to_private if kind == PRIVATE else self._to_open
        about = {"channel": named(channel), "to": kind}
        noted = await self._audit.by_admin(author, "channel.convert", **about, now_ms=now_ms)
        events = await convert(request, successor, former, noted, now_ms)
        self._directory.put(former)
        return Outcome([ack(frame.ref, self._directory.lane(former.became).seq, channel=former.became)], events)

    def _successor(self, channel: Channel, author: Author) -> Channel:
        """The channel that this one became, if the member sees it; one that was archived once becomes no second one."""
        seen = {each.id: each for each in self._audience.all_of(author.member)}
        if channel.became not in seen:
            raise Archived("This channel went on in another one.")
        return seen[channel.became]

    async def _to_open(
        self, request: Request, frame: CreateChannel, former: Channel, noted: Noted, now_ms: int
    ) -> list[Event]:
        channel = self._managing.drafted(request, frame, instead_of=former.id, now_ms=now_ms)
        author = request.author
        entries = [self._managing.entry(channel, author, noted), self._managing.entry(former, author)]
        events = await self._ledger.record_together(entries, now_ms=now_ms)
        self._directory.put(channel)
        return events

    async def _to_private(
        self, request: Request, frame: CreateChannel, former: Channel, noted: Noted, now_ms: int
    ) -> list[Event]:
        channel, members = self._private.drafted(request, frame, instead_of=former.id, now_ms=now_ms)
        archiving = self._managing.entry(former, request.author, noted)

        def write(seq: int, sealed: Sequence[Sealed]) -> None:
            archiving.write(seq, sealed[1:])
            self._private.store(channel, members, sealed[0])

        seal = [(channel.plaintext(), channel.header()), *archiving.seal]
        events = await self._ledger.record_together([replace(archiving, seal=seal, write=write)], now_ms=now_ms)
        return [*self._private.shown(self._private.known(channel, members)), *events]
