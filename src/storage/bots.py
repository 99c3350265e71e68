"""Bots and hooks: what a program may do in the room. Their names are those of their members."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sealing.keyring import Sealed
from storage.database import Row, Table


@dataclass(frozen=True, slots=True)
class Bot:
    """A member that is a program; `id` is the member's."""

    id: str
    kind: str
    digest: bytes
    """SHA-256 of its secret."""
    channels: tuple[str, ...]
    rights: tuple[str, ...]
    created_by: str
    created_at: int
    used_at: int | None = None
    failed_at: int | None = None
    failure: str | None = None
    """The code of the refusal at `failed_at`, or what its webhook did."""
    webhook: Sealed | None = None
    """Where it hears of mentions and commands."""
    failing_since: int | None = None
    """When its webhook was given up, and nothing got through since."""


class BotTable(Table):
    """The bots and hooks of a room. Their rows go with their members."""

    def all(self) -> list[Bot]:
        """All of them, oldest first."""
        found = self._run(
            "SELECT id, kind, digest, channels, rights, created_by, created_at, used_at, failed_at, failure,"
            " epoch, sealed, failing_since FROM bots ORDER BY created_at, id"
        )
        return [_bot(row) for row in found]

    def get(self, bot: str) -> Bot | None:
        """The bot or hook with this id."""
        found = self._run(
            "SELECT id, kind, digest, channels, rights, created_by, created_at, used_at, failed_at, failure,"
            " epoch, sealed, failing_since FROM bots WHERE id = ?",
            bot,
        )
        return _bot(found[0]) if found else None

    def insert(self, bot: Bot) -> None:
        """Store a new one."""
        self._run(
            "INSERT INTO bots (id, kind, digest, channels, rights, created_by, created_at, epoch, sealed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            bot.id,
            bot.kind,
            bot.digest,
            json.dumps(bot.channels),
            json.dumps(bot.rights),
            bot.created_by,
            bot.created_at,
            *_parts(bot.webhook),
        )

    def set_digest(self, bot: str, digest: bytes) -> None:
        """Give it another secret."""
        self._run("UPDATE bots SET digest = ? WHERE id = ?", digest, bot)

    def set_webhook(self, bot: str, webhook: Sealed | None) -> None:
        """Give it another webhook, or none; nothing has failed there yet."""
        self._run("UPDATE bots SET epoch = ?, sealed = ?, failing_since = NULL WHERE id = ?", *_parts(webhook), bot)

    def set_failing(self, bot: str, since: int | None) -> None:
        """Note that its webhook was given up, or that something got through."""
        self._run("UPDATE bots SET failing_since = ? WHERE id = ?", since, bot)

    def count_call(self, bot: str, day: int) -> None:
        """Count that a bot is called."""
        self._run(
            "UPDATE bots SET called = CASE called_on WHEN ? THEN called + 1 ELSE 1 END, called_on = ? WHERE id = ?",
            day,
            day,
            bot,
        )

    def calls_on(self, day: int) -> dict[str, int]:
        """How often each bot was called on a day."""
        return dict(self._run("SELECT id, called FROM bots WHERE called_on = ?", day))

    def set_used(self, bot: str, at: int) -> None:
        """Note when it was used."""
        self._run("UPDATE bots SET used_at = ? WHERE id = ?", at, bot)

    def set_failed(self, bot: str, at: int, failure: str) -> None:
        """Note when a request was refused, and why."""
        self._run("UPDATE bots SET failed_at = ?, failure = ? WHERE id = ?", at, failure, bot)

    def count_messages(self, channels: Sequence[str], after_seq: int, since: int) -> int:
        """How many messages bots have posted in channels after a `seq` and since a time; reads every one after it."""
        found = self._run(
            "SELECT COUNT(*) FROM messages WHERE channel IN (SELECT value FROM json_each(?)) AND seq > ?"
            " AND sent_at >= ? AND author IN (SELECT id FROM bots)",
            json.dumps(channels),
            after_seq,
            since,
        )
        return int(found[0][0])


def _bot(row: Row) -> Bot:
    bot, kind, digest, channels, rights, created_by, created_at, used_at, failed_at, failure, epoch, data, failing = row
    return Bot(
        bot,
        kind,
        digest,
        tuple(json.loads(channels)),
        tuple(json.loads(rights)),
        created_by,
        created_at,
        used_at,
        failed_at,
        failure,
        None if data is None else Sealed(epoch, data),
        failing,
    )


def _parts(webhook: Sealed | None) -> tuple[int | None, bytes | None]:
    return (None, None) if webhook is None else (webhook.epoch, webhook.data)
