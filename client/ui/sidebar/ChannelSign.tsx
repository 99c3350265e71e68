/** What stands before a channel's name: its sign, or the face of the one other person in it. */
import { Archive, Hash, Lock, Users } from "lucide"
import type { Channel, Member } from "../../core/protocol.ts"
import type { Translator } from "../../i18n/translate.ts"
import { useChatState } from "../context.ts"
import { Avatar } from "../kit/Avatar.tsx"
import { Icon } from "../kit/Icon.tsx"

export function ChannelSign({ channel }: { channel: Channel }) {
  const { kind, archived } = channel
  const face = useFace(channel)
  if (face !== undefined) return <Avatar name={face.name} small online={face.online} />
  return <Icon of={archived ? Archive : kind === "private" ? Lock : kind === "direct" ? Users : Hash} />
}

export function useFace({ kind, members }: Channel): Member | undefined {
  return useChatState(({ room }) => {
    const [other = room.me.id] = members.filter((id) => id !== room.me.id)
    return kind === "direct" && members.length < 3 ? room.members[other] : undefined
  })
}

/** The conversation with oneself has no name of its own. */
export function channelName(t: Translator, channel: Pick<Channel, "name"> | undefined): string {
  return channel === undefined ? "" : channel.name || t("notes")
}
