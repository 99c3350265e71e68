/**
 * What the core needs of the world, so that it runs without one in tests.
 *
 * client/browser/ports.ts is the real world; core/fakes.ts the scripted one.
 */
import type { OutgoingFile } from "./files/types.ts"
import type { SendFrame } from "./protocol.ts"

export interface Clock {
  now(): number
  /** Calls `action` once, `ms` from now; the result calls it off. */
  after(ms: number, action: () => void): () => void
}

/** Small things that survive a reload: localStorage, or as much of it as the browser allows. */
export interface Shelf {
  get(key: string): string | null
  set(key: string, value: string): void
  remove(key: string): void
  /** Removes everything whose key begins so. */
  clear(prefix: string): void
  /** Calls `listener` when another tab of this browser has changed something. */
  watch(listener: (key: string, value: string | null, former: string | null) => void): () => void
}

/** A message on its way: named by this browser, not yet known to be stored by the server. */
export interface Outgoing extends Omit<SendFrame, "type" | "files"> {
  readonly created_at: number
  /** The tab that sends it. */
  readonly owner: string
  /** The server's refusal; null while it is still to be sent. */
  readonly failed: string | null
  readonly reply_seq?: number
  /** They have to be with the server before the message is sent. */
  readonly files?: readonly OutgoingFile[]
  readonly uploaded?: boolean
}

/** Larger things that survive a reload (IndexedDB), per room and member. */
export interface Vault {
  outgoing(): Promise<readonly Outgoing[]>
  keepOutgoing(message: Outgoing): Promise<void>
  dropOutgoing(id: string): Promise<void>
  /** Hands a message to another tab in one transaction; false if its owner is no longer `from`. */
  adoptOutgoing(id: string, from: string, to: string): Promise<boolean>
  snapshot(): Promise<unknown>
  keepSnapshot(value: unknown): Promise<void>
  /** Forgets everything, when the member leaves. */
  clear(): Promise<void>
}

/** The other tabs of this browser. */
export interface Tabs {
  readonly own: string
  isOpen(tab: string): Promise<boolean>
}

export interface Ports {
  readonly fetch: typeof globalThis.fetch
  readonly WebSocket: typeof globalThis.WebSocket
  readonly subtle: SubtleCrypto
  readonly uuid: () => string
  readonly clock: Clock
  readonly shelf: Shelf
  readonly tabs: Tabs
  readonly openVault: (room: string, member: string) => Vault
  /** Where the server is: `https://chat.example`, without a slash at the end. */
  readonly origin: string
  readonly isOnline: () => boolean
  /** Whether somebody may be looking at the page. */
  readonly isVisible: () => boolean
}
