/** Whom admins keep out: only their list needs it. */
import { number, object, type Shaped, text } from "./shape.ts"

const ban = object({ id: text, name: text, at: number })
export type Ban = Shaped<typeof ban>

/** Throws `Misshapen` if one is damaged. */
export function bansIn(given: readonly unknown[]): readonly Ban[] {
  return given.map((each) => ban(each, "ban"))
}
