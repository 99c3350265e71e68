"""Every limit and timeout by name, with the reason for its number.

Clients get the numbers that they need as `limits` (docs/protocol.md, "Limits"): `wire/public_limits.py`.
"""

VERSION = "0.1.0"
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

# --- names and texts (docs/protocol.md, "Limits") ---
MAX_NAME_CHARACTERS = 40  # fits one line of the member list on a phone
MAX_CHANNEL_NAME_CHARACTERS = 80
MAX_TOPIC_CHARACTERS = 250
MAX_BODY_CHARACTERS = 4_000  # a long letter; longer texts belong in a document
MAX_REF_CHARACTERS = 64
MAX_ZONE_CHARACTERS = 64  # the longest time zone has 32
MAX_ROOM_NAME_CHARACTERS = 60  # two lines above the channels
MAX_STATUS_CHARACTERS = 60  # two lines of a card
MAX_EMOJI_CHARACTERS = 32  # the longest emoji sequences (families, flags of regions) have 14
MAX_MENTIONS = 50
MAX_EMOJIS = 20  # different reactions to one message: more is no longer readable
MAX_REACTIONS = 2_000  # all reactions to one message: keeps its row far below the platform's 2 MB
MAX_QUESTION_CHARACTERS = 250  # as a topic
MAX_OPTION_CHARACTERS = 100  # two lines on a phone
MAX_POLL_OPTIONS = 10
MAX_VOTERS = 1_000  # in one poll: 50 kB in the row of its message
MAX_COUNTED_REPLIES = 100  # of a message: from here on people see "99+", and the rows read stay few
MAX_PINS = 50  # of a channel: more is a list that nobody reads
MAX_FORMER_TEXTS = 20  # of a message; with the longest texts they take a sixth of MAX_ROW_BYTES
MAX_SAVED = 500  # messages of one member
MAX_ACTIVITY = 500  # notes of one member that are read
MAX_UNSEEN = 100  # what is counted of those that are not: more says nothing more
MAX_MARKS_IN_A_ROW = 4  # on one letter of a name or topic: more is drawn over other lines (UTS #39, section 5.4)

# --- how many ---
MAX_CHANNELS = 500
MAX_MEMBERS = 10_000
MAX_OVERVIEW_ROWS = 200  # members, and channels of each kind, in one answer to an admin: 20 kB of each
MAX_PRIVATE_CHANNELS = 200  # that one member has made
MAX_DIRECT = 200  # conversations that one member has opened
MAX_DIRECT_OTHERS = 8  # people in a conversation besides the one who opens it: more are a channel
MAX_LANE_MEMBERS = 200  # of a private channel
MAX_FORMER_MEMBERS = 10_000  # those who left, and those whom an import names
MAX_IMPORTED = 100  # messages in a frame of an import ...
MAX_IMPORTED_PEOPLE = 100  # ... and people whom it names: two such frames a second leave the room to others
MAX_LANES_SAID = 1_000  # in one hello: all that somebody made and was added to
MAX_SOCKETS_PER_MEMBER = 20
MAX_SCHEDULED = 50  # of one member
MAX_DRAFTS = 50  # of one member, each as long as a message: the answer with all of them stays below a megabyte
SCHEDULED_AT_LEAST_MS = 60_000  # ahead
SCHEDULED_AT_MOST_MS = 365 * DAY_MS  # ahead
MAX_HISTORY_PAGE = 100
MAX_PAGE_BYTES = 131_072  # sealed texts in a page of history: opening so much takes ten milliseconds
RESUMES_KEPT = 4  # answers to a resume ...
PAGES_KEPT = 8  # ... and newest pages of channels that are kept while nothing changes ...
MAX_KEPT_CHARACTERS = 300_000  # ... of each kind in all: 1.2 MB at most, as a text with emoji takes 4 bytes a character
CONTEXTS_KEPT = 1_000  # headers of sealed texts in memory: one for each member and channel where somebody writes
MAX_RESUME_EVENTS = 1_000  # past this a fresh page of history is quicker than the catch-up ...
MAX_RESUME_BYTES = 2_097_152  # ... and past this as well, however few the events are

UNREAD_ROWS_A_CHANNEL = 1_000  # counts leave out own and deleted messages only among so many newest ones ...
UNREAD_ROWS_AT_ONCE = 5_000  # ... and how many rows of all channels one count may read: some milliseconds

# --- memory of an isolate: 128 MB for all its rooms; Python takes 36 to 52, the rest of the chat 14 (bin/bench) ---
CACHED_BYTES = 25_165_824  # open segments and kept answers of all rooms: the largest room's, and those of two others
WAITING_BYTES = 41_943_040  # unread bytes and blocks of files of all rooms

# --- bytes ---
MAX_FRAME_BYTES = 65_536
MAX_BODY_BYTES = 16_384  # of an HTTP request: a login with an ALTCHA and a Turnstile answer is under 4 kB
ID_BYTES = 9  # random ones, of an id that the room makes: 12 characters of base64url
FILE_ID_BYTES = 16  # of the id that a browser gives a file: a UUID's length
MAX_SAFE_INTEGER = 2**53 - 1  # beyond this JavaScript and SQLite's binding lose digits
MAX_JSON_DEPTH = 32  # nested brackets in JSON from outside: our own has 3, and the parser's stack holds 4,000
MAX_EVENTS_FRAME_BYTES = 262_144  # a catch-up is cut into frames of about this size
MAX_ROW_BYTES = 2_000_000  # the platform's limit for a row, which local workerd does not enforce
MAX_DATABASE_BYTES = 10_000_000_000  # the platform's limit for one room; an account on the free plan has half of it
MAX_BOUND_PARAMETERS = 100  # the platform's limit for one SQL statement

# --- key stretching and hashing ---
PBKDF2_MAX_ITERATIONS = 100_000  # production refuses more in one call; local workerd does not
KDF_ITERATIONS = 100_000
VERIFIER_ITERATIONS = 100_000
KDF_ROUNDS = 6  # 600,000 in all: OWASP's figure for PBKDF2-HMAC-SHA-256

# --- settings ---
MIN_PASSWORD_CHARACTERS = 8  # NIST SP 800-63B, 3.1.1; stretching and the login limit do the rest
MAX_PASSWORD_CHARACTERS = 1_000
MAX_TITLE_CHARACTERS = 80
MAX_SESSION_DAYS = 400  # browsers keep no cookie longer (RFC 6265bis, 5.5)
MAX_RETENTION_DAYS = 36_500
MAX_MESSAGE_RATE = 1_000_000  # load tests must not be slowed down
FILE_BYTES = 26_214_400  # 25 MB: what mail takes, too
MAX_FILE_BYTES = 1_073_741_824  # a browser keeps a sealed copy until it is sent
ROOM_FILE_BYTES = 524_288_000  # a tenth of what the free plan stores for the whole account
ROOM_FILE_BYTES_BUCKET = 5_368_709_120  # half of what R2 stores for nothing
MAX_ROOM_FILE_BYTES = 1_000_000_000_000  # an object of Cloudflare holds a hundredth of it, a bucket anything

# --- data keys ---
EPOCH_MS = DAY_MS  # a data key is replaced after a day ...
EPOCH_MAX_SEALS = 1_048_576  # ... or 2^20 seals: random 96-bit nonces collide with p < 2^-57 (NIST SP 800-38D, 8.3)
SEAL_RESERVE = 4_096  # seals are counted in storage in blocks of this size, so counting costs no row a message
KEY_MARGIN_MS = 60_000  # a data key is kept this much longer: the clocks of two machines may differ
KEYS_KEPT_IMPORTED = 64  # a page of old history may need many, and importing one again costs as much as a seal

# --- login ---
LOGIN_FAILURES_ALLOWED = 5
LOGIN_FAILURE_WINDOW_MS = 15 * 60_000
LOGIN_WAIT_FIRST_SECONDS = 30
LOGIN_WAIT_LONGEST_SECONDS = 15 * 60
FORGIVEN_FAILURES = 20  # of an address in an hour, when logins succeed: no member guesses at the admins' password
FORGIVEN_WINDOW_MS = 3_600_000
WRONG_PASSWORD_MS = 1_000  # a wrong password is answered no sooner, which hides a room's stretching (up to 300 ms)
ROOM_ATTACK_FAILURES = 50  # in an hour, from all addresses: then the challenge gets harder for everyone
ROOM_ATTACK_WINDOW_MS = 3_600_000
CONFIRMATION_MS = 10 * 60_000  # how long a six-digit code is valid
CONFIRMATION_TRIES = 5
CONFIRMATIONS_PER_HOUR = 6  # new codes for one member: 30 guesses an hour at a million codes
CONFIRMATIONS_PER_ADDRESS = 3  # questions of one address within ten minutes: a person has one, a shared flat a few
CONFIRMATIONS_WAITING = 20  # open questions in all: more than an admin looks through with care
MAX_INVITES_PER_MEMBER = 20  # open links: a person loses sight of more
MAX_INVITES = 1_000  # open ones in a room: all are looked through when one is made
MAX_INVITE_HOURS = 720
MAX_INVITE_USES = 500  # a school year at once; more people come by a link without a number
MAX_LABEL_CHARACTERS = 80  # of an invite
DEVICE_INVITE_MS = 10 * 60_000  # a link for another device of one's own, which lies beside this one
NAME_HELD_MS = DAY_MS  # a name is free when none of its devices was seen for this long
RENAMES_ALLOWED = 3  # changes of one's own name: a mistake, a second thought, and the way back ...
RENAMES_WINDOW_MS = DAY_MS  # ... in a day
FORMER_NAME_HELD_MS = DAY_MS  # nobody else gets a former name for so long: by then all have seen who is called how
FORMER_NAMES_KEPT_MS = 30 * DAY_MS  # as long as events; after that nobody is told any more who was called how
CHALLENGE_MS = 10 * 60_000
CHALLENGE_COST = 5_000  # PBKDF2 iterations of one try; about 256 tries are needed: under a second on a phone
CHALLENGE_HARD_FAILURES = 3  # failed logins of an address after which its challenges are hard
CHALLENGE_COST_HARD = 20_000
MAX_CHALLENGE_ANSWER_CHARACTERS = 4_096  # an ALTCHA answer has about 900
MAX_TURNSTILE_ANSWER_CHARACTERS = 2_048  # Cloudflare's own limit
TURNSTILE_TIMEOUT_SECONDS = 5.0
TURNSTILE_ANSWER_MS = 300_000  # Cloudflare's own limit: an answer is valid for this long, once

# --- search ---
MAX_QUERY_CHARACTERS = 200  # a line that somebody remembers; a longer one is found by its beginning
LANES_SEARCHED_TOGETHER = 401  # the open channels, and as many lanes as a member can make
MAX_CURSOR_CHARACTERS = 12_400  # of a search that is on its way in all of these; one without lanes has 66
MAX_FOUND = 50  # messages in one answer: more than anybody looks through before going on
MAX_MATCHES = 100  # places in one message that are marked: a whole screen is yellow by then
SIGNATURE_ROWS = 512  # of a segment: messages of a few lines set a quarter of them, which tells most words apart
SEGMENT_MESSAGES = 1_024  # in one segment: about 75 kB, which is one row and opens in half a millisecond
SEGMENT_SPAN_MS = 7 * DAY_MS  # how far apart its messages are sent: no longer do signatures outlive a data key
SEGMENTS_AT_ONCE = 8  # built in one run of the alarm: some seconds of work, in slices
SEGMENTS_PURGED_AT_ONCE = 4  # rewritten when messages are removed: some ten milliseconds
SEGMENTS_OPENED_AT_ONCE = 8  # with one statement and one call of SubtleCrypto: less than a slice
MAX_OPEN_SEGMENT_BYTES = 8_388_608  # of the platform's 128 MB: the newest 100,000 messages
BUILD_AFTER_MS = 1_000  # when building begins after a commit: the answers to it are out by then
POSTS_BEFORE_BUILDING = 256  # messages of an awake room after which it looks whether a segment is full
BUILD_STEP_SEQS = 8  # opened at once when a segment is built
BUILD_SLICE_UNITS = 8  # of about 0.1 ms: nobody asked for it, so it holds up others less than a message takes
BUILD_PAUSE_MS, BUILD_REST_MS = 30, 2  # between slices: while people write, and otherwise, as other rooms go on
TAIL_MESSAGES = 2_048  # in no segment yet: more of them are looked at one by one, until segments are built
TAIL_STEP_SEQS = 64  # opened at once when they are taken in
CANDIDATES_AT_ONCE = 48  # messages that are opened and looked at together
SEARCH_SLICE_UNITS = 80  # of about 0.1 ms: after so much work others get in
SEARCH_UNITS = 1_500  # what one search may use before it answers what it has: about 150 ms
SEARCH_BURST = 10  # searches of one member at once ...
SEARCH_RATE = 1  # ... and a second: what somebody types, with pauses
SIMILAR_BELOW = 5  # with fewer messages found, similar ones are shown, too
FOLDS_KEPT = 4_096  # characters whose normal form is remembered: all that a room with a few languages uses

# --- files ---
MAX_FILES_PER_MESSAGE = 10  # a grid of pictures that still fits a screen
MAX_FILES = 10_000  # in a room: counting them, and finding a channel's, reads so many rows at most
MAX_UPLOADS_PER_MEMBER = 100  # reserved at once: what somebody drops onto a channel, many times over
MAX_FILE_NAME_CHARACTERS = 255  # file systems take no more
MAX_ALT_CHARACTERS = 500  # ten of them, with long names and a long text, still fit a frame
MAX_PICTURE_SIDE = 100_000  # pixels; browsers decode no more than 65,535
MAX_THUMB_BYTES = 262_144  # one chunk
MAX_TICKETS_AT_ONCE = 50  # of one question: more pictures than a screen shows
RESERVATION_STEP_MS = 5 * 60_000  # a reservation is renewed at most so often, as written rows are what costs
ABANDONED_UPLOAD_MS = DAY_MS  # after the last reservation; a phone that was off over night goes on
UPLOAD_OVER_MS = 30 * 60_000  # so long after that nothing arrives any more: step, ticket, and a slow last part
REMOVED_AT_ONCE = 50  # files whose parts are removed with one call
REMOVED_AGAIN_MS = 120_000  # a room that slept removes parts again that were given up so shortly before: no note of it
REMOVAL_PAUSE_FIRST_MS = 1_000  # after a removal that failed; then twice as long after each further one ...
REMOVAL_PAUSE_LONGEST_MS = HOUR_MS  # ... up to this
STORE_RETRY_SECONDS = 5  # when the place of files does not answer
TICKET_MS = 10 * 60_000  # a signed-out browser can fetch sealed bytes for so long; it never had more than the key
MAX_TICKET_CHARACTERS = 512  # one has some 150
SESSION_PARTS_BYTES_AT_ONCE = 8_389_120  # of one session: of eight parts a block each, and a page takes three
PARTS_BYTES_AT_ONCE = 33_556_480  # of all sessions: 32 blocks, a quarter of the platform's 128 MB

# --- passkeys ---
PASSKEY_CHALLENGE_MS = 5 * 60_000  # as long as browsers wait for somebody to find their key (WebAuthn, 15.1)
MAX_PASSKEYS_PER_MEMBER = 10  # one for each device and account that keeps passkeys, and some in a drawer
MAX_PASSKEY_NAME_CHARACTERS = 40  # as of a member: fits one line of the list on a phone
MAX_PASSKEY_ID_BYTES = 1_023  # the standard's own limit
MAX_PASSKEY_PART_BYTES = 4_096  # of what a browser hands over: a key of RSA has 600, authenticator data up to 2,000

# --- sessions ---
PAST_DEVICE_MS = 90 * DAY_MS  # as long as an idle name is kept: its browser can still prove it
SESSION_IDLE_MS = 7 * DAY_MS
SESSION_SEEN_STEP_MS = 3_600_000  # "seen" is written at most once an hour, as written rows are what costs
MAX_SESSIONS_PER_MEMBER = 50  # one more ends the oldest

# --- sockets ---
HELLO_WITHIN_SECONDS = 10
MAX_MALFORMED_FRAMES = 20  # damaged frames of one socket ...
MALFORMED_WINDOW_MS = 60_000  # ... within this time, then we close with 4400: the program is broken, not newer
REFUSAL_BURST = 100  # how many refusals a member gets at once ...
REFUSAL_RATE = 10  # ... and then a second; past that sockets are closed with 4429 ...
REFUSALS_SPARED = 5  # ... but only those with more refusals than this: another one may be a browser that waits
TYPING_EVERY_MS = 2_000
PRESENCE_EVERY_MS = 1_000  # at most one presence frame a second (docs/protocol.md)
SOCKET_SILENT_MS = 60_000  # a socket that pinged every 25 s and missed two is dead
SOCKET_MUTE_MS = 120_000  # the same for a socket that never pinged: its client may have just begun, or only listen
SOCKET_MISSED_MS = 30_000  # a socket that is silent for so long is checked again when it would count as dead
SOCKET_ALIVE_STEP_MS = 10_000  # a frame counts as a sign of life at most so often: noting it calls into JavaScript
SOCKET_CHECK_MS = 60_000
MAX_CLOSING_SOCKETS = 200  # of one member, closed by us and not yet by the client: the platform keeps them
ALARM_LATE_MS = 10_000  # an alarm that is so late was lost, and is set again
SLOW_READER_BYTES = 8_388_608  # sent since the socket was last seen alive: more would fill memory that all share
SILENT_READER_BYTES = 67_108_864  # the same for a program that never pings, and so never shows that it reads
SLOW_READER_STEP_BYTES = 1_048_576  # how often this is checked, in bytes sent to everybody
ALONE_AFTER_WAKING = 8  # commits of a room that has just woken, before it first looks whether further changes wait ...
ALONE_MOST = 64  # ... and at most so many between two looks that found none: a look takes 0.5 ms (docs/performance.md)
SATURATED_CHANGES, SATURATED_WAIT_MS = 32, 2  # a wait that brought so many: sending takes all time, so waiting pays

# --- what one member may use, over all sockets ---
REQUEST_BURST = 200  # questions at once: frames that change no conversation (history, read, typing, notify) ...
REQUEST_RATE = 50  # ... and a second
ANSWER_BURST = 60  # units of large answers: ten screens of messages at once ...
ANSWER_RATE = 20  # ... and then four a second; 200 messages take 16 ms, so it is 2 % of the room's time at most
ANSWERED_BYTES_A_UNIT = 16_384  # an answer costs one unit for so many bytes ...
ANSWERED_ITEMS_A_UNIT = 10  # ... or of so many messages, whichever is more
IMPORT_CHANGES = 3  # what a frame of an import costs: a hundred messages take ten milliseconds
IDS_A_QUESTION = 10  # so many tickets cost one more
WRITE_QUESTIONS = 10  # the cost of a member's own setting, which writes a row: 5 a second
OPENING_BURST = 40  # sockets opened at once: twice as many as a member may have ...
OPENING_RATE = 1  # ... and then one a second: each may bring hundreds of frames before the first of them is refused
DROPPED_AN_OPENING = 50  # so many frames on a socket that we closed count as one more opening, being as much work ...
MOST_OPENINGS_OWED = 20  # ... until a member owes so many, which is as many seconds
TYPING_BURST = 5  # "is typing" in several channels ...
TYPING_RATE = 2  # ... and a second: people have two hands, and everybody gets the frame
ALLOWANCES_KEPT = 1_000  # members whose budgets are remembered before idle ones are forgotten ...
ALLOWANCES_KEPT_MS = 60_000  # ... who did nothing for this long: everything is full again after ten seconds
MEMBER_UNREAD_BYTES = 16_777_216  # may wait in all sockets of a member: enough for two slow phones
ROOM_UNREAD_BYTES = 33_554_432  # may wait in all sockets of a room: a quarter of the platform's 128 MB
UNREAD_SPARED_BYTES = 524_288  # less than this never closes a socket: a page of long messages on a slow connection
UNREAD_STEP_BYTES = 1_048_576  # how often this is checked, in bytes sent, when little is left

# --- Web Push ---
MAX_SUBSCRIPTIONS = 10  # devices of one member that get notifications; one more replaces the oldest
MAX_ENDPOINT_CHARACTERS = 2_048  # push services' addresses have 150 to 600
MAX_PUSH_BYTES = 4_096  # what every push service takes (RFC 8030, section 7.2)
MAX_PUSH_PLAINTEXT_BYTES = 3_993  # the same less the header (86), delimiter (1) and tag (16) of RFC 8291
PUSH_PADDING_BYTES = 256  # texts are padded to a multiple of this, so that their length shows little
PUSH_TEXT_CHARACTERS = 160  # of a message in its notification: about what a phone shows
PUSH_WINDOW_MS = 2_000  # messages within this time share one notification
PUSH_PAUSE_MS = 100  # between two batches
PUSH_ALARM_MS = 3_000  # so long after the timer the alarm sends notifications: a crash loses timers
PUSH_TIMEOUT_SECONDS = 10.0
PUSH_AT_ONCE = 6  # requests: the platform opens no more connections at a time for one event
PUSH_BATCH = 40  # requests in one go: below the 50 of one event in the free plan
PUSH_TRIES = 3
PUSH_REFUSALS = 3  # notifications in a row that a service rejects as not from us; then the device must register again
PUSH_RETRY_FIRST_MS = 30_000  # then four times as long after every further failure in a row ...
PUSH_RETRY_LONGEST_MS = 3_600_000  # ... up to this, unless the service asks for more
PUSH_TTL_SECONDS = 24 * 3_600  # how long a service keeps what it cannot deliver; the unread counts remain anyway
VAPID_TOKEN_SECONDS = 12 * 3_600  # RFC 8292 allows 24 h; a token is used for the first half of its time
MAX_QUIET_MINUTES = 7 * 24 * 60  # a week without notifications: longer is what regular hours are for
SMALL_ROOM_MEMBERS = 3  # with fewer members every message concerns everybody

# --- clean-up ---
PURGE_BATCH_ROWS = 500  # rows removed in one run of the alarm: some ten milliseconds
PURGE_PAUSE_MS = 1_000  # before the next run while there is more to remove
CLEAN_UP_EVERY_MS = 6 * 3_600_000
CHANGES_KEPT_MS = 30 * DAY_MS  # how long a client can catch up with edits, deletions and the like
AUDIT_KEPT_MS = 90 * DAY_MS  # what admins have done: who comes back after a summer can still see it
NAMES_PER_ADDRESS = 200  # new members from one address: a school behind it ...
NAMES_WINDOW_MS = DAY_MS  # ... in a day, and no flood
FULL_ROOM_LOOK_MS = 10 * 60_000  # how long a full room counts as full: checking reads every message
MEMBERS_DROPPED_AT_ONCE = 100  # from a full room, or after a changed password: some 25 kB of events
REACTIONS_LOOKED_THROUGH = 1_000  # messages with reactions to open before forgetting former members: 15 ms of work
MEMBER_IDLE_MS = 90 * DAY_MS  # a member without a session for this long leaves
STATS_DAYS = 7  # shows a week's rhythm, and fits a phone
