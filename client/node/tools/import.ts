/** bin/import: what was said elsewhere, into a room (docs/import.md). */
import { readFile } from "node:fs/promises"
import path from "node:path"
import { bring, RowsUsed } from "../../core/importing/importer.ts"
import { Unmappable } from "../../core/importing/mapping.ts"
import { type Choices, type Plan, planFor, type Space, space } from "../../core/importing/plan.ts"
import { ImportRefused } from "../../core/importing/reasons.ts"
import { createReport, type Report } from "../../core/importing/report.ts"
import { Stopped } from "../../core/importing/room.ts"
import { type ImportSource, openSource } from "../../core/importing/source.ts"
import { wishesIn } from "../../core/importing/wishes.ts"
import { IMPORT_WORDS } from "../../core/importing/words.ts"
import { fieldsOf, flag, number, object, oneOf, orNull, type Shaped, text } from "../../core/shape.ts"
import { placeOf } from "../address.ts"
import { type Entered, enter } from "../entering.ts"
import { lineFor, planText, progressText, reportText, stoppedText, summary } from "../importWords.ts"
import { connect } from "../line.ts"
import { readOrder, run } from "../order.ts"
import { nodePorts } from "../ports.ts"
import { createProgress, onStderr } from "../progress.ts"
import { openFile } from "../randomAccess.ts"
import { openReport } from "../reporting.ts"
import { type Target, targetOf } from "../target.ts"
import { terminalAt } from "../terminal.ts"
import { Trouble } from "../trouble.ts"

const order = object({
  address: text,
  room: orNull(text),
  name: text,
  password: orNull(text),
  recovery: orNull(text),
  file: text,
  dry: flag,
  map: orNull(text),
  report: orNull(text),
  files: flag,
  expired: oneOf("ask", "keep", "leave"),
  direct_as_private: flag,
  most_rows: orNull(number),
  wait: flag,
  /** Nobody is asked whether to begin. */
  sure: flag,
  /** Where to ask; null: nobody is there. */
  terminal: orNull(text),
})
type Order = Shaped<typeof order>

/** A room that takes nothing for so long takes nothing today. */
const PATIENCE_MS = 10 * 60_000

type Progress = ReturnType<typeof createProgress>

async function importFrom(given: Order, interrupted: AbortSignal): Promise<number> {
  const place = placeOf(given.address, given.room)
  const wishes = given.map === null ? wishesIn("") : wishesIn(await textIn(given.map))
  const file = await openFile(given.file)
  const source = await openSource(file, path.basename(given.file))
  const lost = new AbortController()
  const signal = AbortSignal.any([interrupted, lost.signal])
  const ports = nodePorts(place, "durable-chat-import")
  const entered = await enter(place, ports, given)
  const progress = createProgress(onStderr())
  const patienceMs = given.wait ? Number.POSITIVE_INFINITY : PATIENCE_MS
  const untilLost = lostAfter(patienceMs, () => lost.abort(new Stopped("unreachable")))
  try {
    if (entered.session.member.role !== "admin")
      throw new Trouble("Only an admin may import: use the admins' password.")
    let target: Target | null = null
    const line = await connect(place, ports, {
      onConnection: ({ status }) => {
        untilLost(status === "live")
        if (status === "waiting") progress.say(() => "The line is lost; trying again …")
      },
      onFrame: (frame) => target?.hear(frame),
    })
    signal.addEventListener("abort", () => line.requests.abandon())
    target = targetOf(place, ports, entered, line, patienceMs, signal)
    try {
      const choices = {
        ...wishes,
        files: given.files,
        directAsPrivate: given.direct_as_private,
        expired: "leave" as const,
      }
      return await work(given, { source, target, choices, space: await spaceIn(entered), signal, progress })
    } finally {
      line.close()
    }
  } finally {
    untilLost(true)
    progress.end()
    await entered.leave()
    await source.close()
    await file.close()
  }
}

interface Work {
  readonly source: ImportSource
  readonly target: Target
  readonly choices: Choices
  readonly space: Space
  readonly signal: AbortSignal
  readonly progress: Progress
}

async function work(given: Order, { source, target, choices, space, signal, progress }: Work): Promise<number> {
  const plan = async (expired: Choices["expired"]) => {
    const written = await openReport(given.report)
    const report = createReport((line) => written.write(`${lineFor(line)}\n`))
    const onRead = (place: string, messages: number) => progress.say(() => `reading: ${place}, ${messages} messages`)
    const chosen = { ...choices, expired }
    const planned = await planFor(source, target, chosen, space, { signal, report, onRead })
    progress.end()
    return { planned, report, chosen, written }
  }

  let made = await plan(given.expired === "keep" ? "keep" : "leave")
  const mayAsk = given.terminal !== null && !given.dry
  if (made.planned.expired > 0 && given.expired === "ask" && mayAsk) {
    const answer = await expiredAnswer(made.planned, terminalAt(given.terminal, signal))
    if (answer === "q") return 1
    if (answer === "k") {
      await made.written.close()
      made = await plan("keep")
    }
  }
  const { planned, report, chosen, written } = made
  try {
    const isOpen = planned.expired > 0 && given.expired === "ask"
    const texts = [planText(source.title, planned), reportText(report), isOpen && given.dry ? expiredText(planned) : ""]
    process.stdout.write(`${texts.filter((text) => text !== "").join("\n")}\n`)
    if (given.dry) return 0
    if (isOpen && !mayAsk) throw new Trouble(expiredText(planned))
    requireSpace(planned)
    if (mayAsk && !given.sure && (await terminalAt(given.terminal, signal)("Begin?", ["y", "n"])) === "n") return 1
    return await brought(given, { source, target, choices: chosen, space, signal, progress }, planned, report)
  } finally {
    await written.close()
  }
}

async function brought(given: Order, { source, target, choices, signal, progress }: Work, plan: Plan, report: Report) {
  const before = report.count()
  try {
    const outcome = await bring(source, plan, target, choices, given.most_rows, {
      signal,
      report,
      onProgress: (now) => progress.say(() => progressText(plan, now)),
    })
    progress.end()
    if (report.count() > before) process.stdout.write(`${reportText(report)}\n`)
    process.stdout.write(`${summary(plan, outcome)}\n`)
    return outcome.isWhole ? 0 : 1
  } catch (error) {
    progress.end()
    if (!(error instanceof RowsUsed)) throw error
    process.stdout.write(
      "As many rows are written as you allowed. Start the same command again another day: it goes on.\n",
    )
    return 1
  }
}

// --- what has to be known before ---

const expiredText = ({ expired }: Plan) =>
  `${expired} messages are older than their channels keep messages: the next clean-up would delete them.` +
  " Say --expired keep (these channels keep everything from now on) or --expired leave (they are not brought)."

function expiredAnswer({ expired }: Plan, ask: ReturnType<typeof terminalAt>): Promise<string> {
  return ask(
    `${expired} messages are older than their channels keep messages. Keep everything in these channels from now on,` +
      " leave the old ones out, or quit?",
    ["k", "l", "q"],
  )
}

function requireSpace({ fileBytes, amount, room }: Plan): void {
  const { count, bytes, room_file_bytes } = room
  if (amount.files === 0 || (bytes + fileBytes <= room_file_bytes && count + amount.files <= MOST_FILES)) return
  throw new Trouble(
    "The files do not fit into the room: raise ROOM_FILE_BYTES, bind a bucket (docs/files.md), or say --no-files.",
  )
}

/** In a room; docs/protocol.md, "Files". */
const MOST_FILES = 10_000

async function spaceIn({ api }: Entered): Promise<Space> {
  const answer = await api.call("GET", "/stats", (value) => space(fieldsOf(value, "stats")["files"], "files"))
  if (!answer.ok) throw new Trouble(`The room does not say how full it is (${answer.problem.code}).`)
  return answer.value
}

async function textIn(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Trouble(`${file} cannot be read (${error.code ?? "unknown"}).`)
  })
}

/** Calls `action` when the line was gone for so long. */
function lostAfter(ms: number, action: () => void): (isLive: boolean) => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  return (isLive) => {
    if (isLive && timer !== null) {
      clearTimeout(timer)
      timer = null
    }
    if (!isLive && Number.isFinite(ms)) timer ??= setTimeout(action, ms)
  }
}

/** What is for whoever has started it, in words. */
function troubleOf(error: unknown): unknown {
  if (error instanceof Stopped) return new Trouble(stoppedText(error.code))
  if (error instanceof Unmappable) return new Trouble(error.message)
  if (error instanceof ImportRefused) {
    return new Trouble(`${IMPORT_WORDS.en.refused[error.why]}${error.where === "" ? "" : ` (${error.where})`}`)
  }
  return error
}

await run(async (signal) =>
  importFrom(await readOrder(order), signal).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : troubleOf(error)
  }),
)
