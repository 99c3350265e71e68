/** Tickets for downloads: asked for together, and kept until shortly before they are over. */
import type { Clock } from "../ports.ts"
import { Refused, type Requests } from "../requests.ts"
import { NotFetched } from "./types.ts"

/** What is asked for within this time is asked for together. */
const TOGETHER_MS = 20
const AT_ONCE = 50
/** A ticket is good for at least this long when it is used. */
const MARGIN_MS = 60_000
/** Without a network. */
const PATIENCE_MS = 30_000

interface Waiting {
  readonly resolve: (ticket: string) => void
  readonly reject: (reason: NotFetched) => void
}

export function createTickets(requests: Requests, clock: Clock) {
  const known = new Map<string, { readonly ticket: string; readonly until: number }>()
  const coming = new Map<string, Promise<string>>()
  let waiting = new Map<string, Waiting>()

  const ask = async (asked: ReadonlyMap<string, Waiting>) => {
    try {
      const answer = await requests.ask({ type: "file.tickets", ids: [...asked.keys()] })
      for (const [id, { resolve, reject }] of asked) {
        const ticket = answer.type === "tickets" ? answer.tickets[id] : undefined
        if (answer.type !== "tickets" || ticket === undefined) reject(new NotFetched("gone"))
        else {
          known.set(id, { ticket, until: answer.expires_at - MARGIN_MS })
          resolve(ticket)
        }
      }
    } catch (error) {
      const code = error instanceof Refused && error.code === "not_found" ? "gone" : "unreachable"
      for (const { reject } of asked.values()) reject(new NotFetched(code))
    }
  }

  const askForAll = () => {
    const all = [...waiting]
    waiting = new Map()
    for (let at = 0; at < all.length; at += AT_ONCE) void ask(new Map(all.slice(at, at + AT_ONCE)))
  }

  const wait = (id: string) =>
    new Promise<string>((resolve, reject) => {
      if (waiting.size === 0) clock.after(TOGETHER_MS, askForAll)
      waiting.set(id, { resolve, reject })
      clock.after(PATIENCE_MS, () => reject(new NotFetched("unreachable")))
    })

  return {
    get: (id: string): Promise<string> => {
      const has = known.get(id)
      if (has !== undefined && has.until > clock.now()) return Promise.resolve(has.ticket)
      const asked = coming.get(id) ?? wait(id).finally(() => coming.delete(id))
      coming.set(id, asked)
      return asked
    },
    /** It was refused. */
    forget: (id: string) => void known.delete(id),
  }
}
