/** What the room refuses of a frame is taken out of it, as little as possible, so that the rest can be sent. */

import type { Bringing } from "../protocol.ts"
import type { Refused } from "../requests.ts"
import type { Frame } from "./frames.ts"
import type { Line } from "./report.ts"

const PLACE = /^(messages|people) (\d+): (.*)$/s
/** What a message can do without, by a word of the refusal. */
const SPARABLE: readonly (readonly [RegExp, readonly (keyof Bringing)[]])[] = [
  [/emoji|reaction/, ["reactions"]],
  [/mention/, ["mentions"]],
  [/reply_to/, ["reply_to"]],
  [/edited_at/, ["edited_at"]],
  [/shown_as/, ["shown_as"]],
]

/** @returns null if the refusal is about something else than one message or one person. */
export function lessOf(frame: Frame, refused: Refused): { readonly frame: Frame; readonly line: Line } | null {
  const [, list, number, detail = ""] = PLACE.exec(refused.detail) ?? []
  if (list === undefined || number === undefined) return null
  return list === "people"
    ? withPlainName(frame, Number(number), detail)
    : withoutMessage(frame, Number(number), detail)
}

/** A name that the room does not take becomes one that every room takes. */
function withPlainName({ ready, people }: Frame, place: number, detail: string) {
  const id = [...people.keys()][place]
  if (id === undefined || people.get(id) === plainName(id)) return null
  const named = new Map(people).set(id, plainName(id))
  return { frame: { ready, people: named }, line: { where: people.get(id) ?? id, why: "name_refused", detail } }
}

const plainName = (id: string) => `Member ${id.slice(0, 12)}`

function withoutMessage({ ready, people }: Frame, place: number, detail: string) {
  const refused = ready[place]
  if (refused === undefined) return null
  const { where } = refused.said
  const [, keys = []] =
    SPARABLE.find(([words, has]) => words.test(detail) && has.some((key) => key in refused.message)) ?? []
  const rest = Object.fromEntries(Object.entries(refused.message).filter(([key]) => !keys.some((each) => each === key)))
  // as: the same message, with fewer of the fields that it may have.
  const lean = { ...refused, message: rest as unknown as Bringing }
  const left = keys.length > 0 ? ready.with(place, lean) : ready.toSpliced(place, 1)
  const why = keys.length > 0 ? `${keys[0]}_refused` : "refused"
  return { frame: { ready: left, people }, line: { where, why, detail } }
}
