/** What the engine of files needs of the world: client/browser/files.ts has the real one, fakes.ts the scripted one. */
import type { FileInfo } from "./types.ts"

/** A file in a composer or of a message on its way, as the vault keeps it: its bytes stand beside it. */
export interface KeptFile {
  readonly id: string
  readonly channel: string
  /** The tab that prepares it. */
  readonly owner: string
  /** Its place among the others of its composer. */
  readonly order: number
  /** As it was picked. */
  readonly name: string
  readonly type: string
  readonly size: number
  readonly alt: string
  readonly isOriginal: boolean
  readonly problem: null | "too_large" | "unreadable"
  /** What is to be sent; null, or of the other size, while it is being prepared. */
  readonly prepared: Prepared | null
  /** It belongs to a message. */
  readonly isTaken: boolean
}

/** The bytes of a file: as it was picked, as it is sent, and its thumbnail. */
export const PIECES = ["source", "whole", "thumb"] as const
export type Piece = (typeof PIECES)[number]
export type Pieces = Partial<Record<Piece, Blob | null>>

export interface FileVault {
  all(): Promise<readonly KeptFile[]>
  /**
   * Keeps a file, and pieces of it; null forgets a piece. Resolves when the copies are there: whatever happens to the file on
   * the disk, they stay as they are. Rejects with a DOMException, `QuotaExceededError` if there is no room for it.
   */
  keep(file: KeptFile, pieces?: Pieces): Promise<void>
  piece(id: string, piece: Piece): Promise<Blob | null>
  /** Changes a file if `change` does not give null; no other tab comes in between. */
  change(id: string, change: (file: KeptFile) => KeptFile | null): Promise<KeptFile | null>
  drop(ids: readonly string[]): Promise<void>
  /** False: it lasts no longer than the page. */
  isLasting(): boolean
}

/** What is known of a file that is ready. */
export interface Prepared extends Omit<FileInfo, "id" | "key" | "alt"> {
  readonly isOriginal: boolean
  readonly canBeOriginal: boolean
  readonly mayHoldPersonalData: boolean
}

/** Makes of a picked file what is sent. Rejects if it cannot be read. */
export type Prepare = (
  source: Blob,
  given: { readonly name: string; readonly type: string; readonly isOriginal: boolean },
) => Promise<{ readonly prepared: Prepared; readonly whole: Blob; readonly thumb: Blob | null }>

export interface Stored {
  /** 0: there was no answer. */
  readonly status: number
  readonly code: string
  readonly retry_after: number | null
}

/** Sends a part. Never rejects; `onProgress` gets the bytes that have gone. */
export type Put = (
  url: string,
  ticket: string,
  sealed: Uint8Array<ArrayBuffer>,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
) => Promise<Stored>

export interface FilePorts {
  readonly vault: FileVault
  readonly prepare: Prepare
  readonly put: Put
  readonly random: (bytes: number) => Uint8Array
}
