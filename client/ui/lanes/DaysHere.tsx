/** On a member's card: whether they are here or when they were last, and since when they belong to the room. */
import { type PersonDays, timeOn, visitOf } from "../../core/person.ts"
import type { Member } from "../../core/protocol.ts"
import { useChat, useWords } from "../context.ts"

interface DaysHereProps {
  /** Null until they are known. */
  readonly days: PersonDays | null
  /** None: somebody who is gone. */
  readonly member: Member | undefined
}

export function DaysHere({ days, member }: DaysHereProps) {
  const t = useWords()
  const chat = useChat()
  const date = (day: string | null | undefined) => (day ? t.day(timeOn(day), 0) : "")
  const now = chat.clock.now()
  const visit = days && visitOf(days, now)
  const seen = () => {
    if (member?.online) return t("lanes.here")
    if (visit === null) return t("lanes.away")
    if (visit === "recently" || visit === "today") return t(`lanes.seen.${visit}`)
    return t("lanes.seen", { when: "ago" in visit ? t.ago(visit.ago, now) : t.day(visit.on, 0) })
  }
  const joined = days?.joined_on ? t("lanes.joined", { when: date(days.joined_on) }) : ""
  const gone = days?.gone_on ? t("lanes.goneSince", { when: date(days.gone_on) }) : days && t("lanes.elsewhere")
  return (
    // The place of each line is there before it is known.
    <p className="card__days">
      {member?.role !== "bot" && <span>{member ? seen() : gone}</span>}
      <span>{joined}</span>
    </p>
  )
}
