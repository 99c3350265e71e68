/** The text that is being written, as a draft that survives a reload, and what the keys do to it. */
import { type FormEvent, type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef } from "react"
import { asSent } from "../../core/markdown.ts"
import { mentionsIn } from "../../core/mentions.ts"
import type { Message } from "../../core/protocol.ts"
import { peopleIn } from "../../core/room.ts"
import { withSmileys } from "../../core/smileys.ts"
import type { Draft } from "../../core/speaking.ts"
import { isEmpty } from "../../core/visible.ts"
import { useChat } from "../context.ts"
import { taking } from "../files/parts.ts"
import { useQuoted } from "../message/useQuoted.ts"
import { useNarrow } from "../screen/useNarrow.ts"
import type { ComposerProps } from "./Composer.tsx"
import { fitHeight } from "./fitHeight.ts"
import { insertText } from "./insertText.ts"
import { isSendKey } from "./isSendKey.ts"
import { useCharactersLeft } from "./useCharactersLeft.ts"
import { useCompletion } from "./useCompletion.ts"
import { useNote } from "./useNote.ts"
import { usePaste } from "./usePaste.ts"

export function useComposer({ channel, replyTo, onReply, onEditing }: ComposerProps) {
  const chat = useChat()
  const narrow = useNarrow()
  const area = useRef<HTMLTextAreaElement>(null)
  const note = `draft:${channel.id}`
  const [text, setText] = useNote(note)
  // How many files wait here (core/files).
  const [attached] = useNote(`files:${channel.id}`)
  const quoted = useQuoted(channel.id, replyTo?.id ?? null, replyTo?.seq ?? null)
  const left = useCharactersLeft(text)
  const paste = usePaste()

  const change = useCallback(
    (next: string) => {
      setText(next)
      if (next.trim() !== "") chat.type(channel.id)
    },
    [chat, setText, channel.id],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    if (area.current !== null) fitHeight(area.current)
  }, [text])

  // On a phone the keyboard would cover what somebody came to read. A window that becomes wide takes nobody's place.
  const opened = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (opened.current ? replyTo !== null : !narrow) area.current?.focus()
    opened.current = true
  }, [replyTo])

  const completion = useCompletion(area)

  const send = () => {
    const isPlain = completion.isPlain()
    const gone = quoted === null || quoted?.state === "deleted"
    const target = gone ? null : replyTo
    const draftOf = (written: string): Draft => {
      const body = isPlain ? asSent(written) : withSmileys(asSent(written))
      return { body, mentions: mentionsIn(body, peopleIn(chat.store.get().room, channel.id)), replyTo: target }
    }
    const draft = draftOf(text)
    if (left < 0 || (attached === "" && isEmpty(draft.body))) return
    completion.close()
    if (attached !== "")
      return void taking.load().then(
        ({ sendFiles }) => sendFiles(chat, channel.id, draftOf),
        () => undefined,
      )
    chat.say(channel.id, draft)
    setText("")
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
    attached,
    left,
    completion,
    send,
    onKeyDown,
    paste,
    onInput: (event: FormEvent<HTMLTextAreaElement>) => {
      change(event.currentTarget.value)
      completion.onInput(event)
      paste.onTyped()
    },
    insert: (piece: string) => {
      const field = area.current
      if (field !== null) insertText(field, field.selectionStart, field.selectionEnd, piece)
    },
  }
}
