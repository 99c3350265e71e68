"""Files on their way to a message: reserved, uploaded, and then part of it or given up.

The bytes go from the browser to their place without coming here. The room knows who may upload what, how much it takes,
and whether it is all there when the message comes.
"""

from collections.abc import Sequence

from chat.audience import Audience
from chat.conversation import Conversation
from errors import Forbidden, Internal, LimitReached, Malformed, NotFound
from files.forms import Wanted
from files.layout import is_complete, part_count, sealed_bytes
from files.quota import Quota
from files.store import Places
from limits import MAX_UPLOADS_PER_MEMBER, RESERVATION_STEP_MS, STORE_RETRY_SECONDS
from storage.files import GONE, RESERVED, SENT, StoredFile
from storage.store import Store
from wire.files import File, WithFiles


class Uploads:
    """Reserves and gives up files, and says whether those of a message are there."""

    def __init__(self, store: Store, audience: Audience, places: Places, quota: Quota) -> None:
        self._store = store
        self._audience = audience
        self._places = places
        self._quota = quota

    def reserve(self, member: str, wanted: Wanted, *, now_ms: int) -> StoredFile:
        """Let a member upload a file, or go on with it: a repetition changes nothing but when it was last asked for.

        Raises:
            NotFound, Archived: the channel.
            Malformed: somebody has used the id for something else.
            LimitReached: the room has no space left, or the member is uploading too much.
        """
        self._audience.open_channel(member, wanted.channel)
        known = self._store.files.get([wanted.id]).get(wanted.id)
        if known is not None:
            return self._again(known, member, wanted, now_ms)
        if self._store.files.reserved_by(member) >= MAX_UPLOADS_PER_MEMBER:
            raise LimitReached("You are uploading too much at once.")
        self._quota.check(wanted.size + wanted.thumb)
        place = self._places.newest
        parts = part_count(wanted.size, place)
        file = StoredFile(
            RESERVED, wanted.id, member, wanted.channel, wanted.size, wanted.thumb, parts, place, created_at=now_ms
        )
        self._store.files.reserve(file)
        self._quota.add(wanted.size + wanted.thumb)
        return file

    def _again(self, known: StoredFile, member: str, wanted: Wanted, now_ms: int) -> StoredFile:
        is_same = (known.member, known.channel, known.bytes, known.thumb) == (
            member,
            wanted.channel,
            wanted.size,
            wanted.thumb,
        )
        if not is_same or known.state != RESERVED:
            raise Malformed("id: this id is taken.")
        if now_ms - known.created_at > RESERVATION_STEP_MS:
            self._store.files.renew(known.id, now_ms)
        return known

    async def cancel(self, member: str, file: str, conversation: Conversation, *, now_ms: int) -> None:
        """Give up an upload; a repetition changes nothing.

        In the writer's turn, so that no message takes the file meanwhile.

        Raises:
            NotFound: the member has reserved no such file.
            Forbidden: a message has it already.
        """

        def give_up() -> None:
            known = self._store.files.get([file]).get(file)
            if known is None or known.member != member:
                raise NotFound("You are uploading no such file.")
            if known.state == SENT:
                raise Forbidden("The file is part of a message: delete that.")
            if known.state != GONE:
                self._store.files.give_up([file], now_ms)

        await conversation.in_turn(give_up)

    # --- when the message comes ---

    def check(self, files: Sequence[File], author: str, channel: str) -> None:
        """As `chat.attachments.Attachments.check`."""
        self._checked(files, author, channel)

    async def require_complete(self, frame: WithFiles, author: str) -> None:
        """Refuse a new message if its files are not all there. A message that was stored before needs no files.

        Raises:
            NotFound, Archived: the channel.
            Malformed: a file is not the author's, not for this channel, of another size, or not complete.
            Internal: a place of files does not answer now.
        """
        if self._store.messages.get(frame.id, self._audience.lane(author, frame.channel).id) is not None:
            return
        self._audience.open_channel(author, frame.channel)
        reserved = self._checked(frame.files, author, frame.channel)
        for place in {file.place for file in reserved}:
            here = [file for file in reserved if file.place == place]
            try:
                stored = await self._places.of(place).sizes([file.id for file in here])
            except OSError as error:
                raise Internal(retry_after=STORE_RETRY_SECONDS) from error
            for file in here:
                if not is_complete(stored.get(file.id, {}), file.bytes, file.thumb, place):
                    raise Malformed(f"files: {file.id} is not complete.")

    def _checked(self, files: Sequence[File], author: str, channel: str) -> list[StoredFile]:
        reserved = self._store.files.get([file.id for file in files])
        for file in files:
            known = reserved.get(file.id)
            if known is None or (known.state, known.member, known.channel) != (RESERVED, author, channel):
                raise Malformed(f"files: {file.id} is not reserved by you for a new message in this channel.")
            thumb = 0 if file.thumb is None else sealed_bytes(file.thumb)
            if (known.bytes, known.thumb) != (sealed_bytes(file.size), thumb):
                raise Malformed(f"files: {file.id} was reserved with another size.")
        return [reserved[file.id] for file in files]
