/**
 * The room over a socket, for a tool: says hello, knows what the welcome said, and asks by `ref`.
 *
 * The socket comes back by itself, and questions that may be repeated go out again (core/requests.ts), so whoever asks only
 * waits longer. What happens in the room meanwhile goes to `onFrame`.
 */

import { type Connection, createLine } from "../core/line.ts"
import type { Request, ServerFrame, Welcome } from "../core/protocol.ts"
import { createRequests, Refused, type Requests, type Result } from "../core/requests.ts"
import type { Place } from "./address.ts"
import type { NodePorts } from "./ports.ts"
import { Trouble } from "./trouble.ts"

export interface RoomLine {
  /** The first one: what the room was when the tool came. */
  readonly welcome: Welcome
  readonly requests: Requests
  /** @throws Trouble if the room refuses, or the session is over. */
  ask(request: Request): Promise<Result>
  close(): void
}

export interface LineWatch {
  /** The state of the line has changed. */
  readonly onConnection?: (connection: Connection) => void
  /** Frames that no request waits for: welcomes, events, and so on. */
  readonly onFrame?: (frame: ServerFrame) => void
}

/** Longer than any attempt of the line takes. */
const WELCOME_MS = 60_000

/** @throws Trouble if no welcome comes. */
export async function connect({ room }: Place, ports: NodePorts, watch: LineWatch = {}): Promise<RoomLine> {
  const { clock, origin } = ports
  const welcomed = createExpected<Welcome>()
  const requests = createRequests((frame) => line.send(frame), ports.uuid, clock)
  const stopWaiting = clock.after(WELCOME_MS, () => welcomed.reject(new Trouble("The room does not answer.")))
  let isOver = false

  const line = createLine(
    {
      url: `${origin.replace(/^http/, "ws")}/api/rooms/${room}/socket`,
      WebSocket: ports.WebSocket,
      clock,
      isOnline: ports.isOnline,
    },
    {
      onOpen: () => {
        line.send({ type: "hello", last_seq: null, acks: false, lanes: {} })
        line.send({ type: "visible", visible: false })
        requests.resume()
      },
      onFrame: (frame) => {
        if (frame.type === "welcome") {
          line.markLive()
          welcomed.resolve(frame)
        }
        if (!requests.settle(frame)) watch.onFrame?.(frame)
      },
      onConnection: (connection) => {
        watch.onConnection?.(connection)
        if (connection.status !== "live" && connection.status !== "connecting") requests.interrupt()
      },
      onEnded: (removed) => {
        isOver = true
        requests.abandon()
        welcomed.reject(new Trouble(removed ? "An admin has removed this member." : "The session has ended."))
      },
    },
  )

  try {
    const welcome = await welcomed.promise
    return {
      welcome,
      requests,
      ask: async (request) => {
        try {
          return await requests.ask(request)
        } catch (error) {
          if (isOver) throw new Trouble("The session has ended: somebody has signed it out, or removed the member.")
          throw error instanceof Refused ? new Trouble(`The room refused (${error.code}): ${request.type}.`) : error
        }
      },
      close: line.close,
    }
  } catch (error) {
    line.close()
    throw error
  } finally {
    stopWaiting()
  }
}

function createExpected<T>() {
  let resolve: (value: T) => void = () => undefined
  let reject: (reason: Trouble) => void = () => undefined
  const promise = new Promise<T>((take, refuse) => {
    resolve = take
    reject = refuse
  })
  return { promise, resolve, reject }
}
