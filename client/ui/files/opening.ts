/** A file that is fetched because somebody has asked for it: how far that is, what went wrong, and a way to call it off. */
import { useEffect, useRef, useState } from "react"
import { savedName } from "../../core/files/names.ts"
import { type Downloads, type FetchProblem, type FileInfo, NotFetched } from "../../core/files/types.ts"
import { useWords } from "../context.ts"

export interface Opening {
  /** The part that has come, from 0 to 1; null: nothing is being fetched. */
  readonly come: number | null
  readonly problem: FetchProblem | null
  start(then: (blob: Blob) => void): void
  stop(): void
}

export function useOpening(downloads: Downloads, file: FileInfo): Opening {
  const [come, setCome] = useState<number | null>(null)
  const [problem, setProblem] = useState<FetchProblem | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  const start = async (then: (blob: Blob) => void) => {
    const abort = new AbortController()
    running.current?.abort()
    running.current = abort
    setProblem(null)
    setCome(0)
    const onProgress = (bytes: number) => running.current === abort && setCome(bytes / Math.max(file.size, 1))
    try {
      const blob = await downloads.open(file, onProgress, abort.signal)
      if (!abort.signal.aborted) then(blob)
    } catch (error) {
      if (!abort.signal.aborted) setProblem(error instanceof NotFetched ? error.code : "unreachable")
    }
    if (running.current === abort) setCome(null)
  }
  return {
    come,
    problem,
    start: (then) => void start(then),
    stop: () => {
      running.current?.abort()
      setCome(null)
    },
  }
}

/** Fetches a file and hands it over to the folder of downloads. */
export function useSaving(downloads: Downloads, file: FileInfo) {
  const t = useWords()
  const opening = useOpening(downloads, file)
  const save = () => opening.start((blob) => saveBlob(blob, savedName(file.name, t("files.unnamed"))))
  return { ...opening, save }
}

function saveBlob(blob: Blob, name: string): void {
  // No program that belongs to a type opens it, and no browser shows it.
  const url = URL.createObjectURL(new Blob([blob], { type: "application/octet-stream" }))
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** The address of something that is shown as long as the component is. */
export function useAddress(blob: Blob | null): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (blob === null) return
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => {
      URL.revokeObjectURL(made)
      setUrl(null)
    }
  }, [blob])
  return url
}
