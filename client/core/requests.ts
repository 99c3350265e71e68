/**
 * Requests that wait for their answer by `ref`.
 *
 * One that may be repeated outlives a lost line and goes out again with the next; `rate_limited` is waited out and
 * sent again (docs/protocol.md, "Error codes"). Messages do not come this way: outbox.ts.
 */
import type { Clock } from "./ports.ts"
import type { ClientFrame, Refusal, Request, ServerFrame } from "./protocol.ts"

/** The server said no, or could not be asked. `code` as in docs/protocol.md, or `unreachable`; `detail` is for programs. */
export class Refused extends Error {
  override readonly name = "Refused"
  readonly code: string
  readonly detail: string

  constructor(code: string, detail = "") {
    super(code)
    this.code = code
    this.detail = detail
  }
}

/** What answers a request, a refusal aside. */
export type Result = Exclude<Extract<ServerFrame, { ref: unknown }>, { type: "error" }>

interface Waiting {
  readonly frame: Request & { ref: string }
  readonly resolve: (result: Result) => void
  readonly reject: (reason: Refused) => void
}

export interface Requests {
  ask(request: Request): Promise<Result>
  /** Takes an answer; false if nobody waits for it. */
  settle(frame: ServerFrame): boolean
  /** The line is open, and the hello is said. */
  resume(): void
  /** The line is lost. */
  interrupt(): void
  /** The member left: nothing will be answered any more. */
  abandon(): void
}

/** What may be asked for without a line, and goes out with the next one. A form that is sent says that there is none. */
const PATIENT: ReadonlySet<Request["type"]> = new Set(["edit", "delete", "react", "history", "file.tickets"])
const REPEATABLE: ReadonlySet<Request["type"]> = new Set([
  ...PATIENT,
  "poll.create",
  "vote",
  "poll.close",
  "pin",
  "save",
  "saved",
  "activity",
  "activity.seen",
  "quiet",
  "former",
  "channel.update",
  "notify",
  "star",
  "room.update",
  "profile.update",
  "search",
  "import",
])
const DEFAULT_WAIT_SECONDS = 1

export function createRequests(send: (frame: ClientFrame) => void, uuid: () => string, clock: Clock): Requests {
  const waiting = new Map<string, Waiting>()
  let live = false

  const rejectAll = (which: (request: Waiting) => boolean) => {
    for (const [ref, request] of [...waiting]) {
      if (!which(request)) continue
      waiting.delete(ref)
      request.reject(new Refused("unreachable"))
    }
  }

  const refuse = (request: Waiting, refusal: Refusal) => {
    // Meanwhile somebody may look for something else.
    if (refusal.code !== "rate_limited" || request.frame.type === "search") {
      waiting.delete(request.frame.ref)
      request.reject(new Refused(refusal.code, refusal.detail))
      return
    }
    clock.after((refusal.retry_after ?? DEFAULT_WAIT_SECONDS) * 1000, () => {
      if (live && waiting.has(request.frame.ref)) send(request.frame)
    })
  }

  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (!live && !PATIENT.has(request.type)) return reject(new Refused("unreachable"))
        const frame = { ...request, ref: uuid() }
        waiting.set(frame.ref, { frame, resolve, reject })
        if (live) send(frame)
      }),
    settle: (frame) => {
      if (!("ref" in frame) || frame.ref === null) return false
      const request = waiting.get(frame.ref)
      if (request === undefined) return false
      if (frame.type === "error") {
        refuse(request, frame)
        return true
      }
      waiting.delete(frame.ref)
      request.resolve(frame)
      return true
    },
    resume: () => {
      live = true
      for (const { frame } of waiting.values()) send(frame)
    },
    interrupt: () => {
      live = false
      rejectAll(({ frame }) => !REPEATABLE.has(frame.type))
    },
    abandon: () => {
      live = false
      rejectAll(() => true)
    },
  }
}
