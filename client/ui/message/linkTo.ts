/** What is passed on of a message. */
import { hashOf } from "../../browser/places.ts"

/** The address of one message, to be passed on. */
export function linkTo(channel: string, seq: number): string {
  return `${location.origin}${location.pathname}${hashOf({ channel, target: seq })}`
}
