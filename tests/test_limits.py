"""limits.py and bot_limits.py: numbers that have to fit each other."""

import ast

import bot_limits
import limits
from files.layout import BLOCK_BYTES, OBJECT
from tools.paths import ROOT

SOURCE = "\n".join((ROOT / f"src/{name}.py").read_text(encoding="utf-8") for name in ("limits", "bot_limits"))
LIMITS = [(name, value) for module in (limits, bot_limits) for name, value in vars(module).items() if name.isupper()]


def test_every_limit_is_a_number_with_a_name_in_capitals() -> None:
    assert LIMITS
    assert {type(value) for _, value in LIMITS} <= {int, float, str}


def test_every_limit_is_used() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    unused = [name for name, _ in LIMITS if sources.count(name) < 2]
    assert unused == []


def test_no_limit_is_given_twice() -> None:
    given = [
        target.id
        for node in ast.parse(SOURCE).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert len(given) == len(set(given))


def test_the_longest_message_fits_into_a_frame() -> None:
    # As JSON with everything escaped: twelve bytes for a code point outside the basic plane.
    longest = limits.MAX_BODY_CHARACTERS * 12 + limits.MAX_MENTIONS * 70 + 1_000
    assert longest < limits.MAX_FRAME_BYTES


def test_a_message_with_as_many_files_as_it_may_have_fits_into_a_frame() -> None:
    # As browsers write it, without escapes: four bytes for a code point outside the basic plane.
    text = limits.MAX_BODY_CHARACTERS * 4 + limits.MAX_MENTIONS * 70 + 1_000
    file = (limits.MAX_FILE_NAME_CHARACTERS + limits.MAX_ALT_CHARACTERS) * 4 + 700
    assert text + limits.MAX_FILES_PER_MESSAGE * file < limits.MAX_FRAME_BYTES


def test_nobody_uploads_a_file_any_more_when_its_row_goes() -> None:
    # A reservation that is not renewed for a step gives a ticket at its end, with which a last part begins at the end.
    assert limits.RESERVATION_STEP_MS + limits.TICKET_MS < limits.UPLOAD_OVER_MS


def test_a_page_of_the_longest_messages_fits_into_a_frame_that_browsers_and_the_platform_take() -> None:
    assert limits.MAX_HISTORY_PAGE * limits.MAX_BODY_CHARACTERS * 4 < 32 * 1_048_576


def test_one_row_holds_the_most_reactions_and_the_longest_message() -> None:
    reactions = limits.MAX_REACTIONS * 20 + limits.MAX_EMOJIS * limits.MAX_EMOJI_CHARACTERS * 4
    assert limits.MAX_BODY_CHARACTERS * 4 * 2 + reactions + 10_000 < limits.MAX_ROW_BYTES


def test_a_part_of_a_file_fits_into_a_row() -> None:
    assert BLOCK_BYTES[OBJECT] + 100 < limits.MAX_ROW_BYTES


def test_a_room_has_space_for_many_files_of_the_usual_size() -> None:
    assert min(limits.ROOM_FILE_BYTES, limits.ROOM_FILE_BYTES_BUCKET) >= limits.FILE_BYTES * 20
    assert limits.ROOM_FILE_BYTES < limits.MAX_DATABASE_BYTES / 2


def test_stretching_stays_within_what_production_takes_in_one_call() -> None:
    for iterations in (limits.KDF_ITERATIONS, limits.VERIFIER_ITERATIONS, limits.CHALLENGE_COST_HARD):
        assert iterations <= limits.PBKDF2_MAX_ITERATIONS
    assert limits.KDF_ITERATIONS * limits.KDF_ROUNDS >= 600_000


def test_what_can_be_resumed_is_kept_long_enough_for_the_longest_idle_session() -> None:
    assert limits.CHANGES_KEPT_MS >= limits.SESSION_IDLE_MS


def test_a_session_is_noted_as_seen_often_enough_for_what_depends_on_it() -> None:
    assert limits.SESSION_SEEN_STEP_MS * 2 <= limits.NAME_HELD_MS
    assert limits.SESSION_SEEN_STEP_MS * 2 <= limits.SESSION_IDLE_MS


def test_a_line_that_pings_as_told_is_not_taken_for_dead() -> None:
    assert limits.SOCKET_SILENT_MS >= 2 * 25_000


def test_what_members_may_take_is_full_again_before_a_room_can_fall_asleep_and_forget_what_they_took() -> None:
    owed = max(
        limits.MAX_RESUME_EVENTS // limits.ANSWERED_ITEMS_A_UNIT,
        limits.MAX_HISTORY_PAGE * limits.MAX_BODY_CHARACTERS * 4 // limits.ANSWERED_BYTES_A_UNIT,
    )
    asleep_seconds = 10
    assert asleep_seconds > (limits.REQUEST_BURST + limits.WRITE_QUESTIONS) / limits.REQUEST_RATE
    assert (limits.ANSWER_BURST + owed) / limits.ANSWER_RATE < asleep_seconds
    assert asleep_seconds >= limits.REFUSAL_BURST / limits.REFUSAL_RATE
    assert asleep_seconds >= limits.SEARCH_BURST / limits.SEARCH_RATE
    # Sockets may be opened anew after a sleep: whom would it slow down, where nobody has said anything for so long?
    assert limits.OPENING_BURST / limits.OPENING_RATE < limits.ALLOWANCES_KEPT_MS / 1_000
    assert asleep_seconds > limits.TYPING_BURST / limits.TYPING_RATE
    assert asleep_seconds * 1_000 < limits.ALLOWANCES_KEPT_MS


def test_what_a_room_remembers_and_what_nobody_reads_leave_the_platforms_memory_to_python() -> None:
    member = (limits.MAX_NAME_CHARACTERS * 4 + 150) * 2  # as JSON for welcomes, and as an object
    kept = 2 * limits.MAX_KEPT_CHARACTERS * 4 + limits.MAX_MEMBERS * member + limits.CONTEXTS_KEPT * 1_000
    kept += limits.MAX_OPEN_SEGMENT_BYTES
    assert kept + limits.ROOM_UNREAD_BYTES + limits.MEMBER_UNREAD_BYTES // 2 < 64 * 1_048_576


def test_what_grows_in_all_rooms_of_an_isolate_fits_beside_what_is_there_from_the_start() -> None:
    isolate, python, rest = (megabytes * 1_048_576 for megabytes in (128, 36, 14))
    growing = limits.CACHED_BYTES + limits.WAITING_BYTES
    assert isolate - python - rest - growing > 12 * 1_048_576
    assert limits.CACHED_BYTES > 2 * (limits.MAX_OPEN_SEGMENT_BYTES + 2 * limits.MAX_KEPT_CHARACTERS * 4)
    assert max(limits.ROOM_UNREAD_BYTES, limits.PARTS_BYTES_AT_ONCE) < limits.WAITING_BYTES


def test_a_member_may_have_a_slow_phone_and_come_back_on_another_line() -> None:
    assert 2 * limits.SLOW_READER_BYTES <= limits.MEMBER_UNREAD_BYTES < limits.ROOM_UNREAD_BYTES
    assert limits.OPENING_BURST >= 2 * limits.MAX_SOCKETS_PER_MEMBER
    assert limits.UNREAD_SPARED_BYTES * limits.MAX_SOCKETS_PER_MEMBER < limits.MEMBER_UNREAD_BYTES
