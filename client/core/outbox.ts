/**
 * Messages on their way, in the order they were written.
 *
 * Each is in the vault before it is sent and leaves it when the server has acknowledged it, so a reload or a crash
 * loses none; its UUID makes repeating harmless (docs/design: exactly once). One at a time keeps the order even when the
 * server asks to slow down. A tab sends what was written in it, and what tabs that are gone left behind.
 */
import type { Clock, Outgoing, Tabs, Vault } from "./ports.ts"
import type { Acknowledgement, Refusal, SendFrame } from "./protocol.ts"

export interface OutboxEvents {
  onChange(outgoing: readonly Outgoing[]): void
  /** The server has stored it. */
  onAccepted(message: Outgoing, acknowledgement: Acknowledgement): void
}

export interface Outbox {
  add(message: Outgoing): Promise<void>
  retry(id: string): void
  discard(id: string): void
  /** Takes an acknowledgement or a refusal; false if it is for none of these messages. */
  settle(frame: (Acknowledgement & { type: "ack" }) | (Refusal & { type: "error" })): boolean
  /** The message was seen in an event: it is stored, whatever became of the acknowledgement. */
  seen(id: string): void
  resume(): Promise<void>
  interrupt(): void
  /** Reads what earlier pages left in the vault. */
  restore(): Promise<void>
}

const DEFAULT_WAIT_SECONDS = 1

export function createOutbox(
  vault: Vault,
  tabs: Tabs,
  clock: Clock,
  send: (frame: SendFrame) => void,
  events: OutboxEvents,
): Outbox {
  let queue: readonly Outgoing[] = []
  let live = false
  let inFlight: string | null = null
  let stopWaiting: () => void = () => undefined

  const show = (next: readonly Outgoing[]) => {
    queue = next
    events.onChange(queue)
  }

  const pump = () => {
    if (!live || inFlight !== null) return
    const next = queue.find((message) => message.failed === null)
    if (next === undefined) return
    inFlight = next.id
    send(frameOf(next))
  }

  const drop = (id: string) => {
    void vault.dropOutgoing(id)
    if (queue.some((message) => message.id === id)) show(queue.filter((message) => message.id !== id))
    if (inFlight === id) inFlight = null
    pump()
  }

  const mark = (id: string, failed: string | null) => {
    show(queue.map((message) => (message.id === id ? { ...message, failed } : message)))
    const marked = queue.find((message) => message.id === id)
    if (marked !== undefined) void vault.keepOutgoing(marked)
  }

  const refuse = (id: string, refusal: Refusal) => {
    if (refusal.code === "rate_limited" || refusal.code === "internal") {
      stopWaiting = clock.after((refusal.retry_after ?? DEFAULT_WAIT_SECONDS) * 1000, () => {
        inFlight = null
        pump()
      })
      return
    }
    inFlight = null
    mark(id, refusal.code)
    pump()
  }

  const restore = async () => {
    const known = new Set(queue.map((message) => message.id))
    const found: Outgoing[] = []
    for (const message of await vault.outgoing()) {
      if (known.has(message.id)) continue
      if (message.owner !== tabs.own) {
        if (await tabs.isOpen(message.owner)) continue
        if (!(await vault.adoptOutgoing(message.id, message.owner, tabs.own))) continue
      }
      found.push({ ...message, owner: tabs.own })
    }
    if (found.length === 0) return
    const all = [...queue, ...found.filter(({ id }) => !queue.some((message) => message.id === id))]
    show(all.toSorted((a, b) => a.created_at - b.created_at))
  }

  return {
    add: async (message) => {
      show([...queue, message])
      await vault.keepOutgoing(message)
      pump()
    },
    retry: (id) => {
      mark(id, null)
      pump()
    },
    discard: drop,
    settle: (frame) => {
      const message = queue.find(({ id }) => id === frame.ref)
      if (message === undefined) return false
      if (frame.type === "error") refuse(message.id, frame)
      else {
        events.onAccepted(message, frame)
        drop(message.id)
      }
      return true
    },
    seen: (id) => {
      if (queue.some((message) => message.id === id)) drop(id)
    },
    resume: async () => {
      live = true
      inFlight = null
      stopWaiting()
      await restore()
      pump()
    },
    interrupt: () => {
      live = false
      inFlight = null
      stopWaiting()
    },
    restore,
  }
}

function frameOf(message: Outgoing): SendFrame {
  return {
    type: "send",
    id: message.id,
    channel: message.channel,
    body: message.body,
    ...(message.reply_to === undefined ? {} : { reply_to: message.reply_to }),
    ...(message.mentions === undefined ? {} : { mentions: message.mentions }),
  }
}
