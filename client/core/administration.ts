/** What admins see of a room (docs/protocol.md, "Acts of admins"): only their page needs it. */
import type { Chat } from "./chat.ts"
import { anything } from "./protocol.ts"
import { Refused } from "./requests.ts"
import { fieldsOf, flag, list, number, object, orElse, orNull, type Shape, type Shaped, text } from "./shape.ts"

const member = object({
  id: text,
  role: text,
  devices: number,
  seen_on: text,
  secured: flag,
  made_admin: orElse(flag, false),
})
/** A person who is a member; `seen_on` is a day, "2026-11-29", `made_admin`: by an admin, not by the password alone. */
export type OverviewMember = Shaped<typeof member>

const counts = object({ members: number, invites: number, hooks: number, bots: number, webhooks: number, bans: number })
const openChannel = object({ id: text, messages: number, active_on: orNull(text), bytes: number })
export type OpenChannel = Shaped<typeof openChannel>
const storage = object({
  bytes: number,
  limit: number,
  open: list(openChannel),
  private: list(object({ name: text, bytes: number })),
  more: flag,
  other_bytes: number,
})

export interface Overview {
  readonly members: readonly OverviewMember[]
  readonly counts: Shaped<typeof counts>
  readonly storage: Shaped<typeof storage>
}

/** All members, and the rest of an overview; null: it could not be had. */
export async function fetchOverview(chat: Pick<Chat, "ask">): Promise<Overview | null> {
  const members: OverviewMember[] = []
  let rest: Omit<Overview, "members"> | null = null
  for (;;) {
    const last = members.at(-1)?.id
    const answer = await chat.ask({ type: "overview", ...(last === undefined ? {} : { after_member: last }) })
    if (answer instanceof Refused || answer.type !== "overview") return null
    rest ??= { counts: counts(answer.counts, "counts"), storage: storage(answer.storage, "storage") }
    members.push(...answer.members.map((each, index) => member(each, `members[${index}]`)))
    if (!answer.more || answer.members.length === 0) return { members, ...rest }
  }
}

const named = object({ id: text, name: text, private: orElse(flag, false) })
const act = object({
  at: number,
  /** "": one that does not open. */
  kind: orElse(text, ""),
  by: orNull(named),
  member: orNull(named),
  channel: orNull(named),
  changes: orElse(changesIn(), []),
  role: orElse(text, ""),
  ban: orElse(flag, false),
  on: orElse(flag, false),
  to: orElse(text, ""),
  label: orElse(text, ""),
})
/** What an admin did. */
export type Act = Shaped<typeof act>

export interface Change {
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

function changesIn(): Shape<readonly Change[]> {
  return (value, path) =>
    Object.entries(fieldsOf(value, path)).map(([field, each]) => {
      const [before = null, after = null] = list(anything)(each, `${path}.${field}`)
      return { field, before, after }
    })
}

export interface ActsPage {
  readonly acts: readonly Act[]
  readonly more: boolean
}

/** A page of what admins did, newest first; null: it could not be had. */
export async function fetchActs(chat: Pick<Chat, "ask">, before: number | null): Promise<ActsPage | null> {
  const answer = await chat.ask({ type: "audit", ...(before === null ? {} : { before }) })
  if (answer instanceof Refused || answer.type !== "audit") return null
  return { acts: answer.acts.map((each, index) => act(each, `acts[${index}]`)), more: answer.more }
}
