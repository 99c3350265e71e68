"""Limits of what bots send and are sent, with the reason for each number; those of people are in `limits.py`."""

# --- hooks ---
MAX_BOTS = 20  # in a room: an admin loses sight of more
MAX_BOT_CHANNELS = 100  # of a bot: one that is in more had better be several
MAX_HOOK_BYTES = 65_536  # of a body: a push of hundreds of commits, or as many alerts as anybody reads
HOOK_SECRET_BYTES = 20  # random ones: 160 bits, which nobody guesses; as many letters as fit one line
HOOK_BURST = 30  # requests at once: an outage that sets off many alerts ...
HOOK_RATE = 1  # ... and then a second
HOOK_REPEATED_MS = 60_000  # the same body again within this time is a sender that tries again
BOT_MESSAGES_DAY = 2_000  # of all hooks of a room; 4,000 of the 100,000 rows that the free plan writes a day
MAX_BOT_MESSAGES_DAY = 1_000_000
BOT_COUNT_STEP = 100  # how many messages of hooks are counted between two notes of it: 0.01 rows a message
MAX_FAILING_BUILDS = 500  # of all hooks of a room: 10 kB in one row, written when a build begins or ceases to fail
HOOK_FAILED_STEP_MS = 60_000  # how often a failure is noted, as each note is a written row

# --- webhooks of bots ---
MAX_WEBHOOK_URL_CHARACTERS = 2_048  # as of a push service
MAX_COMMAND_CHARACTERS = 32
WEBHOOK_KEY_BYTES = 32  # random ones, which sign: what Standard Webhooks asks for
WEBHOOK_TIMEOUT_SECONDS = 7.0  # for the whole answer: people wait for it, and a model of language takes some seconds
MAX_WEBHOOK_ANSWER_BYTES = 65_536  # as of a body to a hook
CALL_BURST = 10  # requests to one webhook at once: people try a command several times ...
CALL_RATE = 0.5  # ... and then a second: thirty a minute
BOT_CALLS_DAY = 2_000  # of one bot: three rows each, so 6,000 of the 100,000 that the free plan writes a day
ROOM_CALLS_DAY = 5_000  # of all bots of a room
MAX_CALLS_WAITING = 50  # of one bot: who has not come by then is not heard in time
CALLS_AT_ONCE = 6  # requests of a room: the platform opens no more connections at a time for one event ...
BOT_CALLS_AT_ONCE = 2  # ... and of one bot, so that a slow one leaves some to the others
CALL_RETRY_FIRST_MS = 30_000  # then four times as long each time: 2 min, 8 min ...
CALL_ALARM_MS = 10_000  # so long after a further try begins the alarm looks whether it ended: a crash forgets it
CALL_RETRIES = 3  # ... and then the bot is marked as failing
REPLY_URL_MS = 10 * 60_000  # how long an answer may take that does not come at once
REPLIES_A_CALL = 5  # by this address: "working on it", progress, a result
MAX_REPLY_TOKEN_CHARACTERS = 400  # one has some 200
