"""Private channels that become open, and open ones that become private.

Both go on in a new channel with the same name, and the former one is archived for those who see it. So nothing that was
said among some is ever shown to others, whatever was counted, found or quoted of it.
"""

from chat.changes import Outcome, Request, ack
from chat.directory import GENERAL, Directory
from chat.lanes import PRIVATE
from chat.managing import Managing
from chat.private import Private
from errors import Forbidden, Malformed
from wire.changes import CreateChannel, UpdateChannel


class Converting:
    """Converts channels."""

    def __init__(self, directory: Directory, managing: Managing, private: Private) -> None:
        self._directory = directory
        self._managing = managing
        self._private = private

    async def convert(self, request: Request, frame: UpdateChannel, *, now_ms: int) -> Outcome:
        """Go on in a channel of the wanted kind, with the request's fresh id.

        A private one has nobody in it at first but the member who asks.
        """
        author, kind = request.author, frame.changes["kind"]
        if len(frame.changes) > 1:
            raise Malformed("kind is changed by itself.")
        channel = await self._managing.managed(frame.id, author, only_retention=False)
        if channel.kind == kind:
            return Outcome([ack(frame.ref, self._directory.lane(channel.id).seq, channel=channel.id)])
        if channel.id == GENERAL:
            raise Forbidden("The room's first channel stays open.")
        successor = CreateChannel(frame.ref, channel.name, channel.topic, kind)
        create = self._private.create if kind == PRIVATE else self._managing.create_channel
        outcome = await create(request, successor, instead_of=channel.id, now_ms=now_ms)
        archiving = UpdateChannel(None, channel.id, {"archived": True})
        archived = await self._managing.update_channel(author, archiving, became=request.fresh_id, now_ms=now_ms)
        outcome.events += archived.events
        return outcome
