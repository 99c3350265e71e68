/** Beside the name of a channel: that something is begun and not sent there, that one has muted it. */
import type { IconNode } from "lucide"
import { BellOff, Pencil } from "lucide"
import { isMuted } from "../../core/listing.ts"
import type { Channel } from "../../core/protocol.ts"
import { useNote } from "../composer/useNote.ts"
import { useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"

export function ItemSigns({ channel, current }: { readonly channel: Channel; readonly current: boolean }) {
  const t = useWords()
  return (
    <>
      {/* What is open shows its text itself: here it would only be drawn anew with every key. */}
      {!current && <Draft channel={channel.id} />}
      {isMuted(channel) && <Sign icon={BellOff} name={t("channels.muted")} />}
    </>
  )
}

function Draft({ channel }: { readonly channel: string }) {
  const t = useWords()
  const [text] = useNote(`draft:${channel}`)
  const [files] = useNote(`files:${channel}`)
  return (text.trim() !== "" || files !== "") && <Sign icon={Pencil} name={t("channels.draft")} />
}

function Sign({ icon, name }: { readonly icon: IconNode; readonly name: string }) {
  return (
    <span className="channel-list__sign" title={name}>
      <Icon of={icon} />
      <span className="for-listeners">{name}</span>
    </span>
  )
}
