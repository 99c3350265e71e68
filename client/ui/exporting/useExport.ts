/** An export under way: made of the room as it is shown, into a file that the member has chosen. */
import { page } from "archive:page"
import { useEffect, useRef, useState } from "react"
import { openSaving } from "../../browser/saving.ts"
import { sealed } from "../../core/archive/age.ts"
import { type Flavour, partsIn } from "../../core/archive/flavours.ts"
import type { Source } from "../../core/archive/source.ts"
import type { Progress } from "../../core/archive/writer.ts"
import { streamOf, zipOf } from "../../core/archive/zip.ts"
import type { Chat } from "../../core/chat.ts"
import type { Entrance } from "../../core/entrance.ts"
import { savedName } from "../../core/files/names.ts"
import { NotFetched } from "../../core/files/types.ts"
import { Refused } from "../../core/requests.ts"
import { useApp, useChat } from "../context.ts"

export interface Choices {
  readonly scope: "open" | "seen"
  readonly flavour: Flavour
  readonly files: boolean
  /** Empty: the file is not sealed. */
  readonly passphrase: string
}

export type Exporting =
  | { readonly stage: "choosing"; readonly refusal: "failed" | "noSpace" | null }
  | { readonly stage: "running"; readonly progress: Progress | null }
  | { readonly stage: "done"; readonly name: string; readonly missing: number }

/** As often as somebody can read it. */
const SHOWN_MS = 150

export function useExport() {
  const { entrance, t } = useApp()
  const chat = useChat()
  const [state, setState] = useState<Exporting>({ stage: "choosing", refusal: null })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const start = async (choices: Choices) => {
    const name = nameFor(entrance, choices)
    const saving = await openSaving(name)
    if (saving === null) return
    const stop = new AbortController()
    running.current = stop
    setState({ stage: "running", progress: null })
    let shown = 0
    let missing = 0
    let areFiles = false
    const onProgress = (progress: Progress) => {
      missing = progress.missing
      const isSame = (progress.files !== null) === areFiles
      if (isSame && performance.now() - shown < SHOWN_MS) return
      shown = performance.now()
      areFiles = progress.files !== null
      setState({ stage: "running", progress })
    }
    try {
      const source = await sourceOf(chat, entrance)
      const wanted = { ...choices, language: t.language, say: t, page, emojiNames }
      const zip = zipOf(partsIn(choices.flavour, source, wanted, { signal: stop.signal, onProgress }))
      const { passphrase } = choices
      const stream = passphrase === "" ? zip : streamOf(sealed(zip, passphrase, { random }))
      // as: all chunks are made here, of buffers that nobody shares.
      await (stream as ReadableStream<Uint8Array<ArrayBuffer>>).pipeTo(saving.writable, { signal: stop.signal })
      await saving.done()
      setState({ stage: "done", name, missing })
    } catch (error) {
      await saving.giveUp()
      if (stop.signal.aborted) setState({ stage: "choosing", refusal: null })
      else setState({ stage: "choosing", refusal: isUnreachable(error) ? "failed" : "noSpace" })
    } finally {
      running.current = null
    }
  }

  return { state, start, cancel: () => running.current?.abort() }
}

const isUnreachable = (error: unknown) => error instanceof Refused || error instanceof NotFetched

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

/** `Our room 2026-11-29.zip` */
function nameFor({ store, room }: Entrance, { passphrase, flavour }: Choices): string {
  const state = store.get()
  const title = state.stage === "inside" ? state.title : room
  const day = new Date().toLocaleDateString("sv-SE")
  const stem = savedName(`${title} ${flavour === "slack" ? "slack " : ""}${day}`, room)
  return `${stem}.zip${passphrase === "" ? "" : ".age"}`
}

async function sourceOf(chat: Chat, { store, room }: Entrance): Promise<Source> {
  const { downloads } = await chat.files()
  const state = store.get()
  const shown = chat.store.get().room
  return {
    room,
    title: state.stage === "inside" ? state.title : room,
    origin: location.origin,
    me: shown.me,
    retention_days: shown.retention_days,
    channels: Object.values(shown.channels),
    members: Object.values(shown.members),
    former: Object.values(shown.former).map(({ id, name }) => ({ id, name })),
    now: () => Date.now(),
    ask: async (request) => {
      const answer = await chat.ask(request)
      if (answer instanceof Refused) throw answer
      return answer
    },
    chunks: downloads.chunks,
    wait: (ms) => new Promise((resolve) => chat.clock.after(ms, () => resolve())),
  }
}

async function emojiNames(): Promise<Readonly<Record<string, string>>> {
  const { slackNames } = await import("../../core/archive/emojiNames.ts")
  return slackNames
}
