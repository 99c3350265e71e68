/** How much an import takes: of one message as the room does (docs/protocol.md, "Limits"), of a file as memory allows. */

export const MOST_BODY = 4_000
export const MOST_MENTIONS = 50
export const MOST_EMOJIS = 20
export const MOST_REACTIONS = 2_000
export const MOST_FILES = 10
export const MOST_NAME = 40
export const MOST_PLACE_NAME = 80
export const MOST_TOPIC = 250
export const MOST_FILE_NAME = 255
export const MOST_ALT = 500
export const MOST_SIDE = 100_000
export const MOST_EMOJI = 32

/** Entries of a zip: a workspace of ten years has a day for each of fifty channels. */
export const MOST_ENTRIES = 200_000
/** The list of entries is read as a whole: as many, with names and extra fields of 300 bytes. */
export const MOST_LIST_BYTES = 64_000_000
/** What is packed tighter is made to be: the texts of chats shrink to a tenth, zeros to a thousandth ... */
export const MOST_RATIO = 200
/** ... and of little nothing is to be feared. */
export const RATIO_FROM_BYTES = 1_000_000
/** A part that is read as a whole: a list, or all that a channel said in a day. */
export const MOST_PART_BYTES = 64_000_000
/** A line: a message of 16,383 characters with a thousand answers in Mattermost's format. */
export const MOST_LINE_BYTES = 8_000_000
/** Brackets in brackets: Slack's blocks have some twenty. */
export const MOST_DEPTH = 100
/** Of a text: a hundred messages. Longer is no message that somebody wrote. */
export const MOST_TEXT = 400_000
/** As Slack and Mattermost cut what is longer. */
export const CUT_THERE = 16_383
/** Lines that are kept to be read in the order of time, by reading the file again: of 300 MB forty times. */
export const MOST_WINDOW_BYTES = 8_000_000
/** What is wrong with lines is remembered up to here, and counted beyond. */
export const MOST_SKIPPED = 10_000
