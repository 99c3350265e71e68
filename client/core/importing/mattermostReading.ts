/**
 * Reads a bulk export of Mattermost: lines of JSON, by themselves or in a zip with the folder of files. All lines are looked at
 * once when it is opened; what was said is read again, place by place, in the order of time (mattermostLines.ts).
 */
import { fieldsOf, Misshapen, type Shape, type Shaped } from "../shape.ts"
import { parsed } from "./json.ts"
import { MOST_SKIPPED } from "./limits.ts"
import { type Line, linesOf } from "./lines.ts"
import { recordIn } from "./listReading.ts"
import { createIndex, createReading, type Index } from "./mattermostLines.ts"
import { draftOf, isTime, type MattermostServer } from "./mattermostMessages.ts"
import { createPlaces, type Places } from "./mattermostPlaces.ts"
import {
  bot,
  channel,
  directChannel,
  directPost,
  isKnown,
  line as lineShape,
  post,
  type Reply,
  replyShape,
  team,
  user,
} from "./mattermostShapes.ts"
import { shownPart } from "./naming.ts"
import { createPeople } from "./people.ts"
import { ImportRefused, PartDamaged } from "./reasons.ts"
import { createRecent } from "./recent.ts"
import { shaped } from "./shaping.ts"
import type { ImportSource, Place, Said, Skipped } from "./source.ts"
import type { Archive } from "./zipReading.ts"

/** Where the lines stand, read from their beginning as often as it is asked for. */
export interface Lines {
  readonly name: string
  readonly chunks: () => AsyncIterable<Uint8Array>
}

const BEGINNING = 65_536

/** Whether these are such lines: the first says the version of the format. */
export async function isMattermost({ chunks }: Lines): Promise<boolean> {
  for await (const { text } of linesOf(chunks(), { most: BEGINNING })) {
    const read = parsed(text ?? "")
    const record = typeof read === "string" ? null : recordIn(read.value, "", lineShape)
    return record !== null && "value" in record && record.value.type === "version"
  }
  return false
}

interface Opening {
  readonly server: MattermostServer
  readonly places: Places
  readonly index: Index
  readonly skip: (skipped: Skipped) => void
}

/** @throws ImportRefused */
export async function openMattermost(lines: Lines, archive: Archive | null, title: string): Promise<ImportSource> {
  const server: MattermostServer = { archive, people: createPeople() }
  const skipped: Skipped[] = [...(archive?.skipped ?? [])]
  let more = 0
  const skip = (one: Skipped) => {
    if (skipped.length < MOST_SKIPPED) skipped.push(one)
    else more += 1
  }
  const places = createPlaces()
  const opening: Opening = { server, places, index: createIndex(), skip }
  const where = (number: number) => `${lines.name} ${number}`
  try {
    for await (const line of linesOf(lines.chunks())) look(opening, line, where(line.number))
  } catch (error) {
    if (!(error instanceof PartDamaged)) throw error
    skip({ where: lines.name, why: error.why })
  }
  if (more > 0) skipped.push({ where: lines.name, why: "malformed", detail: `+ ${more}` })
  const all = places.all()
  if (all.length === 0) throw new ImportRefused("lists", lines.name)
  for (const place of all) for (const key of place.people) server.people.meet(key)
  const itemsOf = createReading(opening.index, lines.chunks)
  return {
    flavour: "mattermost",
    title: places.title() || title,
    people: server.people.all,
    places: all,
    skipped,
    said: (place) => saidIn(itemsOf(places.indexOf(place.key)), server, place, where),
    bytesOf: async ({ key }) => archive?.stream(key) ?? null,
    close: async () => archive?.close(),
  }
}

/** A line is looked at: people and places are remembered, of messages only when and where. */
function look({ server, places, index, skip }: Opening, { number, bytes, text, problem }: Line, where: string): void {
  const found = text === null ? (problem ?? "malformed") : lineIn(text)
  if (typeof found === "string") {
    if (text === null || text.trim() !== "") skip({ where, why: found })
    return
  }
  const { type, value } = found
  const taken = <T>(shape: Shape<T>): T | null => {
    const record = recordIn(value, where, shape)
    if ("value" in record) return record.value
    skip(record)
    return null
  }
  const remember = (place: number, post: { readonly create_at: number; readonly replies: readonly unknown[] }) => {
    index.bytes.set(number, bytes)
    add(index, place, post.create_at, number, 0)
    for (const [at, reply] of post.replies.entries()) add(index, place, timeOf(reply, post.create_at), number, at + 1)
  }
  switch (isKnown(type) ? type : null) {
    case null:
      skip({ where, why: "other_kind", detail: shownPart(type) })
      break
    case "version":
      break
    case "team":
      places.addTeam(taken(team))
      break
    case "channel":
      places.addChannel(taken(channel))
      break
    case "direct_channel":
      places.addDirect(taken(directChannel))
      break
    case "user":
      meet(server, taken(user))
      break
    case "bot":
      meet(server, taken(bot))
      break
    case "post": {
      const one = taken(post)
      if (one !== null && isTimed(one, where, skip)) remember(places.ofPost(one), one)
      break
    }
    case "direct_post": {
      const one = taken(directPost)
      if (one !== null && isTimed(one, where, skip)) remember(places.ofDirect(one), one)
    }
  }
}

function meet({ people }: MattermostServer, one: Shaped<typeof user> | Shaped<typeof bot> | null): void {
  if (one === null) return
  const named = "display_name" in one ? one.display_name : one.nickname || `${one.first_name} ${one.last_name}`.trim()
  people.meet(one.username, named || one.username)
}

function isTimed({ create_at }: Pick<Reply, "create_at">, where: string, skip: Opening["skip"]): boolean {
  if (!isTime(create_at)) skip({ where, why: "malformed", detail: "create_at" })
  return isTime(create_at)
}

function add({ place, time, line, answer }: Index, ...item: readonly [number, number, number, number]): void {
  for (const [column, value] of [place, time, line, answer].map((each, at) => [each, item[at] ?? 0] as const))
    column.push(value)
}

/** A broken answer stands beside its post; what is wrong with it shows when it is read. */
function timeOf(reply: unknown, otherwise: number): number {
  try {
    const { create_at } = fieldsOf(reply, "reply")
    return typeof create_at === "number" && isTime(create_at) ? create_at : otherwise
  } catch (error) {
    if (error instanceof Misshapen) return otherwise
    throw error
  }
}

/** What a line says, by its type; or why it says nothing. */
function lineIn(text: string): { readonly type: string; readonly value: unknown } | "malformed" | "oversized" {
  const read = parsed(text)
  if (typeof read === "string") return read
  const record = recordIn(read.value, "", lineShape)
  if (!("value" in record)) return "malformed"
  const { type } = record.value
  const fields = fieldsOf(read.value, "line")
  return { type, value: Object.hasOwn(fields, type) ? fields[type] : null }
}

async function* saidIn(
  items: ReturnType<ReturnType<typeof createReading>>,
  server: MattermostServer,
  place: Place,
  where: (line: number) => string,
): AsyncGenerator<Said | Skipped, void> {
  const isNew = createRecent()
  let last = { number: 0, post: null as ReturnType<typeof postIn> }
  for await (const { text, line, answer } of items) {
    if (last.number !== line) last = { number: line, post: postIn(text) }
    if (last.post === null) continue
    const at = answer === 0 ? where(line) : `${where(line)}.${answer}`
    const said = answer === 0 ? { value: last.post } : answerIn(last.post.replies[answer - 1], at)
    if ("why" in said) {
      yield said
      continue
    }
    const { draft, skipped } = draftOf(server, place, said.value, answer === 0 ? null : last.post, at)
    if (draft === null) yield* skipped
    else {
      // Two at one time by one person: their texts tell them apart.
      const apart = `${draft.called}/${said.value.message}`
      const [isApart, isFirst] = [isNew(apart), isNew(draft.called)]
      if (!isApart) yield { where: at, why: "repeated" }
      else yield* [...skipped, ...shaped(isFirst ? draft : { ...draft, called: apart })]
    }
  }
}

function answerIn(value: unknown, where: string): { readonly value: Reply } | Skipped {
  const record = recordIn(value, where, replyShape)
  if ("why" in record || isTime(record.value.create_at)) return record
  return { where, why: "malformed", detail: "create_at" }
}

/** The line was good when it was looked at. */
function postIn(text: string) {
  const found = lineIn(text)
  if (typeof found === "string") return null
  const record = found.type === "post" ? recordIn(found.value, "", post) : recordIn(found.value, "", directPost)
  return "value" in record ? record.value : null
}
