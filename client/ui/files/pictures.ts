/**
 * Pictures of messages as addresses that an element can show. Each is fetched and opened once, and stays for a while: a row
 * that is scrolled out of sight and back shows it at once.
 *
 * Before a browser decodes one, its own first bytes say what it is and how large: what the message says may be a lie.
 */
import { useCallback, useEffect, useState } from "react"
import { kindOf } from "../../core/files/kinds.ts"
import { pictureIn } from "../../core/files/pictureIn.ts"
import { type Downloads, type FetchProblem, type FileInfo, NotFetched } from "../../core/files/types.ts"

/** `unshown`: it opened, and is not what a browser may show. */
export type Problem = FetchProblem | "unshown"

export interface Shown {
  readonly url: string | null
  readonly problem: Problem | null
}

interface Entry {
  shown: Shown
  readonly coming: Promise<Shown>
}

const NOTHING: Shown = { url: null, problem: null }
const KEPT = 150
const entries = new Map<string, Entry>()

/** @param isWhole the picture itself, in place of the small one that came with it. */
export function usePicture(downloads: Downloads, file: FileInfo, isWhole: boolean, isWanted = true) {
  const key = `${file.id}${isWhole ? "" : "/t"}`
  const [, setTurn] = useState(0)
  const shown = entries.get(key)?.shown ?? NOTHING
  const come = useCallback(() => {
    void entryOf(key, () => fetched(downloads, file, isWhole)).coming.then(() => setTurn((turn) => turn + 1))
  }, [key, downloads, file, isWhole])
  useEffect(() => {
    if (isWanted && shown.url === null && shown.problem === null) come()
  }, [isWanted, shown, come])
  const retry = () => {
    entries.delete(key)
    come()
    setTurn((turn) => turn + 1)
  }
  return { ...shown, retry, onError: () => entries.get(key) && fail(key, setTurn) }
}

/** The message is gone: so is what was opened of it. */
export function forgetPictures(files: readonly FileInfo[]): void {
  for (const { id } of files) for (const key of [id, `${id}/t`]) drop(key)
}

function entryOf(key: string, fetch: () => Promise<Shown>): Entry {
  const known = entries.get(key)
  if (known !== undefined) return known
  const entry: Entry = {
    shown: NOTHING,
    coming: fetch().then((shown) => {
      entry.shown = shown
      return shown
    }),
  }
  entries.set(key, entry)
  const [oldest] = entries.keys()
  if (entries.size > KEPT && oldest !== undefined) drop(oldest)
  return entry
}

function drop(key: string): void {
  const url = entries.get(key)?.shown.url
  entries.delete(key)
  if (url) URL.revokeObjectURL(url)
}

/** The browser could not decode it after all. */
function fail(key: string, setTurn: (change: (turn: number) => number) => void): void {
  const entry = entries.get(key)
  if (entry !== undefined) entry.shown = { url: null, problem: "unshown" }
  setTurn((turn) => turn + 1)
}

async function fetched(downloads: Downloads, file: FileInfo, isWhole: boolean): Promise<Shown> {
  try {
    const blob = await (isWhole ? downloads.open(file) : downloads.thumbnail(file))
    const picture = await pictureIn(blob)
    if (picture === null || kindOf(picture) !== "picture") return { url: null, problem: "unshown" }
    return { url: URL.createObjectURL(new Blob([blob], { type: picture.type })), problem: null }
  } catch (error) {
    if (error instanceof NotFetched) return { url: null, problem: error.code }
    return { url: null, problem: "unreachable" }
  }
}
