/** What the page and the Worker both know by heart; contract.test.ts holds it to tests/vectors/contract.json. */

export const SUB_PROTOCOL = "chat.v1"
/** A room's name, as part of a pattern. */
export const ROOM_NAME = "[a-z0-9][a-z0-9-]{0,62}"
export const MAIN_ROOM = "main"
/** The channel that every room has. */
export const GENERAL = "general"
export const ROLES = ["member", "admin", "bot"] as const
/** What a channel may be; all but open ones are lanes. */
export const KINDS = ["open", "private", "direct"] as const
/** What a member may want to be notified of. */
export const LEVELS = ["all", "mentions", "none"] as const
export const CHALLENGES = ["altcha", "turnstile"] as const

/** Close codes after which to try again at once makes no sense. */
export const SESSION_ENDED = 4401
export const TOO_MUCH = 4429
/** The reason that comes with `SESSION_ENDED` if an admin has removed the member. */
export const REMOVED = "removed"

/** How often a line that is still there says so. */
export const PING_EVERY_MS = 25_000
export const TYPING_SHOWN_MS = 5_000
