/** The pictures and files of a channel, newest first. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react"
import { inSight } from "../../core/files/kinds.ts"
import type { Files } from "../../core/files/types.ts"
import type { Said } from "../../core/protocol.ts"
import { Refused } from "../../core/requests.ts"
import { nameOf } from "../../core/room.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { useFiles } from "./engine.ts"
import { FileCard } from "./FileCard.tsx"
import { Picture } from "./Picture.tsx"
import { type ViewedFile, Viewer } from "./Viewer.tsx"

const PAGE = 60
type Tab = "pictures" | "files"
type State = "loading" | "failed" | "more" | "all"

export function Media({ onClose }: { readonly onClose: () => void }) {
  const t = useWords()
  const engine = useFiles()
  const [tab, setTab] = useState<Tab>("pictures")
  const [viewed, setViewed] = useState<number | null>(null)
  const { messages, state, load } = useMessages()
  const [pictures, others] = itemsOf(messages)
  const items = tab === "pictures" ? pictures : others
  return (
    <Dialog title={t("attached")} wide onClose={onClose}>
      <div className="media__tabs">
        {(["pictures", "files"] as const).map((each) => (
          <button
            key={each}
            className="media__tab"
            type="button"
            aria-pressed={tab === each}
            onClick={() => setTab(each)}
          >
            {t(`files.tab.${each}`)}
          </button>
        ))}
      </div>
      {engine !== null && tab === "pictures" && items.length > 0 && (
        <ul className="media__grid">
          {items.map((item, index) => (
            <li key={item.file.id} className="media__cell">
              <InSight>
                {(isWanted) => (
                  <Picture engine={engine} file={item.file} isWanted={isWanted} onOpen={() => setViewed(index)} />
                )}
              </InSight>
            </li>
          ))}
        </ul>
      )}
      {engine !== null && tab === "files" && items.length > 0 && (
        <ul className="media__list">
          {items.map((item) => (
            <OneFile key={item.file.id} engine={engine} item={item} />
          ))}
        </ul>
      )}
      <Foot state={state} isEmpty={items.length === 0} tab={tab} onLoad={load} />
      {viewed !== null && <Viewer items={pictures} first={viewed} onClose={() => setViewed(null)} />}
    </Dialog>
  )
}

function itemsOf(messages: readonly Said[]): readonly [seen: readonly ViewedFile[], cards: readonly ViewedFile[]] {
  const all = messages.map((message) => inSight(message.files).map((files) => files.map((file) => ({ file, message }))))
  return [all.flatMap(([seen = []]) => seen), all.flatMap(([, cards = []]) => cards)]
}

/** The messages with files of the open channel, a page after the other. */
function useMessages() {
  const chat = useChat()
  const channel = useChatState(({ opened }) => opened?.channel ?? "")
  const [messages, setMessages] = useState<readonly Said[]>([])
  const [state, setState] = useState<State>("loading")
  const oldest = useRef<number | null>(null)
  const load = useCallback(async () => {
    setState("loading")
    const answer = await chat.ask({ type: "history", channel, before: oldest.current, limit: PAGE, has: ["file"] })
    if (answer instanceof Refused || answer.type !== "history") return setState("failed")
    oldest.current = answer.messages[0]?.seq ?? oldest.current
    const said = answer.messages.flatMap((message) => (message.state === "said" ? [message] : []))
    setMessages((former) => [...former, ...said.reverse()])
    setState(answer.more ? "more" : "all")
  }, [chat, channel])
  useEffect(() => void load(), [load])
  return { messages, state, load: () => void load() }
}

function OneFile({ engine, item: { file, message } }: { readonly engine: Files; readonly item: ViewedFile }) {
  const t = useWords()
  const now = useChat().clock.now()
  const name = useChatState(({ room }) =>
    "author" in message ? (message.shown_as["name"] ?? nameOf(room, message.author)) : room.me.name,
  )
  return (
    <li>
      <FileCard engine={engine} file={file} going={null} />
      <p className="media__about">
        {name ?? t("member.gone")} · {"sent_at" in message && t.day(message.sent_at, now)}
      </p>
    </li>
  )
}

interface FootProps {
  readonly state: State
  readonly isEmpty: boolean
  readonly tab: Tab
  readonly onLoad: () => void
}

function Foot({ state, isEmpty, tab, onLoad }: FootProps) {
  const t = useWords()
  return (
    <div className="media__foot" role="status">
      {state === "loading" && <p>{t("loading")}</p>}
      {state === "failed" && <p>{t("files.mediaFailed")}</p>}
      {state === "all" && isEmpty && <p>{t(`files.none.${tab}`)}</p>}
      {(state === "failed" || state === "more") && (
        <Button onClick={onLoad}>{t(state === "failed" ? "retry" : "files.more")}</Button>
      )}
    </div>
  )
}

/** Tells what is in it when it has come near what can be seen. */
function InSight({ children }: { readonly children: (isWanted: boolean) => ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const [isWanted, setWanted] = useState(false)
  useEffect(() => {
    if (place.current === null) return
    const observer = new IntersectionObserver(
      (seen) => seen.some(({ isIntersecting }) => isIntersecting) && setWanted(true),
      {
        rootMargin: "200px",
      },
    )
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [])
  return (
    <div ref={place} className="media__place">
      {children(isWanted)}
    </div>
  )
}
