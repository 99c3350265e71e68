/**
 * What the server answers over HTTP before somebody is inside (docs/protocol.md, "HTTP"): the room, the session, a refusal.
 * A visitor downloads this; the frames of the socket (protocol.ts) come with the chat.
 */
import { CHALLENGES, ROLES } from "./contract.ts"
import { flag, list, number, object, oneOf, orElse, orNull, type Shaped, text } from "./shape.ts"

export const role = oneOf(...ROLES)

const limit = (standard: number) => (value: unknown) => (typeof value === "number" ? value : standard)
/** The limits that the page keeps to; what a server does not say is as docs/protocol.md has it. */
export const limits = object({
  body_characters: limit(4000),
  name_characters: limit(40),
  channel_name_characters: limit(80),
  topic_characters: limit(250),
  /** The largest file, and how many a message may have; 0 bytes: there are none here. */
  file_bytes: limit(26_214_400),
  files: limit(10),
})
export type Limits = Shaped<typeof limits>

const session = object({ member: object({ id: text, name: text, role }), expires_at: number })
export type Session = Shaped<typeof session>
export const parseSession = (value: unknown): Session => session(value, "session")

const facts = object({
  room: text,
  title: text,
  colour: orElse(text, ""),
  retention_days: orNull(number),
  kdf: object({ name: oneOf("pbkdf2-sha256"), iterations: number, rounds: number, salt: text }),
  challenges: list(oneOf(...CHALLENGES)),
  /** `secured`: whoever is not secured may only read. */
  names: orElse(text, "open"),
  /** `invite`: people come by links, and only admins by a password. */
  access: orElse(text, "both"),
  /** Admins may read everything. */
  supervision: orElse(flag, false),
  turnstile_site_key: orNull(text),
  /** A server that does not tell yet is asked for it. */
  session: (value: unknown, path: string) => (value === undefined ? undefined : orNull(session)(value, path)),
  /** Since when somebody else has the name of this browser's last member. */
  replaced_at: orNull(number),
  limits,
})
/** What a visitor may know of a room before login. */
export type RoomFacts = Shaped<typeof facts>
export const parseFacts = (value: unknown): RoomFacts => facts(value, "facts")

const problem = object({
  code: text,
  title: orElse(text, ""),
  retry_after: orNull(number),
  confirm: orElse(flag, false),
  confirmation: orNull(text),
  compare: orNull(text),
  expires_at: orNull(number),
  /** The name only looks like somebody's. */
  alike: orElse(flag, false),
})
/** Why the server refused a request over HTTP. */
export type Problem = Shaped<typeof problem>
export const parseProblem = (value: unknown): Problem => problem(value, "problem")
