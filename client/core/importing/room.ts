/** The room into which an import goes, as the tool that does it sees it. client/node/target.ts has the real one. */

import type { FileInfo, Sending } from "../files/types.ts"
import type { Request, Welcome } from "../protocol.ts"
import type { Result } from "../requests.ts"

/** What the newest welcome said. */
export type Here = Pick<
  Welcome,
  "member" | "members" | "former_members" | "channels" | "retention_days" | "limits" | "direct_messages"
>

export interface Room {
  here(): Here
  now(): number
  /**
   * Waits for a line, and for a room that is busy.
   *
   * @throws Refused with `unreachable` if the line broke before an answer to what may not be repeated; Stopped if the room
   * takes nothing any more.
   */
  ask(request: Request): Promise<Result>
  /** Seals a file and brings its parts to the room. @throws Stopped, NotTaken */
  upload(channel: string, file: Sending, bytes: ReadableStream<Uint8Array>): Promise<FileInfo>
  /** Gives files up that no message has. Never rejects. */
  giveUp(files: readonly string[]): Promise<void>
  readonly subtle: SubtleCrypto
}

/** A file that the room does not take, or that is not what was said of it. */
export class NotTaken extends Error {
  override readonly name = "NotTaken"
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** The import cannot go on now; started again, it does. */
export class Stopped extends Error {
  override readonly name = "Stopped"
  /** A code of the wire contract. */
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}
