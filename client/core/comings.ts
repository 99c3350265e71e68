/**
 * Who came into the room, who is no longer a member and who is called something else now, for the line below each day of
 * `general`.
 *
 * The server lists them by time; what happens while the line stands is seen in the list of members.
 */
import type { Chat } from "./chat.ts"
import { Refused } from "./requests.ts"
import type { Room } from "./room.ts"
import { timeOf } from "./rows.ts"
import { flag, list, number, object, orElse, text } from "./shape.ts"
import type { Timeline } from "./timeline.ts"
import { createWatched, type Watched } from "./watched.ts"

/**
 * `went`: "removed" by an admin, or "left"; "" where nobody knows it any more. `renamed`: the former name and the one they
 * took then, or nothing.
 */
const coming = object({
  at: number,
  member: text,
  gone: orElse(flag, false),
  went: orElse(text, ""),
  renamed: orElse(list(text), []),
})
export type Coming = ReturnType<typeof coming>

export interface Known {
  /** In order of time. */
  readonly all: readonly Coming[]
  /** From when on all are known. */
  readonly from: number
}

export interface Comings {
  readonly known: Watched<Known>
  /** Whoever shows what happened from a time on says so. */
  reach(from: number): void
}

const NOTHING: Known = { all: [], from: Number.POSITIVE_INFINITY }

export function createComings(chat: Pick<Chat, "ask" | "store" | "clock" | "hear">): Comings {
  const known = createWatched(NOTHING, chat.clock)
  let wanted = Number.POSITIVE_INFINITY
  let asking = false
  let last = chat.store.get()

  const load = async () => {
    if (asking) return
    asking = true
    let { all, from } = known.get()
    while (wanted < from) {
      const answer = await chat.ask({ type: "comings", ...(Number.isFinite(from) ? { before: from } : {}) })
      if (answer instanceof Refused || answer.type !== "comings") break
      const page = answer.comings.map((each, index) => coming(each, `comings[${index}]`)).reverse()
      // What was seen to happen meanwhile.
      const seen = known.get().all.filter((each) => !all.includes(each))
      all = merged([...page, ...all, ...seen])
      from = answer.more ? (page[0]?.at ?? 0) : 0
      known.set({ all, from })
    }
    asking = false
  }

  const note = (happened: readonly Coming[]) => {
    if (happened.length > 0) known.update(({ all, from }) => ({ all: merged([...all, ...happened]), from }))
  }

  chat.store.subscribe(() => {
    const before = last
    const now = chat.store.get()
    last = now
    const isLive = now.connection.status === "live"
    // Nobody knows what happened without a line.
    if (isLive && before.connection.status !== "live") {
      known.set(NOTHING)
      void load()
    } else if (isLive && before.room.members !== now.room.members) {
      note(changes(before.room, now.room, chat.clock.now()))
    }
  })
  chat.hear((events) => {
    const { former } = chat.store.get().room
    const gone = events.flatMap((event) =>
      event.kind === "member_removed" && former[event.member]?.role !== "bot"
        ? {
            at: chat.clock.now(),
            member: event.member,
            gone: true,
            went: event.by === "" ? "left" : "removed",
            renamed: [],
          }
        : [],
    )
    note(gone)
  })
  return {
    known,
    reach: (from) => {
      wanted = Math.min(wanted, from)
      if (chat.store.get().connection.status === "live") void load()
    },
  }
}

function changes(before: Room, now: Room, at: number): Coming[] {
  const only = (one: Room, other: Room) =>
    Object.values(one.members).filter(({ id, role }) => role !== "bot" && !(id in other.members))
  const happened = { at, gone: false, went: "", renamed: [] }
  return [
    ...only(now, before).map(({ id }) => ({ ...happened, member: id })),
    ...only(before, now).map(({ id }) => ({ ...happened, member: id, gone: true })),
    ...Object.values(now.members).flatMap(({ id, name }) => {
      const former = before.members[id]?.name ?? name
      return former === name ? [] : { ...happened, member: id, renamed: [former, name] }
    }),
  ]
}

/** Nobody comes or goes twice: what was told first counts, and how somebody went whenever it is told. */
function merged(all: readonly Coming[]): readonly Coming[] {
  const found = new Map<string, Coming>()
  for (const each of all) {
    const key = JSON.stringify([each.gone, each.member, each.renamed])
    const known = found.get(key)
    found.set(key, known ? { ...known, went: known.went || each.went } : each)
  }
  return [...found.values()].toSorted((one, other) => one.at - other.at)
}

/** The time from which on what happened stands below the day of `at`: after the last day on which anything was said. */
export function beginOf({ messages }: Pick<Timeline, "messages">, at: number): number {
  const start = new Date(at).setHours(0, 0, 0, 0)
  const former = messages.findLast((message) => timeOf(message) < start)
  return former === undefined ? start : nextDay(timeOf(former))
}

export function nextDay(at: number): number {
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime()
}

/** From what to what somebody changed their name. */
export interface NewName {
  readonly from: string
  readonly to: string
}

/** Others who came, who went and who changed their names, in a time; who came and went is not worth a line. */
export function othersBetween({ all }: Known, from: number, until: number, me: string) {
  const happened = all.filter(({ at, member }) => at >= from && at < until && member !== me)
  const within = happened.filter((each) => each.renamed.length === 0)
  const did = (who: string, gone: boolean) => within.some((each) => each.member === who && each.gone === gone)
  const ids = (gone: boolean, how = "") =>
    within.flatMap((each) => (each.gone === gone && each.went === how && !did(each.member, !gone) ? each.member : []))
  return {
    came: ids(false),
    left: ids(true, "left"),
    removed: ids(true, "removed"),
    went: ids(true),
    renamed: newNames(happened),
  }
}

/** One for each member: who went back to the former name is called as before. */
function newNames(happened: readonly Coming[]): readonly NewName[] {
  const names = new Map<string, NewName>()
  for (const { member, renamed } of happened) {
    const [before, to] = renamed
    if (before !== undefined && to !== undefined) names.set(member, { from: names.get(member)?.from ?? before, to })
  }
  return [...names.values()].filter(({ from, to }) => from !== to)
}
