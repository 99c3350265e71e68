/**
 * The line to the room: a socket that comes back by itself, and knows when it is dead.
 *
 * partysocket reconnects; this adds the heartbeat of docs/protocol.md, when the next attempt is due, and the close
 * codes after which trying again makes no sense.
 */
import ReconnectingSocket from "partysocket/ws"
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
  const pause = createPause(clock)
  let live = false
  let closed = false
  let resting = false
  let redialling = false
  let stopPing: () => void = () => undefined
  let stopSilence: () => void = () => undefined
  let stopRest: () => void = () => undefined
  // partysocket asks for the address before each attempt. It gets it when the attempt is due: so the line knows when that is,
  // and can make it sooner. Its own waiting, of which it says nothing (1.3.0), is none.
  const address = async () => {
    await pause.over()
    return options.url
  }
  const socket = new ReconnectingSocket(address, [SUB_PROTOCOL], {
    WebSocket: options.WebSocket,
    minReconnectionDelay: 0,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    minUptime: STEADY_MS,
    maxEnqueuedMessages: 0,
    shouldReconnectOnClose: ({ code }) => code !== SESSION_ENDED,
  })
  socket.addEventListener("open", opened)
  socket.addEventListener("message", received)
  socket.addEventListener("close", lost)

  function redial() {
    hush()
    live = false
    resting = false
    events.onConnection({ status: "connecting" })
    // Giving up what there is counts as a loss, too; it says nothing new.
    redialling = true
    socket.reconnect()
    redialling = false
    pause.end()
  }

  function opened() {
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
    hush()
    live = false
    if (closed || resting || redialling) return
    if (code === SESSION_ENDED) return end(reason === REMOVED)
    const ms = code === TOO_MUCH ? TOO_MUCH_WAIT_MS : retryMs()
    pause.begin(ms)
    const offline = code !== TOO_MUCH && !options.isOnline()
    events.onConnection(offline ? { status: "offline" } : { status: "waiting", retry_at: clock.now() + ms })
  }

  function end(removed: boolean) {
    closed = true
    socket.close()
    events.onConnection({ status: "ended" })
    events.onEnded(removed)
  }

  /** Longer with each attempt since the line was last steady. */
  function retryMs() {
    return Math.min(firstRetryMs * RETRY_GROWTH ** Math.max(0, socket.retryCount - 1), LONGEST_RETRY_MS)
  }

  function ping() {
    stopSilence()
    if (socket.readyState !== socket.OPEN) return
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

  function hush() {
    stopPing()
    stopSilence()
    stopRest()
  }

  return {
    send: (frame) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
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
      resting = true
      hush()
      live = false
      socket.close()
      events.onConnection({ status: "offline" })
      // Browsers take other networks for none at times (a VPN that comes and goes), and say nothing when they know better.
      stopRest = clock.after(LONGEST_RETRY_MS, redial)
    },
    close: () => {
      closed = true
      hush()
      socket.close()
    },
  }
}

/** The time until the next attempt, which somebody may end. */
function createPause({ after }: Clock) {
  let waiting: Promise<void> | null = null
  let finish: () => void = () => undefined
  let stopClock: () => void = () => undefined
  const end = () => {
    stopClock()
    waiting = null
    finish()
  }
  return {
    begin: (ms: number) => {
      end()
      waiting = new Promise((resolve) => {
        finish = resolve
      })
      stopClock = after(ms, end)
    },
    end,
    /** Also of a pause that began while another was waited for. */
    over: async () => {
      while (waiting !== null) await waiting
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
