/**
 * Reads new messages of the open channel to those who listen; never the history. What came together is said together, many
 * as a number with the names; each is an element of its own, so that the same words are said again.
 */
import { useEffect, useRef, useState } from "react"
import type { Said } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { wordsOf } from "../message/wordsOf.ts"

const PAUSE_MS = 1_500
/** More than these at a time are counted. */
const READ_OUT = 3
const KEPT_LINES = 12

interface Line {
  readonly key: number
  readonly words: string
}

export function LiveRegion() {
  const t = useWords()
  const { lines, say } = useLines()
  const waiting = useWaiting((messages, names) =>
    messages.length > READ_OUT
      ? say([t("messages.heardMany", { count: messages.length, names: [...new Set(names)].join(", ") })])
      : say(
          messages.map((message, index) =>
            t("message.heard", { name: names[index] ?? "", text: wordsOf(t, message).slice(0, 200) }),
          ),
        ),
  )
  const heard = useChatState((state) => state.heard)
  useEffect(() => waiting(heard), [waiting, heard])
  const removing = useChatState((state) => state.removing)
  const before = useRef(removing)
  useEffect(() => {
    if (removing.size > before.current.size) say([t("message.deleted")])
    before.current = removing
  }, [removing, say, t])
  return (
    <div className="for-listeners" role="log" aria-live="polite" aria-label={t("messages.heard")}>
      {lines.map(({ key, words }) => (
        <p key={key}>{words}</p>
      ))}
    </div>
  )
}

function useLines() {
  const [lines, setLines] = useState<readonly Line[]>([])
  const said = useRef(0)
  const [say] = useState(() => (words: readonly string[]) => {
    const fresh = words.map((each) => ({ key: ++said.current, words: each }))
    setLines((former) => [...former, ...fresh].slice(-KEPT_LINES))
  })
  return { lines, say }
}

/** Collects what is heard, and hands it over when a pause is over. */
function useWaiting(speak: (messages: readonly Said[], names: readonly string[]) => void) {
  const t = useWords()
  const chat = useChat()
  const latest = useRef(speak)
  latest.current = speak
  const words = useRef(t)
  words.current = t
  const last = useRef<Said | undefined>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const [wait] = useState(() => (heard: readonly Said[]) => {
    if (timer.current !== undefined || heard.at(-1) === last.current) return
    timer.current = setTimeout(() => {
      timer.current = undefined
      const { room, heard: all } = chat.store.get()
      const fresh = last.current === undefined ? all : all.slice(all.indexOf(last.current) + 1)
      last.current = all.at(-1)
      latest.current(
        fresh,
        fresh.map(({ author }) => nameOf(room, author) ?? words.current("member.gone")),
      )
    }, PAUSE_MS)
  })
  return wait
}
