/**
 * Addresses that other programs post to (docs/protocol.md, "Hooks"): what an admin sees of them and does with them.
 *
 * A token comes once, with the hook that is new or has a new address. It is kept here until the admin has done with it.
 */
import { parseProblem } from "./answers.ts"
import type { Chat } from "./chat.ts"
import type { Ports } from "./ports.ts"
import { endingOf, type Hook, hook } from "./programs.ts"
import type { Channel, Request } from "./protocol.ts"
import { Refused } from "./requests.ts"
import { createWatched, type Watched } from "./watched.ts"

/** Of hooks and bots together, in one room: MAX_BOTS in src/limits.py. */
export const MOST_PROGRAMS = 20
/** What the sender of a message may choose, the usual first. */
export const HOOK_RIGHTS = ["name", "channel", "mention"] as const
export type HookRight = (typeof HOOK_RIGHTS)[number]

export interface WantedHook {
  readonly name: string
  readonly channel: string
  readonly rights: readonly HookRight[]
}

/** The address of one hook, as it is shown once. */
export interface HookAddress {
  readonly id: string
  readonly name: string
  readonly channel: string
  readonly address: string
}

export interface HooksState {
  /** Null until they have come. */
  readonly hooks: readonly Hook[] | null
  /** The last time they were asked for they did not come. */
  readonly isMissing: boolean
  readonly shown: HookAddress | null
  /** What became of the last test message by the address that is shown; `refused` goes with `code`. */
  readonly test: "none" | "waiting" | "posted" | "refused"
  readonly code: string
}

export interface Hooks {
  readonly store: Watched<HooksState>
  load(): Promise<void>
  /** These three: the refusal's code, or null when it was done. */
  create(wanted: WantedHook): Promise<string | null>
  rotate(hook: Hook): Promise<string | null>
  revoke(hook: Hook): Promise<string | null>
  /** Posts a message by the address that is shown. */
  tryOut(text: string): Promise<void>
  /** Forgets the address. */
  forget(): void
}

const UNTRIED = { test: "none", code: "" } as const

/** @param origin `https://chat.example`, without a slash at the end. */
export function hookAddress(origin: string, token: string): string {
  return `${origin}/hooks/${token}`
}

/** The channels that programs may stand in: those that everybody sees, as long as they take messages, by name. */
export function channelsForPrograms(all: Readonly<Record<string, Channel>>, language: string): readonly Channel[] {
  return Object.values(all)
    .filter(({ archived, kind }) => !archived && kind === "open")
    .sort((one, other) => one.name.localeCompare(other.name, language))
}

export function createHooks(
  chat: Pick<Chat, "ask" | "clock">,
  { fetch, origin, uuid }: Pick<Ports, "fetch" | "origin" | "uuid">,
): Hooks {
  const store = createWatched<HooksState>({ hooks: null, isMissing: false, shown: null, ...UNTRIED }, chat.clock)
  const change = (part: Partial<HooksState>) => store.update((state) => ({ ...state, ...part }))
  let token = ""

  const load = async () => {
    const answer = await chat.ask({ type: "hooks" })
    if ("hooks" in answer) change({ hooks: answer.hooks.map((each) => hook(each, "hook")), isMissing: false })
    else change({ isMissing: true })
  }

  /** Asks for a token, and shows the address that it makes. */
  const obtain = async (request: Request, { name, channel }: Pick<Hook, "name" | "channel">) => {
    const answer = await chat.ask(request)
    if (answer instanceof Refused) return answer.code
    if (answer.type !== "hook") return "internal"
    token = answer.token
    change({ shown: { id: answer.id, name, channel, address: hookAddress(origin, token) }, ...UNTRIED })
    await load()
    return null
  }

  const forget = () => {
    token = ""
    change({ shown: null, ...UNTRIED })
  }

  const { revoke, reloadIfGone } = endingOf("hook", chat, load, (id) => {
    if (store.get().shown?.id === id) forget()
  })

  return {
    store,
    load,
    create: (wanted) => obtain({ type: "hook.create", ...wanted }, wanted),
    rotate: async (former) => reloadIfGone(await obtain({ type: "hook.rotate", id: former.id }, former)),
    revoke: ({ id }) => revoke(id),
    tryOut: async (text) => {
      const { shown, test } = store.get()
      if (shown === null || test === "waiting") return
      change({ test: "waiting", code: "" })
      const code = await post(fetch, `${origin}/hooks/${shown.id}`, token, text, uuid())
      if (store.get().shown !== shown) return
      change(code === null ? { test: "posted" } : { test: "refused", code })
      await load()
    },
    forget,
  }
}

/** Here the secret travels in a header, so that no log has it. With a key of its own, a repeated test posts again. */
async function post(
  fetch: Ports["fetch"],
  address: string,
  token: string,
  body: string,
  key: string,
): Promise<string | null> {
  try {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "text/plain", "Idempotency-Key": key }
    const answer = await fetch(address, { method: "POST", headers, body, credentials: "omit" })
    return answer.ok ? null : parseProblem(await answer.json()).code
  } catch {
    // No network, or an answer that is not ours.
    return "unreachable"
  }
}
