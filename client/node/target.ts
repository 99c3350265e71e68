/** The room into which an import goes, for tools: core/importing/room.ts over a socket of Node's. */
import type { Put, Stored } from "../core/files/ports.ts"
import { createPatience } from "../core/importing/patience.ts"
import type { Here, Room } from "../core/importing/room.ts"
import { createUploading } from "../core/importing/uploading.ts"
import { problemCode } from "../core/problem.ts"
import type { ServerFrame } from "../core/protocol.ts"
import { Refused } from "../core/requests.ts"
import type { Place } from "./address.ts"
import type { Entered } from "./entering.ts"
import type { RoomLine } from "./line.ts"
import type { NodePorts } from "./ports.ts"

/** What a repetition cannot harm: it goes out again after a while, whatever happened to it. */
const REPEATABLE = ["import", "history", "channel.update", "direct.open"]

export interface Target extends Room {
  /** Frames that nobody asked for: a welcome says how the room is now. */
  hear(frame: ServerFrame): void
}

/** @param patienceMs how long the room is waited for that does not take something. */
export function targetOf(
  { origin, room }: Place,
  ports: NodePorts,
  { api }: Entered,
  line: RoomLine,
  patienceMs: number,
  signal: AbortSignal,
): Target {
  let here: Here = line.welcome
  const patience = () => createPatience(ports.clock, patienceMs, signal)
  const uploading = createUploading({
    api,
    put: putWith(ports.fetch),
    subtle: ports.subtle,
    random: ports.random,
    base: `${origin}/api/rooms/${room}`,
    patience,
    signal,
  })
  return {
    here: () => here,
    now: ports.clock.now,
    subtle: ports.subtle,
    ask: async (request) => {
      const wait = patience()
      for (;;) {
        signal.throwIfAborted()
        try {
          return await line.requests.ask(request)
        } catch (error) {
          signal.throwIfAborted()
          if (!(error instanceof Refused) || !["unreachable", "internal"].includes(error.code)) throw error
          await wait(error.code, null)
          if (error.code === "unreachable" && !REPEATABLE.includes(request.type)) throw error
        }
      }
    },
    upload: uploading.upload,
    giveUp: uploading.giveUp,
    hear: (frame) => {
      if (frame.type === "welcome") here = frame
    },
  }
}

/** A part that does not move for so long has lost its network. */
const PART_MS = 120_000

function putWith(fetch: typeof globalThis.fetch): Put {
  return async (url, ticket, sealed, _, signal): Promise<Stored> => {
    try {
      const answer = await fetch(url, {
        method: "PUT",
        headers: { "Content-Type": "application/octet-stream", "Upload-Ticket": ticket },
        body: sealed,
        signal: AbortSignal.any([signal, AbortSignal.timeout(PART_MS)]),
      })
      const seconds = Number(answer.headers.get("Retry-After"))
      return {
        status: answer.status,
        code: problemCode(await answer.text()),
        retry_after: seconds > 0 ? seconds : null,
      }
    } catch {
      return { status: 0, code: "unreachable", retry_after: null }
    }
  }
}
