/**
 * Messages on their way, in the order they were written.
 *
 * Each is in the vault before it is sent and leaves it when the server has acknowledged it, so a reload or a crash
 * loses none; its UUID makes repeating harmless (docs/design: exactly once). One at a time keeps the order even when the
 * server asks to slow down. A tab sends what was written in it, and what tabs that are gone left behind. A message waits until
 * its files are with the server (files/uploads.ts), and later ones of its channel wait behind it.
 */
import type { Clock, Outgoing, Tabs, Vault } from "./ports.ts"
import type { Acknowledgement, Refusal, SendFrame } from "./protocol.ts"

export interface OutboxEvents {
  onChange(outgoing: readonly Outgoing[]): void
  /** The server has stored it. */
  onAccepted(message: Outgoing, acknowledgement: Acknowledgement): void
  /** It is its turn, and its files are not with the server. Called again whenever the line is back. */
  onWaiting(message: Outgoing): void
  /** It has left the outbox; `isSent`: for the server. */
  onGone(message: Outgoing, isSent: boolean): void
}

export interface Outbox {
  add(message: Outgoing): Promise<void>
  retry(id: string): void
  discard(id: string): void
  /** Forgets everything for a channel, what tabs that are gone left behind as well. */
  wipe(channel: string): void
  /** Notes how far a message is; nothing if it has left. */
  amend(id: string, change: Partial<Pick<Outgoing, "failed" | "files" | "uploaded">>): void
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
  /** Channels that are gone: what other tabs left for them is not taken over. */
  const wiped = new Set<string>()
  /** Those whose files were sent once more, as the server did not have all of them. */
  const repeated = new Set<string>()
  let stopWaiting: () => void = () => undefined

  const show = (next: readonly Outgoing[]) => {
    queue = next
    events.onChange(queue)
  }

  const pump = () => {
    if (!live || inFlight !== null) return
    const held = new Set<string>()
    for (const message of queue) {
      if (message.failed !== null || held.has(message.channel)) continue
      if (message.files === undefined || message.uploaded) {
        inFlight = message.id
        return send(frameOf(message))
      }
      held.add(message.channel)
      events.onWaiting(message)
    }
  }

  const drop = (id: string, isSent: boolean) => {
    void vault.dropOutgoing(id)
    const gone = queue.find((message) => message.id === id)
    if (gone !== undefined) {
      show(queue.filter((message) => message !== gone))
      events.onGone(gone, isSent)
    }
    if (inFlight === id) inFlight = null
    pump()
  }

  const amend: Outbox["amend"] = (id, change) => {
    show(queue.map((message) => (message.id === id ? { ...message, ...change } : message)))
    const amended = queue.find((message) => message.id === id)
    if (amended !== undefined) void vault.keepOutgoing(amended)
    pump()
  }

  const refuse = ({ id, files }: Outgoing, refusal: Refusal) => {
    if (refusal.code === "rate_limited" || refusal.code === "internal") {
      stopWaiting = clock.after((refusal.retry_after ?? DEFAULT_WAIT_SECONDS) * 1000, () => {
        inFlight = null
        pump()
      })
      return
    }
    inFlight = null
    if (refusal.detail.startsWith("files") && files !== undefined && !repeated.has(id)) {
      repeated.add(id)
      return amend(id, { uploaded: false, files: files.map((file) => ({ ...file, done: [] })) })
    }
    amend(id, { failed: refusal.code })
  }

  const restore = async () => {
    const known = new Set(queue.map((message) => message.id))
    const found: Outgoing[] = []
    for (const message of await vault.outgoing()) {
      if (known.has(message.id) || wiped.has(message.channel)) continue
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
    retry: (id) => amend(id, { failed: null }),
    discard: (id) => drop(id, false),
    wipe: (channel) => {
      wiped.add(channel)
      for (const message of queue) if (message.channel === channel) drop(message.id, false)
      void vault.outgoing().then((all) => {
        for (const message of all) if (message.channel === channel) void vault.dropOutgoing(message.id)
      })
    },
    amend,
    settle: (frame) => {
      const message = queue.find(({ id }) => id === frame.ref)
      if (message === undefined) return false
      if (frame.type === "error") refuse(message, frame)
      else {
        events.onAccepted(message, frame)
        drop(message.id, true)
      }
      return true
    },
    seen: (id) => {
      if (queue.some((message) => message.id === id)) drop(id, true)
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
    ...(message.files === undefined ? {} : { files: message.files.map(({ done, ...file }) => file) }),
  }
}
