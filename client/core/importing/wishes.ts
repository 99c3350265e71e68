/** What an operator says in the file for --map: `name there = name here` for people, `#name there = name here` for channels. */

import { folded } from "./folding.ts"
import { Unmappable } from "./mapping.ts"

export interface Wishes {
  /** By the folded name there; "" makes a former member of somebody. */
  readonly people: ReadonlyMap<string, string>
  readonly channels: ReadonlyMap<string, string>
}

/** @throws Unmappable naming the line. */
export function wishesIn(text: string): Wishes {
  const people = new Map<string, string>()
  const channels = new Map<string, string>()
  for (const [number, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue
    const cut = line.indexOf("=")
    const there = line.slice(0, cut).trim()
    const here = line.slice(cut + 1).trim()
    const isChannel = there.startsWith("#")
    const isWrong = cut < 0 || folded(there) === "" || (isChannel && folded(here) === "")
    if (isWrong) throw new Unmappable(`Line ${number + 1} of the map is not "name there = name here".`)
    const list = isChannel ? channels : people
    list.set(folded(there), here)
  }
  return { people, channels }
}
