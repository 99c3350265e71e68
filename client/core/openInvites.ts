/** The open links for new people (docs/protocol.md, "Invites"): only their list needs them. */
import { list, number, object, orNull, type Shaped, text } from "./shape.ts"

/** `uses`: how many it lets in, null for any number; `used`: the members who came by it. */
const invite = object({
  id: text,
  label: text,
  by: text,
  created_at: number,
  expires_at: number,
  uses: orNull(number),
  used: list(text),
})
export type Invite = Shaped<typeof invite>

/** Throws `Misshapen` if one is damaged. */
export function invitesIn(given: readonly unknown[]): readonly Invite[] {
  return given.map((each) => invite(each, "invite"))
}
