/** On the card of a program: who has made it, where it is, and what it may do there. Everybody may know. */
import type { Member } from "../../core/protocol.ts"
import { nameOf } from "../../core/room.ts"
import { useChatState, useWords } from "../context.ts"

export function AboutBot({ bot }: { bot: Member }) {
  const t = useWords()
  const { id, created_by = "", command = "", channels = [], rights = [] } = bot
  const by = useChatState(({ room }) => nameOf(room, created_by) ?? t("member.gone"))
  const places = useChatState(({ room }) =>
    Object.values(room.channels)
      .filter((channel) => channels.includes(channel.id) || channel.members.includes(id))
      .map(({ name }) => name)
      .toSorted((one, other) => one.localeCompare(other, t.language))
      .join(", "),
  )
  const may = rights.map((right) => `lanes.botMay.${right}`).filter(t.has)
  return (
    <div className="card__about">
      <p>{t("lanes.bot.by", { by })}</p>
      {places !== "" && <p>{t("lanes.bot.in", { channels: places })}</p>}
      {may.length > 0 && <p>{t("lanes.bot.may", { rights: may.map((key) => t(key)).join(", ") })}</p>}
      {command !== "" && <p>{t("lanes.bot.command", { command })}</p>}
    </div>
  )
}
