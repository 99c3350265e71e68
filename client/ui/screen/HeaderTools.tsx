/** What can be done with a channel: search, its pictures and files, its notifications, its name. On a phone the name goes first. */
import { Bell, EllipsisVertical, Images, Pencil, Pin, Search, Star, Video } from "lucide"
import { useState } from "react"
import { isClosed } from "../../core/closed.ts"
import { star } from "../../core/levels.ts"
import type { Channel } from "../../core/protocol.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { media } from "../files/parts.ts"
import { pins } from "../kept/parts.ts"
import { Icon } from "../kit/Icon.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { useEscape } from "../kit/useEscape.ts"
import { mayDeleteChannel, mayManage } from "../rights.ts"
import { useNarrow } from "./useNarrow.ts"

export function HeaderTools({ channel }: { readonly channel: Channel }) {
  const t = useWords()
  const dialogs = useDialogs()
  const narrow = useNarrow()
  const [open, setOpen] = useState(false)
  useEscape(narrow && open, () => setOpen(false))
  return (
    <>
      <Pins id={channel.id} />
      <IconButton icon={Search} name={t("search")} onClick={() => dialogs.show({ kind: "search" })} />
      {narrow && (
        <IconButton icon={EllipsisVertical} name={t("channel.more")} expanded={open} onClick={() => setOpen(!open)} />
      )}
      {!narrow && <MoreTools channel={channel} />}
      {narrow && open && (
        // biome-ignore lint/a11y/noStaticElementInteractions: hears the presses of the buttons inside
        // biome-ignore lint/a11y/useKeyWithClickEvents: a key on a button is a press as well
        <div className="channel-header__more" onClick={() => setOpen(false)}>
          <MoreTools channel={channel} />
        </div>
      )}
    </>
  )
}

/** How many messages are pinned, where any is. */
function Pins({ id }: { readonly id: string }) {
  const t = useWords()
  const dialogs = useDialogs()
  const count = useChatState(({ room }) => room.timelines[id]?.pinned.length ?? 0)
  return (
    count > 0 && (
      <button
        className="channel-header__people"
        type="button"
        title={t("pins")}
        aria-label={t("pins.count", { count })}
        onClick={() => dialogs.show({ kind: "part", part: pins, title: t("pins") })}
      >
        <Icon of={Pin} />
        <span aria-hidden="true">{t.number(count)}</span>
      </button>
    )
  )
}

function MoreTools({ channel }: { readonly channel: Channel }) {
  const t = useWords()
  const dialogs = useDialogs()
  const mayOpen = useChatState(({ room }) => mayManage(room, channel) || mayDeleteChannel(room, channel))
  const hasFiles = useChatState(({ room }) => room.limits.file_bytes > 0)
  const call = useChatState(({ room }) => (isClosed(room, channel) ? null : room.call_url))
  const chat = useChat()
  const { id, starred } = channel
  return (
    <>
      {call !== null && (
        <IconButton
          icon={Video}
          name={t("call")}
          onClick={() => dialogs.show({ kind: "call", channel: id, url: call })}
        />
      )}
      <IconButton
        icon={Star}
        name={t(starred ? "channels.unstar" : "channels.star")}
        pressed={starred}
        onClick={() => void star(chat, id, !starred)}
      />
      {hasFiles && (
        <IconButton
          icon={Images}
          name={t("attached")}
          onClick={() => dialogs.show({ kind: "part", part: media, title: t("attached") })}
        />
      )}
      <IconButton icon={Bell} name={t("push")} onClick={() => dialogs.show({ kind: "notify", channel: id })} />
      {mayOpen && (
        <IconButton
          icon={Pencil}
          name={t("channel.edit")}
          onClick={() => dialogs.show({ kind: "channel", channel: id })}
        />
      )}
    </>
  )
}
