"""The draft of a segment: its messages, and the bits of all of them together.

People use the same words again and again. So a draft notes for each word which messages have it, and works out once
for all of them which rows its grams stand for: a third of the work of doing so message by message.
"""

from collections import defaultdict
from itertools import chain

from limits import SEGMENT_MESSAGES, SEGMENT_SPAN_MS, SIGNATURE_ROWS
from search.grams import grams_of_word, grams_outside_words, rows_of_grams, words
from search.pace import Pace
from search.segment import Entry, Segment
from storage.segments import Range

_MESSAGES_A_UNIT, _WORDS_A_UNIT = 4, 16
"""Messages whose words are noted, and words whose grams are looked up, in about 0.1 ms (search/pace.py)."""


class Draft:
    """Takes in messages, oldest first, until they are a segment."""

    def __init__(self, after_seq: int) -> None:
        self.is_complete = False
        self._after_seq = after_seq
        self._up_to_seq = after_seq
        self._entries: list[Entry] = []

    def take(self, entry: Entry) -> bool:
        """Take in the next message; returns whether it belongs to this segment."""
        first = self._entries[0].sent_at if self._entries else entry.sent_at
        # A clock that was set back ends a segment, too.
        if len(self._entries) == SEGMENT_MESSAGES or not first <= entry.sent_at <= first + SEGMENT_SPAN_MS:
            self.is_complete = True
            return False
        self._entries.append(entry)
        self._up_to_seq = entry.seq
        return True

    def end_at(self, seq: int) -> None:
        """Have the segment reach so far, as no message is left before."""
        self._up_to_seq = seq

    @property
    def place(self) -> Range:
        """The range of the segment."""
        times = [entry.sent_at for entry in self._entries] or [0]
        return Range(self._after_seq, self._up_to_seq, min(times), max(times))

    async def segment(self, pace: Pace) -> Segment:
        """The segment. It is made beside the room's work, in slices."""
        segment = Segment(self._after_seq, self._up_to_seq, self._entries[0].sent_at if self._entries else 0)
        with_word: dict[str, int] = defaultdict(int)  # the columns that have it, a bit for each
        with_gram: dict[str, int] = defaultdict(int)  # the same for what stands outside of words
        for number, entry in enumerate(self._entries, 1):
            column = 1 << segment.append(entry)
            for word in words(entry.text):
                with_word[word] |= column
            for gram in grams_outside_words(entry.text):
                with_gram[gram] |= column
            await pace.spend(number % _MESSAGES_A_UNIT == 0)
        marked = chain(
            ((grams_of_word(word), columns) for word, columns in with_word.items()),
            (({gram}, columns) for gram, columns in with_gram.items()),
        )
        rows = [0] * SIGNATURE_ROWS
        for number, (grams, columns) in enumerate(marked, 1):
            for row in rows_of_grams(grams):
                rows[row] |= columns
            await pace.spend(number % _WORDS_A_UNIT == 0)
        segment.fill(rows)
        return segment
