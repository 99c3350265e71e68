"""All tables of a room: when their rows go, and what the clean-up must know of each column of sealed texts.

The clean-up deletes data keys, and a text whose data key is gone never opens again. So `upkeep/resealing.py` goes
through this table before it deletes any, and `Store` goes through it when a member or a channel is removed. A migration
that adds a table or a sealed column adds its entry here; tests/storage/test_registry.py compares the two.
"""

from storage.activity_entries import ACTIVITY_ENTRIES
from storage.admin_entries import ADMIN_ENTRIES
from storage.draft_entries import DRAFT_ENTRIES
from storage.entries import Entry, HoldsKey, InOrder, Resealed, SealedColumn, Stays
from storage.headers import (
    agent_header,
    change_header,
    channel_header,
    confirmation_header,
    device_header,
    former_header,
    invite_header,
    member_header,
    passkey_header,
    reactions_header,
    segment_header,
    text_header,
    votes_header,
    webhook_header,
)
from storage.kept_entries import KEPT_ENTRIES
from storage.lane_entries import LANE_ENTRIES
from storage.profile_entries import PROFILE_ENTRIES
from storage.reply_entries import REPLY_ENTRIES
from storage.scheduled_entries import SCHEDULED_ENTRIES

_OF_MESSAGE = ("channel", "author", "id", "seq", "sent_at")

REGISTRY: tuple[Entry, ...] = (
    Entry("room_facts", goes="never: a few single values"),
    Entry(
        "messages",
        goes="after the days that their channel keeps messages, or in batches once their channel is deleted",
        with_member=Stays("what somebody wrote stays until its own time is over"),
        with_channel=Stays("a channel is forgotten only after its last message is gone"),
        sealed=(
            SealedColumn("sealed", "epoch", "message", text_header, _OF_MESSAGE, InOrder()),
            SealedColumn("reactions", "reactions_epoch", "reactions", reactions_header, _OF_MESSAGE, InOrder()),
            SealedColumn("former", "former_epoch", "former", former_header, _OF_MESSAGE, InOrder()),
            SealedColumn("votes", "votes_epoch", "votes", votes_header, _OF_MESSAGE, InOrder()),
        ),
    ),
    Entry(
        "changes",
        goes="after CHANGES_KEPT_MS",
        with_member=Stays("a browser that was away is sent the event whoever made it"),
        with_channel=Stays("a browser that was away must learn that the channel was deleted"),
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "change",
                change_header,
                ("seq", "channel", "author"),
                Resealed(
                    find="SELECT epoch, sealed, seq, channel, author FROM changes"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ? OFFSET ?",
                    update="UPDATE changes SET epoch = ?, sealed = ?"
                    " WHERE seq = ? AND channel = ? AND author = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "channels",
        goes="once the channel is deleted and its last message is gone",
        with_member=Stays("a channel outlives the member who created it"),
        with_channel="DELETE FROM channels WHERE id = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "channel",
                channel_header,
                ("id", "created_by"),
                Resealed(
                    find="SELECT epoch, sealed, id, created_by FROM channels"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ? OFFSET ?",
                    update="UPDATE channels SET epoch = ?, sealed = ? WHERE id = ? AND created_by = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "members",
        goes="once the member is removed and nothing in the room names them",
        with_member=Stays("what the member wrote still needs the name"),
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "member",
                member_header,
                ("id",),
                Resealed(
                    find="SELECT epoch, sealed, id FROM members"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ? OFFSET ?",
                    update="UPDATE members SET epoch = ?, sealed = ? WHERE id = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "sessions",
        goes="when the device signs out or its session is over",
        with_member="DELETE FROM sessions WHERE member = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "agent",
                agent_header,
                ("member", "id"),
                Resealed(
                    find="SELECT epoch, sealed, member, id FROM sessions"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY token_digest LIMIT ? OFFSET ?",
                    update="UPDATE sessions SET epoch = ?, sealed = ? WHERE member = ? AND id = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "read_positions",
        goes="with their member or channel",
        with_member="DELETE FROM read_positions WHERE member = ?",
        with_channel="DELETE FROM read_positions WHERE channel = ?",
    ),
    Entry("credentials", goes="when the operator sets another password"),
    Entry("attempts", goes="when no wait and no attack needs the count"),
    Entry("used_challenges", goes="when the challenge would have expired"),
    Entry(
        "confirmations",
        goes="when the login is settled, or an hour after it began to wait",
        with_member="DELETE FROM confirmations WHERE member = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "agent",
                confirmation_header,
                ("id",),
                HoldsKey(epochs="SELECT DISTINCT epoch FROM confirmations"),
            ),
        ),
    ),
    Entry("data_keys", goes="when no row needs the key"),
    Entry(
        "push_subscriptions",
        goes="with their session, or when the push service no longer knows the address",
        with_member="DELETE FROM push_subscriptions WHERE member = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "push",
                device_header,
                ("member", "session"),
                Resealed(
                    find="SELECT epoch, sealed, member, session FROM push_subscriptions"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY member, session LIMIT ? OFFSET ?",
                    update="UPDATE push_subscriptions SET epoch = ?, sealed = ?"
                    " WHERE member = ? AND session = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "notify_choices",
        goes="when the member goes back to the default, and with their member or channel",
        with_member="DELETE FROM notify_choices WHERE member = ?",
        with_channel="DELETE FROM notify_choices WHERE channel = ?",
    ),
    Entry(
        "stars",
        goes="when the member takes the star away, and with their member or channel",
        with_member="DELETE FROM stars WHERE member = ?",
        with_channel="DELETE FROM stars WHERE channel = ?",
    ),
    Entry(
        "notices",
        goes="when the member was notified",
        with_member="DELETE FROM notices WHERE member = ?",
        with_channel="DELETE FROM notices WHERE channel = ?",
    ),
    Entry(
        "bots",
        goes="when an admin revokes them",
        with_member="DELETE FROM bots WHERE id = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "webhook",
                webhook_header,
                ("id",),
                Resealed(
                    find="SELECT epoch, sealed, id FROM bots"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ? OFFSET ?",
                    update="UPDATE bots SET epoch = ?, sealed = ? WHERE id = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "calls",
        goes="when the bot's webhook has taken it, or was given up",
        with_member="DELETE FROM calls WHERE member = ?",
        with_channel="DELETE FROM calls WHERE channel = ?",
    ),
    Entry("alerts", goes="when the member has seen them", with_member="DELETE FROM alerts WHERE member = ?"),
    Entry(
        "recovery_codes",
        goes="when an admin lets another device in under the name",
        with_member="DELETE FROM recovery_codes WHERE member = ?",
    ),
    Entry(
        "passkeys",
        goes="when the member removes them, or an admin lets another device in under the name",
        with_member="DELETE FROM passkeys WHERE member = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "passkey",
                passkey_header,
                ("member", "id"),
                Resealed(
                    find="SELECT epoch, sealed, member, id FROM passkeys"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ? OFFSET ?",
                    update="UPDATE passkeys SET epoch = ?, sealed = ? WHERE member = ? AND id = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "invites",
        goes="when they are revoked or their time is over",
        with_member="DELETE FROM invites WHERE member = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "invite",
                invite_header,
                ("member", "id"),
                Resealed(
                    find="SELECT epoch, sealed, member, id FROM invites"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY digest LIMIT ? OFFSET ?",
                    update="UPDATE invites SET epoch = ?, sealed = ? WHERE member = ? AND id = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry("invite_uses", goes="with their invite", with_member=Stays("a use counts whether or not the member stays")),
    Entry(
        "files",
        goes="when the bytes were removed: with their message, or when the upload is given up",
        with_member=Stays("files stay with their messages; Store.remove_member gives up what was only reserved"),
        with_channel=Stays("the clean-up gives up what is left, and a row stays until the bytes were removed"),
    ),
    Entry(
        "past_devices",
        goes="after PAST_DEVICE_MS",
        with_member=Stays("the browser must still learn that somebody else has the name now"),
    ),
    Entry(
        "segments",
        goes="with the last of its messages, or when it must be made anew",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "segment",
                segment_header,
                ("after_seq", "up_to_seq"),
                HoldsKey(epochs="SELECT DISTINCT epoch FROM segments"),
            ),
        ),
    ),
    *LANE_ENTRIES,
    *KEPT_ENTRIES,
    *REPLY_ENTRIES,
    *PROFILE_ENTRIES,
    *ADMIN_ENTRIES,
    *ACTIVITY_ENTRIES,
    *SCHEDULED_ENTRIES,
    *DRAFT_ENTRIES,
)

WITH_MEMBER = tuple(entry.with_member for entry in REGISTRY if isinstance(entry.with_member, str))
WITH_CHANNEL = tuple(entry.with_channel for entry in REGISTRY if isinstance(entry.with_channel, str))
SEALED_COLUMNS = tuple(column for entry in REGISTRY for column in entry.sealed)
