/** What can be done with a channel: search, its pictures and files, its notifications, its name. */
import { Bell, Images, Pencil, Search } from "lucide"
import type { Channel } from "../../core/protocol.ts"
import { useChatState, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { media } from "../files/parts.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { mayManage } from "../rights.ts"

export function HeaderTools({ channel }: { readonly channel: Channel }) {
  const t = useWords()
  const dialogs = useDialogs()
  const me = useChatState(({ room }) => room.me)
  const hasFiles = useChatState(({ room }) => room.limits.file_bytes > 0)
  const { id } = channel
  return (
    <>
      <IconButton icon={Search} name={t("search")} onClick={() => dialogs.show({ kind: "search" })} />
      {hasFiles && (
        <IconButton
          icon={Images}
          name={t("attached")}
          onClick={() => dialogs.show({ kind: "part", part: media, title: t("attached") })}
        />
      )}
      <IconButton icon={Bell} name={t("push")} onClick={() => dialogs.show({ kind: "notify", channel: id })} />
      {mayManage(me, channel) && (
        <IconButton
          icon={Pencil}
          name={t("channel.edit")}
          onClick={() => dialogs.show({ kind: "channel", channel: id })}
        />
      )}
    </>
  )
}
