"""All tables of a room, each under the name of its subject.

A statement is a method of one of these: `store.messages.page_before(…)`. Only this package holds SQL.
"""

from collections.abc import Callable
from typing import TypeVar

from limits import AUDIT_KEPT_MS, CHANGES_KEPT_MS, PAST_DEVICE_MS
from storage.activity import ActivityTable
from storage.alerts import AlertTable
from storage.attempts import AttemptTable, ChallengeTable
from storage.audit import AuditTable
from storage.bans import BanTable
from storage.bots import BotTable
from storage.calls import CallTable
from storage.changes import ChangeTable
from storage.channels import ChannelTable
from storage.confirmations import ConfirmationTable
from storage.credentials import CredentialTable
from storage.data_keys import DataKeyTable
from storage.database import Bounded, Database
from storage.drafts import DraftTable
from storage.facts import FactTable
from storage.files import FileTable
from storage.former import FormerTable
from storage.former_names import FormerNameTable
from storage.importing import ImportTable
from storage.invites import InviteTable
from storage.lane_entries import WITH_MEMBERSHIP
from storage.lane_segments import LaneSegmentTable
from storage.lanes import LaneTables
from storage.members import LEFT, MemberTable
from storage.messages import MessageTable
from storage.notices import NoticeTable, NotifyChoiceTable
from storage.passkeys import PasskeyTable
from storage.pins import PinTable
from storage.positions import PositionTable
from storage.profiles import PictureTable, ProfileTable
from storage.quiet import QuietTable
from storage.reading import ReadingTable
from storage.recovery_codes import RecoveryCodeTable
from storage.registry import WITH_CHANNEL, WITH_MEMBER
from storage.replies import ReplyTable
from storage.saved import SavedTable
from storage.scheduled import ScheduledTable
from storage.sealed import SealedTexts
from storage.segments import SegmentTable
from storage.sessions import PastDeviceTable, SessionTable
from storage.stars import StarTable
from storage.subscriptions import SubscriptionTable

T = TypeVar("T")


class Store:
    """The room's tables, and what is removed from several of them."""

    def __init__(self, database: Database) -> None:
        self._database = bounded = Bounded(database)
        self._run = bounded.execute
        self.facts = FactTable(bounded)
        self.messages = MessageTable(bounded)
        self.former = FormerTable(bounded)
        self.importing = ImportTable(bounded)
        self.pins = PinTable(bounded)
        self.replies = ReplyTable(bounded)
        self.saved = SavedTable(bounded)
        self.scheduled = ScheduledTable(bounded)
        self.drafts = DraftTable(bounded)
        self.positions = PositionTable(bounded)
        self.files = FileTable(bounded)
        self.changes = ChangeTable(bounded)
        self.channels = ChannelTable(bounded)
        self.lanes = LaneTables(bounded)
        self.members = MemberTable(bounded)
        self.audit = AuditTable(bounded)
        self.bans = BanTable(bounded)
        self.bots = BotTable(bounded)
        self.calls = CallTable(bounded)
        self.sessions = SessionTable(bounded)
        self.past_devices = PastDeviceTable(bounded)
        self.alerts = AlertTable(bounded)
        self.reading = ReadingTable(bounded)
        self.activity = ActivityTable(bounded)
        self.subscriptions = SubscriptionTable(bounded)
        self.notify_choices = NotifyChoiceTable(bounded)
        self.stars = StarTable(bounded)
        self.notices = NoticeTable(bounded)
        self.credentials = CredentialTable(bounded)
        self.recovery_codes = RecoveryCodeTable(bounded)
        self.passkeys = PasskeyTable(bounded)
        self.profiles = ProfileTable(bounded)
        self.pictures = PictureTable(bounded)
        self.quiet = QuietTable(bounded)
        self.former_names = FormerNameTable(bounded)
        self.invites = InviteTable(bounded)
        self.attempts = AttemptTable(bounded)
        self.challenges = ChallengeTable(bounded)
        self.confirmations = ConfirmationTable(bounded)
        self.keys = DataKeyTable(bounded)
        self.segments = SegmentTable(bounded)
        self.sealed = SealedTexts(bounded)

    def transaction(self, work: Callable[[], T]) -> T:
        """Run `work`, and keep everything that it writes or nothing."""
        return self._database.transaction(work)

    def segments_of(self, lane: str) -> SegmentTable:
        """The segments of a lane; those of the open channels for ""."""
        return LaneSegmentTable(self._database, lane) if lane else self.segments

    # --- what goes together ---

    def delete_session(self, member: str, session: str) -> None:
        """Sign a device out; it gets no more notifications."""
        self._run("DELETE FROM sessions WHERE member = ? AND id = ?", member, session)
        self.subscriptions.delete(member, session)

    def retire_session(self, member: str, session: str, *, is_own: bool, at: int) -> None:
        """Sign a device out that keeps its cookie, and remember it for PAST_DEVICE_MS from `at`.

        Args:
            is_own: nobody signed it out; its time was over, or the password has changed.
        """
        self._run(
            "INSERT INTO past_devices (token_digest, member, expires_at, is_own)"
            " SELECT token_digest, member, ?, ? FROM sessions WHERE member = ? AND id = ?",
            at + PAST_DEVICE_MS,
            int(is_own),
            member,
            session,
        )
        self.delete_session(member, session)

    def remove_member(self, member: str, removed_at: int, went: str = LEFT) -> None:
        """Sign out a member's devices, free their name and give up their uploads; messages stay, with their files."""
        self._run(
            "UPDATE members SET removed_at = ?, role = CASE role WHEN 'bot' THEN role ELSE 'member' END,"
            " made_admin = 0, went = ? WHERE id = ?",
            removed_at,
            went,
            member,
        )
        self.files.give_up_uploads(member, removed_at)
        self.lanes.part_with(member)
        self._run_each(WITH_MEMBER, member)

    def replace_member(self, member: str, replaced_at: int) -> None:
        """As `remove_member`, and remember the member's devices, so that they learn that somebody else has the name."""
        for session in self.sessions.of(member):
            self.retire_session(member, session.id, is_own=False, at=replaced_at)
        self._run("UPDATE past_devices SET replaced_at = ? WHERE member = ?", replaced_at, member)
        self.remove_member(member, replaced_at)

    def forget_channel(self, channel: str) -> None:
        """Remove the last rows of a deleted channel whose messages are gone."""
        self._run_each(WITH_CHANNEL, channel)

    def leave_lane(self, member: str, lane: str) -> None:
        """Remove a member from a lane, with all that was noted for them there."""
        for statement in WITH_MEMBERSHIP:
            self._run(statement, member, lane)

    def delete_messages(self, channel: str, up_to_seq: int, up_to_position: int) -> None:
        """Remove a channel's messages up to one of them, for good, and remember how far that was."""
        self._run("DELETE FROM messages WHERE channel = ? AND seq <= ?", channel, up_to_seq)
        self._run("DELETE FROM activity WHERE channel = ? AND seq <= ?", channel, up_to_seq)
        self._run("DELETE FROM pins WHERE channel = ? AND seq <= ?", channel, up_to_seq)
        self._run("DELETE FROM replies WHERE channel = ? AND answered <= ?", channel, up_to_seq)
        self._run(
            "UPDATE channels SET purged_seq = ?, purged_position = ? WHERE id = ?", up_to_seq, up_to_position, channel
        )
        self.lanes.set_purged(channel, up_to_seq, up_to_position)

    def delete_expired(self, now_ms: int, attempts_before_ms: int) -> None:
        """Remove what has expired: challenges, waiting logins, failures, invites, cookies, acts, alerts, what failed.

        An alert goes when its member has no device left that shows it, and old activity when there is too much of it.
        """
        self._run("DELETE FROM used_challenges WHERE expires_at <= ?", now_ms)
        # A login that can no longer be used still counts, so that the clean-up gives nobody more codes to guess.
        self._run("DELETE FROM confirmations WHERE expires_at <= ? AND created_at <= ?", now_ms, attempts_before_ms)
        self._run(
            "DELETE FROM attempts WHERE window_started_at <= ? AND blocked_until <= ?", attempts_before_ms, now_ms
        )
        self.invites.delete_expired(now_ms)
        self._run("DELETE FROM past_devices WHERE expires_at <= ?", now_ms)
        self.audit.delete_until(now_ms - AUDIT_KEPT_MS)
        self.alerts.delete_unshown()
        self.activity.delete_oldest()
        self.scheduled.delete_failed(now_ms - CHANGES_KEPT_MS)

    def _run_each(self, statements: tuple[str, ...], owner: str) -> None:
        for statement in statements:
            self._run(statement, owner)
