/** The files of an export: which there are, and their bytes one after the other. */
import { type FileInfo, NotFetched } from "../files/types.ts"
import type { Message } from "../protocol.ts"
import type { Manifest } from "./records.ts"
import type { Source } from "./source.ts"

export interface Collected {
  readonly files: Map<string, FileInfo>
  readonly missing: Manifest["missing_files"][number][]
  /** Files that a browser may take for a page when it opens them: archive.html links to none of them. */
  readonly pages: Set<string>
}

export const collect = (): Collected => ({ files: new Map(), missing: [], pages: new Set() })

export function remember({ files }: Collected, messages: readonly Message[]): void {
  for (const message of messages) {
    if (message.state === "said") for (const file of message.files) files.set(file.id, file)
  }
}

/** Waits between attempts, in ms: a line that is gone for two minutes is waited for. */
const PAUSES = [1_000, 2_000, 5_000, 15_000, 30_000, 60_000]
/** After so many files in a row that cannot be had, there is no way to any. */
const MOST_UNREACHABLE = 3

/**
 * Fetches files so that one that breaks goes on where it was.
 *
 * A file that cannot be had is noted as missing, and what came of it is no part of the export.
 *
 * @throws NotFetched if no file can be had any more.
 */
export function createReading(source: Source, collected: Collected, signal: AbortSignal) {
  let unreachable = 0

  return async function* bytesOf(file: FileInfo): AsyncGenerator<Uint8Array, void> {
    let come = 0
    for (let attempt = 0; ; attempt++) {
      try {
        for await (const chunk of after(come, source.chunks(file, signal))) {
          if (come === 0 && looksLikePage(chunk)) collected.pages.add(file.id)
          come += chunk.length
          attempt = 0
          yield chunk
        }
        unreachable = 0
        return
      } catch (error) {
        if (!(error instanceof NotFetched)) throw error
        const pause = error.code === "unreachable" ? PAUSES[attempt] : undefined
        if (pause !== undefined) {
          await source.wait(pause)
          signal.throwIfAborted()
          continue
        }
        unreachable = error.code === "unreachable" ? unreachable + 1 : 0
        if (unreachable === MOST_UNREACHABLE) throw error
        collected.missing.push({ id: file.id, reason: error.code })
        return
      }
    }
  }
}

/** What of a file has not come yet. */
async function* after(come: number, chunks: AsyncGenerator<readonly ArrayBuffer[], void>) {
  let passed = 0
  for await (const together of chunks) {
    for (const chunk of together) {
      const bytes = new Uint8Array(chunk)
      const rest = bytes.subarray(Math.max(0, come - passed))
      passed += bytes.length
      if (passed > come && rest.length > 0) yield rest
    }
  }
}

/** Whether a browser could take it for HTML or XML: after spaces and a mark of its encoding comes `<`. */
function looksLikePage(bytes: Uint8Array): boolean {
  if ((bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0xff && bytes[1] === 0xfe)) return true
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 1_024))
  return /^(ï»¿)?[\s\0]*</.test(text)
}
