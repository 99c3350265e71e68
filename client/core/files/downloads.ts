/**
 * Fetches files of messages and opens them, part by part.
 *
 * What is in this browser is not fetched: files on their way, and small pictures for a while after they were sent or shown.
 */
import type { Hub } from "../hub.ts"
import { createFetching } from "./fetching.ts"
import { THUMBNAIL } from "./layout.ts"
import type { FilePorts, Piece } from "./ports.ts"
import type { Downloads, FileInfo } from "./types.ts"

/** How many small pictures are kept open. */
const KEPT = 200
/** Larger ones are fetched again. */
const KEPT_BYTES = 300_000

export interface KeepingDownloads extends Downloads {
  /** Keeps what is about to leave the vault. */
  remember(files: readonly FileInfo[]): Promise<void>
}

export function createDownloads(hub: Hub, { vault }: FilePorts): KeepingDownloads {
  const fetching = createFetching(hub)
  const kept = new Map<string, Promise<Blob>>()

  const keep = (key: string, blob: Promise<Blob>) => {
    kept.set(key, blob)
    blob.catch(() => kept.delete(key))
    const [oldest] = kept.keys()
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return blob
  }

  const fetchWhole = async (file: FileInfo, onProgress: (bytes: number) => void, signal?: AbortSignal) => {
    const plain: ArrayBuffer[] = []
    let come = 0
    for await (const chunks of fetching.chunks(file, signal)) {
      plain.push(...chunks)
      come += chunks.reduce((sum, { byteLength }) => sum + byteLength, 0)
      onProgress(come)
    }
    return new Blob(plain, { type: file.type })
  }

  const fetchThumbnail = async (file: FileInfo, type: string) => new Blob([await fetching.thumbnail(file)], { type })

  /** From the vault, or from the server. */
  const here = async ({ id }: FileInfo, piece: Piece, fetched: () => Promise<Blob>) =>
    (await vault.piece(id, piece).catch(() => null)) ?? fetched()

  const open: Downloads["open"] = (file, onProgress = () => undefined, signal) =>
    kept.get(file.id) ?? here(file, "whole", () => fetchWhole(file, onProgress, signal))

  const thumbnail: Downloads["thumbnail"] = (file) => {
    const { id, size, thumb } = file
    if (thumb === undefined) return kept.get(id) ?? (size > KEPT_BYTES ? open(file) : keep(id, open(file)))
    const key = `${id}/${THUMBNAIL}`
    return (
      kept.get(key) ??
      keep(
        key,
        here(file, "thumb", () => fetchThumbnail(file, thumb.type)),
      )
    )
  }

  return {
    open,
    thumbnail,
    chunks: fetching.chunks,
    remember: async (files) => {
      for (const file of files) {
        const piece = file.thumb === undefined ? "whole" : "thumb"
        const blob = await vault.piece(file.id, piece)
        if (blob === null || blob.size > KEPT_BYTES) continue
        // What the vault gave may go with it.
        const own = new Blob([await blob.arrayBuffer()], { type: blob.type })
        keep(piece === "thumb" ? `${file.id}/${THUMBNAIL}` : file.id, Promise.resolve(own))
      }
    },
  }
}
