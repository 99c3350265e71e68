/**
 * The line to the room: a socket that comes back by itself, and knows when it is dead.
 *
 * It says when the next attempt is due, keeps the heartbeat of docs/protocol.md, and knows the close codes after which
 * trying again makes no sense.
 */
import { PING_EVERY_MS, REMOVED, SESSION_ENDED, SUB_PROTOCOL, TOO_MUCH } from "./contract.ts"
import type { Clock } from "./ports.ts"
import { type ClientFrame, parseFrame, type ServerFrame } from "./protocol.ts"

export type Connection =
  | { readonly status: "connecting" }
  | { readonly status: "live" }
  | { readonly status: "waiting"; readonly retry_at: number }
  | { readonly status: "offline" }
  | { readonly status: "ended" }

export interface LineEvents {
  onOpen(): void
  onFrame(frame: ServerFrame): void
  onConnection(connection: Connection): void
  /** The session is over (4401): the member has to sign in again. */
  onEnded(removed: boolean): void
}

export interface Line {
  send(frame: ClientFrame): void
  /** The welcome has come: from here on the line counts as live. */
  markLive(): void
  /** Tries again at once, or checks a line that may have died unnoticed. */
  wake(): void
  /** The browser lost its network. */
  rest(): void
  close(): void
}

/** A line that has not answered a ping for this long is dead. */
const SILENCE_MS = 8_000
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000
const RETRY_GROWTH = 1.7
const CONNECT_TIMEOUT_MS = 10_000
/** A connection that lasted this long resets the waiting times. */
const STEADY_MS = 5_000
const TOO_MUCH_WAIT_MS = 15_000
/** A WebSocket's `readyState` while one may send. */
const OPEN = 1

export interface LineOptions {
  readonly url: string
  readonly WebSocket: typeof globalThis.WebSocket
  readonly clock: Clock
  readonly isOnline: () => boolean
  /** So that a thousand browsers do not come back in the same instant: 0 to 1. */
  readonly jitter?: number
}

export function createLine(options: LineOptions, events: LineEvents): Line {
  const { clock } = options
  const firstRetryMs = FIRST_RETRY_MS * (1 + (options.jitter ?? 0))
  let live = false
  let closed = false
  /** Null while none is dialled: whatever a former one still says is not heard. */
  let socket: WebSocket | null = null
  /** How many lines were lost since one was last steady. */
  let losses = 0
  let dials = 0
  let stopDial: () => void = () => undefined
  let stopSteady: () => void = () => undefined
  let stopPing: () => void = () => undefined
  let stopSilence: () => void = () => undefined
  dial()

  function dial() {
    const made = new options.WebSocket(options.url, [SUB_PROTOCOL])
    socket = made
    const heard =
      <E>(then: (event: E) => void) =>
      (event: E) => {
        if (socket === made) then(event)
      }
    stopDial = clock.after(CONNECT_TIMEOUT_MS, () => lost({ code: 0, reason: "" }))
    made.addEventListener("open", heard(opened))
    made.addEventListener("message", heard(received))
    made.addEventListener("close", heard(lost))
    made.addEventListener(
      "error",
      heard(() => lost({ code: 0, reason: "" })),
    )
  }

  function hangUp() {
    for (const stop of [stopDial, stopSteady, stopPing, stopSilence]) stop()
    live = false
    dials += 1
    const former = socket
    socket = null
    former?.close()
  }

  function redial() {
    hangUp()
    losses = 0
    events.onConnection({ status: "connecting" })
    // Once, if several things wake it in the same moment.
    const turn = ++dials
    void Promise.resolve().then(() => {
      if (turn === dials) dial()
    })
  }

  function opened() {
    stopDial()
    stopSteady = clock.after(STEADY_MS, () => {
      losses = 0
    })
    events.onConnection({ status: "connecting" })
    schedulePing()
    events.onOpen()
  }

  function received({ data }: MessageEvent) {
    stopSilence()
    if (data === "pong") return
    const frame = readFrame(data)
    if (frame !== null) events.onFrame(frame)
  }

  function lost({ code, reason }: { code: number; reason: string }) {
    hangUp()
    if (code === SESSION_ENDED) return end(reason === REMOVED)
    losses += 1
    const ms = code === TOO_MUCH ? TOO_MUCH_WAIT_MS : retryMs()
    stopDial = clock.after(ms, dial)
    const offline = code !== TOO_MUCH && !options.isOnline()
    events.onConnection(offline ? { status: "offline" } : { status: "waiting", retry_at: clock.now() + ms })
  }

  function end(removed: boolean) {
    closed = true
    events.onConnection({ status: "ended" })
    events.onEnded(removed)
  }

  /** Longer with each attempt since the line was last steady. */
  function retryMs() {
    return Math.min(firstRetryMs * RETRY_GROWTH ** (losses - 1), LONGEST_RETRY_MS)
  }

  function ping() {
    stopSilence()
    if (socket?.readyState !== OPEN) return
    socket.send("ping")
    stopSilence = clock.after(SILENCE_MS, redial)
  }

  function schedulePing() {
    stopPing()
    stopPing = clock.after(PING_EVERY_MS, () => {
      ping()
      schedulePing()
    })
  }

  return {
    send: (frame) => {
      if (socket?.readyState === OPEN) socket.send(JSON.stringify(frame))
    },
    markLive: () => {
      live = true
      events.onConnection({ status: "live" })
    },
    wake: () => {
      if (closed) return
      if (live) ping()
      else redial()
    },
    rest: () => {
      if (closed) return
      hangUp()
      events.onConnection({ status: "offline" })
      // Browsers take other networks for none at times (a VPN that comes and goes), and say nothing when they know better.
      stopDial = clock.after(LONGEST_RETRY_MS, redial)
    },
    close: () => {
      closed = true
      hangUp()
    },
  }
}

/** A frame that cannot be read is dropped: the next resume brings what it held. */
function readFrame(data: string): ServerFrame | null {
  try {
    return parseFrame(data)
  } catch (error) {
    console.error("unreadable frame", error)
    return null
  }
}
