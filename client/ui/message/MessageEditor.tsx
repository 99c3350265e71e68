/**
 * A message being changed where it stands. Enter keeps the change, Escape the old text; whatever else happens, what was
 * typed waits.
 */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from "react"
import { edit } from "../../core/editing.ts"
import { asSent } from "../../core/markdown.ts"
import { mentionsIn } from "../../core/mentions.ts"
import type { Said } from "../../core/protocol.ts"
import { peopleIn } from "../../core/room.ts"
import { isEmpty } from "../../core/visible.ts"
import { CharactersLeft } from "../composer/CharactersLeft.tsx"
import { ComposerHint } from "../composer/ComposerHint.tsx"
import { fitHeight } from "../composer/fitHeight.ts"
import { isSendKey } from "../composer/isSendKey.ts"
import { FEW, useCharactersLeft } from "../composer/useCharactersLeft.ts"
import { useCompletion } from "../composer/useCompletion.ts"
import { noted, useChanged } from "../composer/useNote.ts"
import { usePaste } from "../composer/usePaste.ts"
import { useChat, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Quiet } from "../kit/Quiet.tsx"
import { tools } from "../writing/parts.ts"

interface MessageEditorProps {
  readonly message: Said
  /** Somebody wants to edit it now; else it waited for them. */
  readonly begun: boolean
  readonly onDone: () => void
}

export function MessageEditor({ message, begun, onDone }: MessageEditorProps) {
  const t = useWords()
  const chat = useChat()
  const note = `edit:${message.id}`
  const [body, setBody, forget] = useChanged(note, message.body)
  const ref = useRef<HTMLTextAreaElement>(null)
  const completion = useCompletion(ref)
  const { Completer } = completion
  const paste = usePaste()
  // At once: a key pressed after the one that begins the edit is for this field, and what is selected in it stays so.
  useLayoutEffect(() => {
    if (ref.current === null) return
    fitHeight(ref.current)
    if (begun) begin(ref.current)
  }, [begun])
  // Out of sight its row is hidden until it was measured, and takes no focus before.
  useEffect(() => {
    if (begun && ref.current !== null && document.activeElement !== ref.current) begin(ref.current)
  }, [begun])
  const leave = () => {
    onDone()
    document.querySelector<HTMLElement>(".composer__text")?.focus()
  }
  const done = () => {
    forget()
    leave()
  }
  const text = asSent(body)
  const left = useCharactersLeft(text)
  const unfit = (isEmpty(text) && message.files.length === 0) || left < 0
  const save = () => {
    if (unfit) return
    if (text === message.body) return done()
    leave()
    // Kept until it is stored: the page may close first. Editing it again shows the text that was not stored.
    chat.notes.set(note, noted(text))
    const mentions = mentionsIn(text, peopleIn(chat.store.get().room, message.channel))
    void edit(chat, message, text, mentions).then((accepted) => {
      if (accepted && chat.notes.get(note) === noted(text)) chat.notes.set(note, "")
    })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (completion.onKey(event)) return
    if (event.key === "Escape") {
      event.stopPropagation()
      done()
    } else if (isSendKey(event)) {
      event.preventDefault()
      save()
    }
  }
  return (
    <div className="message-editor">
      {Completer !== null && <Completer {...completion.completer} />}
      <textarea
        ref={ref}
        className="message-editor__text"
        value={body}
        rows={1}
        aria-label={t("message.edit")}
        onInput={(event) => {
          setBody(event.currentTarget.value)
          fitHeight(event.currentTarget)
          completion.onInput(event)
          paste.onTyped()
        }}
        maxLength={paste.most}
        onPaste={paste.onPaste}
        {...completion.areaProps}
        onKeyDown={onKeyDown}
      />
      <ComposerHint area={ref} text={completion.open || left < 0 ? "" : body} wasCut={paste.wasCut} />
      <div className="message-editor__buttons">
        <Button kind="primary" small disabled={unfit} onClick={save}>
          {t("save")}
        </Button>
        <Button kind="quiet" small onClick={done}>
          {t("cancel")}
        </Button>
        <Quiet part={tools} props={{ area: ref, channel: message.channel, edits: message }} />
        {left < FEW && <CharactersLeft left={left} />}
      </div>
    </div>
  )
}

function begin(area: HTMLTextAreaElement): void {
  area.focus()
  area.setSelectionRange(area.value.length, area.value.length)
}
