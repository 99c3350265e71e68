/** A message being changed where it stands. Enter keeps the change, Escape the old text. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import { asSent } from "../../core/markdown.ts"
import type { Said } from "../../core/protocol.ts"
import { isEmpty } from "../../core/visible.ts"
import { mentionsIn } from "../../core/words.ts"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { CharactersLeft, useCharactersLeft } from "./CharactersLeft.tsx"
import { fitHeight } from "./fitHeight.ts"

export function MessageEditor({ message, onDone }: { message: Said; onDone: () => void }) {
  const t = useWords()
  const chat = useChat()
  const [body, setBody] = useState(message.body)
  const ref = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    const area = ref.current
    if (area === null) return
    fitHeight(area)
    area.focus()
    area.setSelectionRange(area.value.length, area.value.length)
  }, [])
  const done = () => {
    onDone()
    document.querySelector<HTMLElement>(".composer__text")?.focus()
  }
  const text = asSent(body)
  const left = useCharactersLeft(text)
  const unfit = isEmpty(text) || left < 0
  const save = () => {
    if (unfit) return
    if (text !== message.body) chat.edit(message, text, mentionsIn(text, Object.values(chat.store.get().room.members)))
    done()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") {
      event.stopPropagation()
      done()
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault()
      save()
    }
  }
  return (
    <div className="message-editor">
      <textarea
        ref={ref}
        className="message-editor__text"
        value={body}
        rows={1}
        aria-label={t("message.edit")}
        onInput={(event) => {
          setBody(event.currentTarget.value)
          fitHeight(event.currentTarget)
        }}
        onKeyDown={onKeyDown}
      />
      <div className="message-editor__buttons">
        <Button kind="primary" small disabled={unfit} onClick={save}>
          {t("save")}
        </Button>
        <Button kind="quiet" small onClick={done}>
          {t("cancel")}
        </Button>
        <CharactersLeft left={left} />
      </div>
    </div>
  )
}
