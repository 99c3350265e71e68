"""What creators and admins do: manage channels and members."""

from collections.abc import Sequence
from dataclasses import replace

from chat.audience import Audience
from chat.audit import Audit, Noted, changed, named, nothing
from chat.changes import Author, Outcome, Request, ack, require_admin
from chat.directory import GENERAL, Channel, Directory
from chat.lane_loading import Lanes
from chat.lanes import DIRECT, OPEN, PRIVATE
from chat.ledger import Entry, Ledger, Write
from errors import Forbidden, LimitReached
from limits import MAX_CHANNELS
from sealing.keyring import Sealed
from storage.lanes import LaneRow
from storage.members import REMOVED
from storage.store import Store
from wire.changes import CreateChannel, DeleteChannel, RemoveMember, UpdateChannel


class Managing:
    """Manages channels and members."""

    def __init__(
        self, store: Store, directory: Directory, audience: Audience, lanes: Lanes, ledger: Ledger, audit: Audit
    ) -> None:
        self._store = store
        self._lanes = lanes
        self._directory = directory
        self._audience = audience
        self._ledger = ledger
        self._audit = audit

    # --- channels ---

    async def create_channel(self, request: Request, frame: CreateChannel, *, now_ms: int) -> Outcome:
        """Make a channel with the request's fresh id; any member may."""
        channel = self.drafted(request, frame, now_ms=now_ms)
        noted = await self._audit.by_admin(request.author, "channel.create", channel=named(channel), now_ms=now_ms)
        return await self._put_channel(frame.ref, channel, request.author, noted, now_ms)

    def drafted(self, request: Request, frame: CreateChannel, *, instead_of: str | None = None, now_ms: int) -> Channel:
        """A channel that may be made.

        Args:
            instead_of: the channel whose name it takes over.
        """
        if len(self._directory.present_channels()) >= MAX_CHANNELS:
            raise LimitReached(f"A room has at most {MAX_CHANNELS} channels.")
        author = request.author.member
        self._audience.require_new_name(author, frame.name, other_than=instead_of)
        return Channel(request.fresh_id, frame.name, frame.topic, author, now_ms)

    async def update_channel(self, author: Author, frame: UpdateChannel, *, now_ms: int) -> Outcome:
        """Change the named fields of a channel; unchanged ones are neither stored nor announced."""
        channel = await self.managed(frame.id, author, only_retention=frame.changes.keys() == {"retention_days"})
        if "retention_days" in frame.changes and not author.is_admin:
            raise Forbidden("Only an admin may change how long messages are kept.")
        if frame.changes.get("name", channel.name) != channel.name:
            self._audience.require_new_name(
                author.member, frame.changes["name"], kind=channel.kind, other_than=channel.id
            )
        updated = replace(channel, **frame.changes)
        if updated == channel:
            return Outcome([self._ack(frame.ref, channel, author)])
        if not updated.archived:
            updated.became = ""
        noted = await self._noted_update(channel, updated, author, now_ms)
        return await self._put_channel(frame.ref, updated, author, noted, now_ms)

    async def _noted_update(self, channel: Channel, updated: Channel, author: Author, now_ms: int) -> Noted:
        """Of a private channel only what any admin may change: the rest is the business of those who are in it."""
        fields = ("name", "topic", "archived", "retention_days") if channel.kind == OPEN else ("retention_days",)
        changes = changed(channel, updated, *fields)
        if not changes:
            return nothing
        about = {"channel": named(channel), "changes": changes}
        return await self._audit.by_admin(author, "channel.update", **about, now_ms=now_ms)

    async def delete_channel(self, author: Author, frame: DeleteChannel, *, now_ms: int) -> Outcome:
        """Delete a channel with its messages."""
        channel = await self.managed(frame.id, author)
        if channel.id == GENERAL:
            raise Forbidden("The room's first channel stays.")
        if channel.kind == OPEN:
            self._require_own_words(channel, author)
        deleted = replace(channel, deleted_at=now_ms)
        noted = await self._audit.by_admin(author, "channel.delete", channel=named(channel), now_ms=now_ms)
        outcome = await self._ledger.enter(
            frame.ref,
            {"kind": "channel_deleted", "channel": channel.id, "by": author.member},
            author,
            now_ms=now_ms,
            names=channel.id,
            seal=[(deleted.plaintext(), deleted.header())],
            write=self._storing(deleted, noted),
        )
        outcome.answers = [self._ack(frame.ref, deleted, author)]
        self._directory.put(deleted)
        outcome.recount = self._store.activity.members_in(channel.id)
        _note_clean_up(outcome, deleted)
        return outcome

    async def _put_channel(
        self, ref: str | None, channel: Channel, author: Author, noted: Noted, now_ms: int
    ) -> Outcome:
        events = await self._ledger.record_together([self.entry(channel, author, noted)], now_ms=now_ms)
        self._directory.put(channel)
        outcome = Outcome([self._ack(ref, channel, author)], events)
        if channel.retention_days is not None:
            _note_clean_up(outcome, channel)
        return outcome

    def entry(self, channel: Channel, author: Author, noted: Noted = nothing) -> Entry:
        """The event that says how a channel is from now on, and what stores that and notes it."""
        event = {"kind": "channel", "channel": self._directory.public(channel), "by": author.member}
        return Entry(
            event | {"became": channel.became} if channel.became else event,
            author.member,
            self._storing(channel, noted),
            channel.id,
            [(channel.plaintext(), channel.header())],
        )

    def _ack(self, ref: str | None, channel: Channel, author: Author) -> str:
        """The answer with the newest `seq`. That of a private channel tells nothing to an admin who is not in it."""
        seq = self._directory.lane(channel.id).seq if self._audience.may_see(author.member, channel.id) else 0
        return ack(ref, seq, channel=channel.id)

    def _storing(self, channel: Channel, noted: Noted) -> Write:
        def write(_: int, sealed: Sequence[Sealed]) -> None:
            self._store_channel(channel, sealed[0])
            noted()

        return write

    def _store_channel(self, channel: Channel, sealed: Sealed) -> None:
        if channel.kind == OPEN:
            self._store.channels.put(channel.row(sealed))
        else:
            lane = self._directory.lane(channel.id)
            self._store.lanes.put(LaneRow(channel.kind, channel.row(sealed), lane.forgotten_seq))

    async def managed(self, channel_id: str, author: Author, *, only_retention: bool = True) -> Channel:
        """The one door to managing a channel (name, topic, archive).

        Of an open channel its creator and the admins may, of a private one its keepers. An admin who is not in a
        private channel may delete it and change how long messages are kept.
        """
        if author.is_admin and only_retention and channel_id not in self._directory.channels:
            await self._lanes.load([channel_id])
            lane = self._directory.lane(channel_id)
            if lane.kind == PRIVATE:
                return self._directory.channel(channel_id)
        channel = self._audience.channel(author.member, channel_id)
        if channel.kind != OPEN:
            if channel.kind == DIRECT or author.member not in self._directory.keepers(self._directory.lane(channel_id)):
                raise Forbidden("Only a keeper of a private channel may do this.")
            return channel
        if channel.created_by != author.member and not author.is_admin:
            raise Forbidden("Only the channel's creator or an admin may do this.")
        return channel

    def _require_own_words(self, channel: Channel, author: Author) -> None:
        """Refuse to delete others' messages with a channel: only admins may, even though its creator manages it."""
        if not author.is_admin and self._store.positions.has_others(channel.id, channel.created_by):
            raise Forbidden("Others have written in this channel: only an admin may delete it.")

    # --- members ---

    async def remove_member(self, author: Author, frame: RemoveMember, *, now_ms: int) -> Outcome:
        """End a membership with its sessions, and ban the member if the frame says so."""
        require_admin(author)
        member = self._directory.member(frame.id)
        if member.id == author.member:
            raise Forbidden("To leave, sign out on your devices.")
        about = {"member": self._audit.member(member.id), "ban": frame.ban}
        noted = await self._audit.by_admin(author, "member.remove", **about, now_ms=now_ms)

        def remove(*_: object) -> None:
            if frame.ban:
                self._store.bans.put(member.id, now_ms)
            self._store.remove_member(member.id, now_ms, REMOVED)
            noted()

        event = {"kind": "member_removed", "member": member.id, "by": author.member}
        outcome = await self._ledger.enter(frame.ref, event, author, now_ms=now_ms, write=remove)
        member.leave(now_ms, REMOVED)
        outcome.removed_members = [member.id]
        outcome.gives_up_files = self._store.files.has_gone()
        return outcome


def _note_clean_up(outcome: Outcome, channel: Channel) -> None:
    outcome.clean_up_is_due, outcome.hidden_clean_up_is_due = channel.kind == OPEN, channel.kind != OPEN
