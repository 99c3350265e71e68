/** The text that is being written, as a draft that survives a reload, and what the keys do to it. */
import { type FormEvent, type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef } from "react"
import { asSent } from "../../core/markdown.ts"
import type { Message } from "../../core/protocol.ts"
import { isEmpty } from "../../core/visible.ts"
import { complete, mentionsIn, type Trigger } from "../../core/words.ts"
import { useChat } from "../context.ts"
import { useCharactersLeft } from "./CharactersLeft.tsx"
import type { ComposerProps } from "./Composer.tsx"
import { fitHeight } from "./fitHeight.ts"
import { isSendKey } from "./isSendKey.ts"
import { useCompletion } from "./useCompletion.ts"
import { useNarrow } from "./useNarrow.ts"
import { useNote } from "./useNote.ts"
import { useQuoted } from "./useQuoted.ts"

export function useComposer({ channel, replyTo, onReply, onEditing }: ComposerProps) {
  const chat = useChat()
  const narrow = useNarrow()
  const area = useRef<HTMLTextAreaElement>(null)
  const caret = useRef<number | null>(null)
  const note = `draft:${channel.id}`
  const [text, setText] = useNote(note)
  const quoted = useQuoted(channel.id, replyTo?.id ?? null, replyTo?.seq ?? null)
  const left = useCharactersLeft(text)

  const change = useCallback(
    (next: string, at: number | null = null) => {
      caret.current = at
      setText(next)
      if (next.trim() !== "") chat.type(channel.id)
    },
    [chat, setText, channel.id],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = area.current
    if (element === null) return
    fitHeight(element)
    if (caret.current !== null) element.setSelectionRange(caret.current, caret.current)
    caret.current = null
  }, [text])

  // On a phone the keyboard would cover what somebody came to read. A window that becomes wide takes nobody's place.
  const opened = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (opened.current ? replyTo !== null : !narrow) area.current?.focus()
    opened.current = true
  }, [replyTo])

  const completion = useCompletion((trigger: Trigger, by: string) => {
    const done = complete(text, area.current?.selectionStart ?? text.length, trigger, by)
    change(done.text, done.caret)
  })

  const look = () => completion.look(area.current?.value ?? "", area.current?.selectionStart ?? 0)

  const send = () => {
    const body = asSent(text)
    if (isEmpty(body) || left < 0) return
    const gone = quoted === null || quoted?.state === "deleted"
    const target = gone ? null : replyTo
    chat.say(channel.id, {
      body,
      mentions: mentionsIn(body, Object.values(chat.store.get().room.members)),
      replyTo: target,
    })
    setText("")
    completion.close()
    onReply(null)
    chat.toNewest()
  }

  const editLast = () => {
    const { room } = chat.store.get()
    const own = (message: Message) => message.state === "said" && message.author === room.me.id
    const last = room.timelines[channel.id]?.messages.findLast(own)
    if (last !== undefined) onEditing(last.id)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (completion.onKey(event)) return
    if (isSendKey(event)) {
      event.preventDefault()
      send()
    } else if (event.key === "ArrowUp" && text === "") {
      event.preventDefault()
      editLast()
    } else if (event.key === "Escape" && replyTo !== null) onReply(null)
  }

  return {
    area,
    text,
    quoted,
    left,
    completion,
    look,
    send,
    onKeyDown,
    onInput: (event: FormEvent<HTMLTextAreaElement>) => {
      change(event.currentTarget.value)
      look()
    },
    insert: (piece: string) => {
      const at = area.current?.selectionStart ?? text.length
      change(text.slice(0, at) + piece + text.slice(area.current?.selectionEnd ?? at), at + piece.length)
      area.current?.focus()
    },
  }
}
