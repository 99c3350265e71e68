"""What happens around what a member says: mentions, answers, reactions of others. One list, newest first.

Rows name messages (storage/activity.py); what is shown of them is read from the messages themselves.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chat.audience import Audience
from chat.history import shown_messages, that_fit
from errors import NotFound
from limits import MAX_HISTORY_PAGE, MAX_SAFE_INTEGER, MAX_UNSEEN
from sealing.keyring import Keyring
from storage.activity import REACTION, Note
from storage.messages import Message
from storage.store import Store


class Activity:
    """Lists what happened, and knows what a member has not seen of it."""

    def __init__(self, store: Store, keyring: Keyring, audience: Audience) -> None:
        self._store = store
        self._keyring = keyring
        self._audience = audience

    async def page(self, member: str, before: int | None) -> dict[str, Any]:
        """Messages as history shows them, the newest activity first, each with `why`, `at` and, if so, `unseen`.

        Where the next page begins is `next`, None for the last one.

        Args:
            before: only what happened before this time in ms.
        """
        seen = self._store.activity.seen_at(member)
        notes, has_more = self._notes(member, MAX_SAFE_INTEGER if before is None else before)
        found = {
            (message.channel, message.seq): message
            for message in self._store.messages.at([(note.channel, note.seq) for note in notes])
        }
        left = [(note, found[note.channel, note.seq]) for note in notes if (note.channel, note.seq) in found]
        left = [(note, message) for note, message in left if message.deleted_at is None and self._shows(note)]
        page = left[: _fitting(left)]
        shown = await shown_messages([message for _, message in page], self._keyring)
        # The texts were opened outside the writer's turn: meanwhile the member may have lost a channel.
        messages = [
            {**text, "why": note.kind, "at": note.at, **({"unseen": True} if _is_new(note, seen) else {})}
            for text, (note, _) in zip(shown, page, strict=True)
            if self._shows(note)
        ]
        last = page[-1][0] if len(page) < len(left) else notes[-1] if has_more else None
        return {"messages": messages, "next": None if last is None else last.at, **self.standing(member)}

    def standing(self, member: str, *, with_lanes: bool = True) -> dict[str, int]:
        """Up to when a member has seen their activity, and how much is new since, MAX_UNSEEN at most."""
        seen = self._store.activity.seen_at(member)
        places = self._store.activity.unseen(member, seen)
        new = [place for place in places if self._sees(member, *place)]
        if not with_lanes:
            new = [place for place in new if not self._audience.lane(member, place[0]).id]
        return {"seen": seen, "unseen": min(len(new), MAX_UNSEEN)}

    def see(self, member: str, at: int) -> bool:
        """The member has seen what happened up to a time; whether that changes anything."""
        table = self._store.activity
        newest = table.newest_at(member, at)
        if newest <= table.seen_at(member):
            return False
        table.set_seen(member, newest)
        return True

    def _notes(self, member: str, before: int) -> tuple[list[Note], bool]:
        """The notes of a page, and whether there are older ones. Those of one time stay together."""
        notes = self._store.activity.page(member, before, MAX_HISTORY_PAGE + 1)
        if len(notes) <= MAX_HISTORY_PAGE:
            return notes, False
        return [note for note in notes if note.at > notes[-1].at] or notes, True

    def _shows(self, note: Note) -> bool:
        return self._sees(note.member, note.channel, note.seq)

    def _sees(self, member: str, channel: str, seq: int) -> bool:
        try:
            self._audience.channel(member, channel)
        except NotFound:
            return False
        return seq > self._audience.since(member, channel)


def note_reaction(
    store: Store,
    audience: Audience,
    message: Message,
    reactions: Mapping[str, Sequence[str]],
    *,
    by: str,
    on: bool,
    now_ms: int,
) -> tuple[list[Note], set[str]]:
    """Note for a message's author that somebody reacted; only the first reaction that they have not seen is noted.

    Args:
        reactions: all reactions of the message, with this change.
    Returns:
        What is new to the author; and the author, if less is new to them.
    """
    author, place = message.author, (message.channel, message.seq)
    if by == author:
        return [], set()
    former = store.activity.reaction_at(author, *place, sent_at=message.sent_at)
    if not on:
        gone = former is not None and not reacted_by_others(reactions, author)
        return [], store.activity.delete([author], *place, sent_at=message.sent_at) if gone else set()
    hears = audience.readers([author]) and audience.will_see(author, message.channel)
    if not hears or message.seq <= audience.since(author, message.channel):
        return [], set()
    if former is not None and former > store.activity.seen_at(author):
        return [], set()
    note = Note(author, REACTION, max(now_ms, message.sent_at), *place, unread=False)
    store.activity.put_reaction(note, former)
    return [note], set()


def reacted_by_others(reactions: Mapping[str, Sequence[str]], author: str) -> bool:
    """Whether any of these reactions is not the author's own."""
    return any(member != author for members in reactions.values() for member in members)


def _is_new(note: Note, seen: int) -> bool:
    return note.at > seen and (note.unread or note.kind == REACTION)


def _fitting(left: Sequence[tuple[Note, Message]]) -> int:
    """How many fit on a page; those of one time stay together."""
    fitting = that_fit([message for _, message in left])
    while 0 < fitting < len(left) and left[fitting][0].at == left[fitting - 1][0].at:
        fitting += 1
    return fitting
