/** What bin/import says: the plan, what is left out and why, and what to do when it cannot go on. */
import { daysOf, ROWS_A_DAY } from "../core/importing/cost.ts"
import type { Outcome, Progress } from "../core/importing/importer.ts"
import type { Mapping } from "../core/importing/mapping.ts"
import type { Plan, PlannedPlace } from "../core/importing/plan.ts"
import { shownPlace } from "../core/importing/plan.ts"
import { type Report, SHOWN } from "../core/importing/report.ts"
import { IMPORT_WORDS } from "../core/importing/words.ts"

const OWN: Readonly<Record<string, string>> = {
  written: "people have written in the channel with this name: say in a --map file into which other it goes",
  alike: "its name is or looks like that of another channel: give it another one in a --map file",
  unsecured: "private channels need a secured name: make a recovery code in the settings and sign in with it",
  not_in_it: "you are not in the private channel with this name",
  conversation: "a direct conversation of people who are not all members here, or without you: see --direct-as-private",
  channels: "the room has as many channels as it may have",
  future: "has a time that has not come yet",
  too_long: "is too long for the room",
  files_off: "has a file, and this chat takes none (FILE_BYTES)",
  file_too_large: "has a file that is larger than this chat takes (FILE_BYTES)",
  file_damaged: "has a file whose bytes are damaged or not as many as they should be",
  elsewhere: "messages with these ids are in another channel of the room already",
  expired: "messages became too old meanwhile",
  refused: "the room refuses it",
  name_refused: "the room refuses the name; the person is called otherwise",
  reactions_refused: "the room refuses its reactions; they are left out",
  mentions_refused: "the room refuses its mentions; they are left out",
  reply_to_refused: "the room refuses what it answers; it stands for itself",
  edited_at_refused: "the room refuses the time of its edit",
  shown_as_refused: "the room refuses the name under which a program spoke",
  name_taken: "the room has a channel whose name is or looks like this one: give it another one in a --map file",
  forbidden: "the room forbids it, or somebody has written in the channel meanwhile",
  limit_reached: "the room has as many channels or former members as it may have",
}

export function reasonFor(why: string): string {
  // as: words of the other set are looked up in the same way.
  return (
    OWN[why] ?? (IMPORT_WORDS.en.skipped as Readonly<Record<string, string>>)[why] ?? `the room refuses it (${why})`
  )
}

export const lineFor = ({ where, why, detail }: { where: string; why: string; detail?: string | undefined }) =>
  `${where}: ${reasonFor(why)}${detail === undefined || detail === "" ? "" : ` (${detail})`}`

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
const counted = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`

export function planText(title: string, plan: Plan): string {
  return [title, ...peopleLines(plan), ...placeLines(plan), ...costLines(plan)].join("\n")
}

const LISTED = 30

function peopleLines({ mapping }: Plan): readonly string[] {
  const members = mapping.all.filter(({ as }) => as === "member")
  const others = mapping.all.length - members.length
  return [
    `  ${counted(mapping.all.length, "person", "people")}: members here ${members.length}, former members ${others}`,
    ...listed(members.map(({ name, shown }) => (name === shown ? `    ${name}` : `    ${name} is ${shown} here`))),
  ]
}

const listed = (lines: readonly string[]) =>
  lines.length <= LISTED ? lines : [...lines.slice(0, LISTED), `    … and ${lines.length - LISTED} more`]

function placeLines({ places, mapping }: Plan): readonly string[] {
  return [
    `  ${counted(places.length, "channel or conversation", "channels and conversations")}`,
    ...places.map((each) => placeLine(each, mapping)),
  ]
}

function placeLine(planned: PlannedPlace, mapping: Mapping): string {
  const { target, messages, deleted, known, expired, files } = planned
  const name = `    ${shownPlace(planned.place, mapping)}`
  if (target.do === "refuse") return `${name}: not taken, ${reasonFor(target.why)}`
  const how = { use: "is there", make: "is made", converse: "is opened" }[target.do]
  const shown = target.do === "make" ? `${how}${target.kind === "private" ? seenBy(target.members, mapping) : ""}` : how
  const parts = [
    `${counted(messages, "message")}${deleted > 0 ? ` (${deleted} of them deleted there)` : ""}`,
    ...(files > 0 ? [counted(files, "file")] : []),
    ...(known > 0 ? [`${known} there already`] : []),
    ...(expired > 0 ? [`${expired} older than the ${planned.days} days that it keeps`] : []),
  ]
  return `${name}: ${shown}; ${parts.join(", ")}`
}

/** Who will read a private channel: people are found by their names, and anybody may be called so. */
function seenBy(members: readonly string[], { all }: Mapping): string {
  const names = members.map((member) => all.find(({ id }) => id === member)?.shown ?? member)
  return names.length === 0 ? ", private" : `, private, with ${names.join(", ")}`
}

function costLines({ amount, rows, fileBytes, room }: Plan): readonly string[] {
  const days = daysOf(rows)
  const plan = `${counted(rows, "row")} written: ${counted(days, "day")} of the free plan's ${ROWS_A_DAY.toLocaleString("en")}`
  const free = megabytes(Math.max(0, room.room_file_bytes - room.bytes))
  const files =
    amount.files === 0
      ? []
      : [`  ${counted(amount.files, "file")}, ${megabytes(fileBytes)}; the room takes ${free} more`]
  return [`  ${counted(amount.messages, "message")} to bring`, ...files, `  it costs about ${plan}`]
}

/** What is left out: by reason, and the first lines. */
export function reportText(report: Report): string {
  if (report.count() === 0) return ""
  const reasons = [...report.counts()].map(([why, count]) => `    ${count} × ${reasonFor(why)}`)
  const lines = report.first().map((line) => `    ${lineFor(line)}`)
  const rest =
    report.count() > SHOWN ? [`    … and ${report.count() - SHOWN} more: --report FILE writes all of them`] : []
  return [
    `  Not taken, or not all of it: ${report.count()}`,
    ...reasons,
    "  The first of them:",
    ...lines,
    ...rest,
  ].join("\n")
}

export function progressText(plan: Plan, { place, messages, files, fileBytes }: Progress): string {
  const { amount } = plan
  const said = `${messages} of ${amount.messages} messages`
  const sent =
    amount.files === 0
      ? ""
      : ` · files: ${files} of ${amount.files}, ${megabytes(fileBytes)} of ${megabytes(plan.fileBytes)}`
  return `${said}${sent} · ${place}`
}

export function summary(plan: Plan, { messages, files, elsewhere, isWhole }: Outcome): string {
  const known = plan.places.reduce((sum, place) => sum + place.known, 0)
  const before = known === 0 ? "" : `, ${known} were there before`
  const other = elsewhere === 0 ? "" : `, ${elsewhere} are in other channels of the room`
  const end = isWhole ? "" : "\nNot everything could be brought: see above, and start the same command again."
  return `${counted(messages, "message")} and ${counted(files, "file")} brought${before}${other}.${end}`
}

const AGAIN = "Start the same command again then: it goes on where it was."

/** Why it cannot go on, and what to do. */
export function stoppedText(code: string): string {
  switch (code) {
    case "internal":
    case "unreachable":
      return (
        "The room takes nothing now. Is there a network? On the free plan the rows of a day may be used up: then it takes" +
        ` more after 00:00 UTC. ${AGAIN} With --wait it waits by itself.`
      )
    case "files_full":
      return (
        "The room takes no more files: it is full, or uploads that were broken off still count, for a day. Make room" +
        ` (ROOM_FILE_BYTES, or delete messages with files), or add --no-files. ${AGAIN}`
      )
    case "unauthenticated":
      return `The session has ended. ${AGAIN}`
    default:
      return `The room refused to go on (${code}). ${AGAIN}`
  }
}
