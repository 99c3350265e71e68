/** What can be done with a message. In sight on hover, on focus, and on a phone after a tap on the message. */
import {
  Bookmark,
  BookmarkX,
  CircleUserRound,
  CornerUpLeft,
  Link,
  MessageSquareDot,
  Pencil,
  Pin,
  PinOff,
  SmilePlus,
  Trash2,
} from "lucide"
import { type MouseEvent, useEffect, useRef, useState } from "react"
import { isClosed } from "../../core/closed.ts"
import { markUnread } from "../../core/levels.ts"
import { setPinned } from "../../core/pinning.ts"
import type { Said } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { placeOf } from "../../core/saved.ts"
import { learnSaved, setSaved } from "../../core/saving.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Asked } from "../kit/Asked.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { emojiPopover } from "../quiet.ts"
import { mayDelete, mayEdit } from "../rights.ts"
import { linkTo } from "./linkTo.ts"

export interface MessageActionsProps {
  readonly message: Said
  readonly onReply: (message: Said) => void
  readonly onEditing: (message: string | null) => void
}

export function MessageActions({ message, onReply, onEditing }: MessageActionsProps) {
  const t = useWords()
  const chat = useChat()
  const dialogs = useDialogs()
  const me = useChatState(({ room }) => room.me)
  const name = useChatState(({ room }) => nameOf(room, message.author)) ?? t("member.gone")
  const closed = useChatState(({ room }) => {
    const channel = room.channels[message.channel]
    return channel !== undefined && isClosed(room, channel)
  })
  const pinned = useChatState(({ room }) => room.timelines[message.channel]?.pinned.includes(message.seq)) ?? false
  const saved = useChatState((state) => state.saved?.has(placeOf(message)) ?? false)
  // A line that comes back knows it no longer.
  const unknown = useChatState((state) => state.saved === null && state.connection.status === "live")
  useEffect(() => {
    if (unknown) void learnSaved(chat)
  }, [chat, unknown])
  const [picking, setPicking] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const copyLink = () => {
    const link = linkTo(message.channel, message.seq)
    void navigator.clipboard.writeText(link).then(
      () => chat.showNotice("link_copied"),
      () => chat.showNotice("not_copied"),
    )
  }
  const remove = (event: MouseEvent<HTMLElement>) => {
    // Its actions go; with the keyboard the focus moves to the next message.
    const row = event.currentTarget.closest<HTMLElement>("[data-row]")
    const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")]
    const next = event.detail === 0 && row !== null ? rows[rows.indexOf(row) + 1] : undefined
    ;(next ?? row)?.focus({ preventScroll: true })
    chat.remove(message)
  }
  return (
    <div
      className={picking ? "message__actions message__actions--open" : "message__actions"}
      role="toolbar"
      aria-label={t("message.actions")}
    >
      {!closed && (
        <>
          <IconButton
            buttonRef={button}
            icon={SmilePlus}
            name={t("message.react")}
            expanded={picking}
            onClick={() => setPicking(!picking)}
          />
          <IconButton icon={CornerUpLeft} name={t("message.reply")} onClick={() => onReply(message)} />
        </>
      )}
      {!closed && (
        <IconButton
          icon={pinned ? PinOff : Pin}
          name={t(pinned ? "message.unpin" : "message.pin")}
          onClick={() => void setPinned(chat, message, !pinned)}
        />
      )}
      <IconButton
        icon={saved ? BookmarkX : Bookmark}
        name={t(saved ? "message.unsave" : "message.save")}
        onClick={() => void setSaved(chat, message, !saved)}
      />
      <IconButton icon={Link} name={t("message.copyLink")} onClick={copyLink} />
      {message.author !== me.id && !message.imported_at && (
        <IconButton icon={MessageSquareDot} name={t("message.unread")} onClick={() => void markUnread(chat, message)} />
      )}
      {message.author !== me.id && (
        <IconButton
          icon={CircleUserRound}
          name={t("message.person", { name })}
          onClick={() => dialogs.show({ kind: "person", member: message.author })}
        />
      )}
      {mayEdit(me, message) && !closed && (
        <IconButton icon={Pencil} name={t("message.edit")} onClick={() => onEditing(message.id)} />
      )}
      {mayDelete(me, message) && <IconButton icon={Trash2} kind="danger" name={t("message.delete")} onClick={remove} />}
      {picking && (
        <Asked
          part={emojiPopover}
          props={{
            anchor: button,
            onClose: () => setPicking(false),
            onPick: (emoji) => {
              setPicking(false)
              button.current?.focus()
              chat.react(message, emoji)
            },
          }}
        />
      )}
    </div>
  )
}
