/** Below the name of what only some see: who reads along. Admins, too, where the chat is supervised. */
import { Eye } from "lucide"
import type { Channel } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"
import { Icon } from "../kit/Icon.tsx"

/** More names than these are a number. */
const NAMED = 3

export function Reading({ channel }: { channel: Channel }) {
  const t = useWords()
  const { kind, topic, members } = channel
  const supervised = useChatState(({ room }) => room.supervision)
  const names = useChatState(({ room }) =>
    members
      .filter((id) => id !== room.me.id)
      .slice(0, NAMED)
      .map((id) => nameOf(room, id) ?? t("member.gone"))
      .join(", "),
  )
  const more = members.length - 1 - NAMED
  const who = more > 0 ? t("lanes.readersMore", { names, count: more }) : t("lanes.readers", { names })
  // The others of a direct conversation are its name.
  const direct = supervised ? "" : t(members.length > 1 ? "lanes.nobodyElseReads" : "lanes.notesHint")
  const closed = [topic, members.length > 1 ? who : t("lanes.alone")].filter((part) => part !== "").join(" · ")
  const words = kind === "direct" ? direct : closed
  return (
    <p key={words} className="channel-header__topic">
      {supervised && (
        <span className="channel-header__supervised" title={t("lanes.supervisedHint")}>
          <Icon of={Eye} /> {t("lanes.supervised")}{" "}
        </span>
      )}
      {words}
    </p>
  )
}
