/** Everything a signed-in member can see and do: what client/ui is given. */
import type { Files } from "./files/types.ts"
import { createHistory, type History } from "./history.ts"
import { type ChatOptions, type ChatState, createHub, type Follower, RENEWED, without } from "./hub.ts"
import type { Notes } from "./notes.ts"
import type { Clock } from "./ports.ts"
import type { Request, RoomEvent } from "./protocol.ts"
import { Refused, type Result } from "./requests.ts"
import { createSpeaking, type Speaking } from "./speaking.ts"
import type { Watched } from "./watched.ts"

export interface Chat extends Omit<History, "afterStart">, Speaking {
  readonly store: Watched<ChatState>
  readonly clock: Clock
  /** Drafts and preferences of this member. */
  readonly notes: Notes
  /** What sends and opens files: downloaded at the first use, and one for the chat. */
  files(): Promise<Files>
  start(): Promise<void>
  wake(): void
  rest(): void
  /** The page was hidden, or is in sight again: who does not look gets notifications. */
  look(): void
  close(): void
  dismiss(notice: string): void
  /** Shows a short text in passing; `code` chooses the words. */
  showNotice(code: string, name?: string): void
  /** Puts a follower in the place of this chat, which it calls in turn. */
  follow(follower: Follower): void
  /** Lets a listener hear what happens, until what this gives is called. */
  hear(listener: (events: readonly RoomEvent[]) => void): () => void
  /** Shows the replies to a message beside its channel, or none. */
  showThread(thread: ChatState["thread"]): void
  /** Asks the room something: its answer, or why there is none. */
  ask(request: Request): Promise<Result | Refused>
  /** Asks for a change; the refusal's code, or null when it was done. */
  change(request: ChangeRequest): Promise<string | null>
  /** The member has seen an alert. */
  see(alert: string): Promise<void>
  leave(): Promise<void>
}

export type ChangeRequest = Extract<
  Request,
  {
    type:
      | "edit"
      | "notify"
      | "poll.create"
      | "vote"
      | "poll.close"
      | "pin"
      | "star"
      | "unread"
      | "save"
      | "activity.seen"
      | "schedule"
      | "schedule.update"
      | "schedule.send"
      | "schedule.delete"
      | "quiet"
      | "draft"
      | "login.answer"
      | "channel.update"
      | "channel.delete"
      | "channel.add"
      | "channel.remove"
      | "channel.leave"
      | "channel.keeper"
      | "member.remove"
      | "member.role"
      | "ban.lift"
      | "invite.revoke"
      | "room.update"
      | "profile.update"
      | "push.test"
  }
>

interface SessionOptions extends ChatOptions {
  readonly onLeft: () => void
  readonly onRenewedSeen?: () => void
}

export function createChat(options: SessionOptions): Chat {
  let leaving = false
  const hub = createHub({ ...options, onEnded: (removed) => !leaving && options.onEnded(removed) })
  const { requests, ports, store } = hub
  const history = createHistory(hub)
  const speaking = createSpeaking(hub)
  hub.follow(history)

  const ask = async (request: Request): Promise<Result | Refused> => {
    try {
      return await requests.ask(request)
    } catch (error) {
      if (error instanceof Refused) return error
      throw error
    }
  }

  return {
    ...hub,
    ...history,
    ...speaking,
    clock: ports.clock,
    start: async () => {
      await hub.start()
      history.afterStart()
    },
    showNotice: (code, name) => void hub.showNotice(name === undefined ? { code } : { code, name }),
    showThread: (thread) => store.update((state) => ({ ...state, thread })),
    ask,
    change: async (request) => {
      const done = await ask(request)
      return done instanceof Refused ? done.code : null
    },
    see: async (alert) => {
      if (alert === RENEWED) options.onRenewedSeen?.()
      else if (!(await hub.attempt(requests.ask({ type: "alert.seen", id: alert })))) return
      store.update((state) => ({ ...state, alerts: without(state.alerts, alert) }))
    },
    leave: async () => {
      speaking.flush()
      leaving = true
      const answer = await options.api.leave()
      leaving = answer.ok || answer.problem.code !== "unreachable"
      if (!leaving) return void hub.showNotice({ code: "unreachable" })
      hub.close()
      await hub.vault.clear()
      hub.notes.clear()
      options.onLeft()
    },
  }
}
