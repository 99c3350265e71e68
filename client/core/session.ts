/** Everything a signed-in member can see and do: what client/ui is given. */
import type { Answer, Api } from "./api.ts"
import { type ChatOptions, type ChatState, createCore, type Follower, RENEWED, without } from "./chat.ts"
import { createHistory, type History } from "./history.ts"
import { createNotes, type Notes } from "./notes.ts"
import type { Clock } from "./ports.ts"
import type { Acknowledgement, Ban, Device, Level, Request, Stats } from "./protocol.ts"
import { Refused } from "./requests.ts"
import { markNotify } from "./room.ts"
import { createSpeaking, type Speaking } from "./speaking.ts"
import type { Store } from "./store.ts"

export interface Chat extends Omit<History, "afterStart" | keyof Follower>, Speaking {
  readonly store: Store<ChatState>
  readonly clock: Clock
  /** Drafts and preferences of this member. */
  readonly notes: Notes
  start(): Promise<void>
  wake(): void
  rest(): void
  /** The page was hidden, or is in sight again: who does not look gets notifications. */
  look(): void
  close(): void
  dismiss(notice: string): void
  notify(code: string, name?: string): void
  createChannel(name: string, topic: string): Promise<string | Refused>
  /** Asks for a change; the refusal's code, or null when it was done. */
  change(request: ChangeRequest): Promise<string | null>
  /** Chooses what to be notified of in a channel. */
  setNotify(channel: string, level: Level): Promise<void>
  answer(question: string, approve: boolean): Promise<void>
  /** Closes a question without an answer; its code stays valid. */
  setAside(question: string): void
  /** The member has seen an alert. */
  see(alert: string): Promise<void>
  devices(): Promise<Answer<readonly Device[]>>
  endDevice(id: string): Promise<Answer<null>>
  stats(): Promise<Answer<Stats>>
  /** Whom admins keep out; null if the server could not be asked. */
  bans(): Promise<readonly Ban[] | null>
  leave(): Promise<void>
}

export type ChangeRequest = Extract<
  Request,
  { type: "channel.update" | "channel.delete" | "member.remove" | "ban.lift" | "room.update" | "push.test" }
>

interface SessionOptions extends ChatOptions {
  readonly api: Api
  readonly onLeft: () => void
  readonly onRenewedSeen?: () => void
}

export function createChat(options: SessionOptions): Chat {
  let leaving = false
  const core = createCore({ ...options, onEnded: (removed) => !leaving && options.onEnded(removed) })
  const { requests, ports, store } = core
  const history = createHistory(core)
  const speaking = createSpeaking(core)
  const notes = createNotes(ports.shelf, core.shelfKey)
  core.follow(history)

  const refusedCode = async (request: Promise<unknown>): Promise<string | null> => {
    try {
      await request
      return null
    } catch (error) {
      if (error instanceof Refused) return error.code
      throw error
    }
  }

  return {
    ...history,
    ...speaking,
    store,
    clock: ports.clock,
    notes,
    start: async () => {
      await core.start()
      history.afterStart()
    },
    wake: core.wake,
    rest: core.rest,
    look: core.look,
    close: core.close,
    dismiss: core.dismiss,
    notify: (code, name) => void core.notify(name === undefined ? { code } : { code, name }),
    createChannel: async (name, topic) => {
      try {
        const done = await requests.ask({ type: "channel.create", name, ...(topic === "" ? {} : { topic }) })
        return channelOf(done)
      } catch (error) {
        if (error instanceof Refused) return error
        throw error
      }
    },
    change: (request) => refusedCode(requests.ask(request)),
    setNotify: async (channel, level) => {
      if (await core.attempt(requests.ask({ type: "notify", channel, level })))
        core.changeRoom((room) => markNotify(room, channel, level))
    },
    answer: async (question, approve) => {
      await core.attempt(requests.ask({ type: "login.answer", id: question, approve }))
      store.update((state) => ({ ...state, questions: state.questions.filter(({ id }) => id !== question) }))
    },
    setAside: (question) =>
      store.update((state) => ({ ...state, questions: state.questions.filter(({ id }) => id !== question) })),
    see: async (alert) => {
      if (alert === RENEWED) options.onRenewedSeen?.()
      else if (!(await core.attempt(requests.ask({ type: "alert.seen", id: alert })))) return
      store.update((state) => ({ ...state, alerts: without(state.alerts, alert) }))
    },
    devices: options.api.devices,
    endDevice: options.api.endDevice,
    stats: options.api.stats,
    bans: async () => {
      try {
        const done = await requests.ask({ type: "bans" })
        return done !== null && "bans" in done ? done.bans : null
      } catch (error) {
        if (error instanceof Refused) return null
        throw error
      }
    },
    leave: async () => {
      speaking.flush()
      leaving = true
      const answer = await options.api.leave()
      leaving = answer.ok || answer.problem.code !== "unreachable"
      if (!leaving) return void core.notify({ code: "unreachable" })
      core.close()
      await core.vault.clear()
      notes.clear()
      options.onLeft()
    },
  }
}

function channelOf(done: Acknowledgement | object | null): string {
  if (done !== null && "channel" in done && typeof done.channel === "string") return done.channel
  throw new Refused("internal")
}
