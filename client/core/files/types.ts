/**
 * What the parts of pictures and files promise each other: from the picked file to the message, and from the message to the
 * screen. All sizes are bytes.
 */
import type { Hub } from "../hub.ts"
import type { Outgoing } from "../ports.ts"
import type { Watched } from "../watched.ts"

/** A file of a message (docs/protocol.md, "Files"): with its key, so that whoever may read the message may open it. */
export interface FileInfo {
  /** 16 bytes as base64url. */
  readonly id: string
  /** 32 bytes as base64url; they seal nothing but this file and its thumbnail. */
  readonly key: string
  readonly name: string
  readonly type: string
  readonly size: number
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** Milliseconds. */
  readonly duration?: number | undefined
  /** A thumbhash as base64url: what is shown while the picture comes. */
  readonly hash?: string | undefined
  /** What the picture shows, for those who cannot see it. */
  readonly alt?: string | undefined
  readonly thumb?: Thumb | undefined
}

/** What is known of a file before it is sealed. */
export type Sending = Omit<FileInfo, "id" | "key" | "thumb">

export interface Thumb {
  readonly type: string
  readonly size: number
  readonly width: number
  readonly height: number
}

/** A file of a message on its way; its bytes are in the vault. */
export interface OutgoingFile extends FileInfo {
  /** The names of the parts that the server has: they are never sent again. */
  readonly done: readonly string[]
}

/** A file in a composer. */
export interface Picked {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly size: number
  readonly stage: "preparing" | "ready" | "failed"
  /** Why it cannot be sent; `unreadable` also when it went away on the disk. */
  readonly problem: null | "too_large" | "unreadable" | "no_space"
  /** A small picture of it, for the composer. */
  readonly preview: Blob | null
  readonly alt: string
  readonly isOriginal: boolean
  /** A picture that would be made smaller, and may be sent as it is instead. */
  readonly canBeOriginal: boolean
  /** A kind of file whose data about people nobody removes here: PDF, office files. */
  readonly mayHoldPersonalData: boolean
  readonly width?: number | undefined
  readonly height?: number | undefined
}

/** What waits in the composers, by channel. It is kept in the vault, so a reload loses none. */
export interface Attachments {
  readonly store: Watched<Readonly<Record<string, readonly Picked[]>>>
  pick(channel: string, files: readonly File[]): void
  remove(channel: string, id: string): void
  describe(channel: string, id: string, alt: string): void
  chooseOriginal(channel: string, id: string, on: boolean): void
  /** Into a message: everything in the composer that is ready, in its order, when all of it has been prepared. */
  take(channel: string): Promise<readonly OutgoingFile[]>
}

/** How far a file is on its way to the server. */
export interface Transfer {
  readonly sent: number
  readonly total: number
  /** The code of a refusal, or null while it goes well. */
  readonly problem: string | null
}

/** The files of messages on their way. */
export interface Transfers {
  /** By the file's id. */
  readonly store: Watched<Readonly<Record<string, Transfer>>>
  cancel(message: string): void
  retry(message: string): void
}

/** Why a file cannot be shown: it was deleted, it is not what was sealed, or there is no way to the server. */
export type FetchProblem = "gone" | "damaged" | "unreachable"

/** The rejection of a download. */
export class NotFetched extends Error {
  override readonly name = "NotFetched"
  readonly code: FetchProblem

  constructor(code: FetchProblem) {
    super(code)
    this.code = code
  }
}

/** Opened files of messages. Rejects with `NotFetched`, or `AbortError` after `signal`. */
export interface Downloads {
  thumbnail(file: FileInfo): Promise<Blob>
  /** @param onProgress gets the bytes that have come so far. */
  open(file: FileInfo, onProgress?: (bytes: number) => void, signal?: AbortSignal): Promise<Blob>
  /** A file piece by piece, for whoever does not want all of it at once. */
  chunks(file: FileInfo, signal?: AbortSignal): AsyncGenerator<readonly ArrayBuffer[], void>
}

/** What the page shows pictures and files with. */
export interface Files {
  readonly attachments: Attachments
  readonly transfers: Transfers
  readonly downloads: Downloads
  /** Whether something would be lost if the page went away now. */
  mayLose(): boolean
}

/** As the outbox sees it. */
export interface FilesEngine extends Files {
  /** Brings the files of a message to the server, and says so to the outbox; nothing, if that is under way. */
  upload(message: Outgoing): void
  /** A message has left the outbox. */
  finish(message: Outgoing, isSent: boolean): void
  /** Nothing of what waits in this channel's composer stays. */
  forget(channel: string): void
  /** The member is leaving. */
  stop(): void
}

/** The file of the build that has all of it (browser/files.ts). */
export interface FilesModule {
  createFiles(hub: Hub): FilesEngine
}
