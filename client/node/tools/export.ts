/** bin/export: everything that a member sees, in one file (docs/export.md). */
import { page } from "archive:page"
import { sealed } from "../../core/archive/age.ts"
import { slackNames } from "../../core/archive/emojiNames.ts"
import { FLAVOURS, partsIn } from "../../core/archive/flavours.ts"
import type { Progress } from "../../core/archive/writer.ts"
import { zipOf } from "../../core/archive/zip.ts"
import { NotFetched } from "../../core/files/types.ts"
import { Refused } from "../../core/requests.ts"
import { flag, object, oneOf, orNull, type Shaped, text } from "../../core/shape.ts"
import { texts as en } from "../../i18n/en.ts"
import { texts as ru } from "../../i18n/ru.ts"
import { createTranslator } from "../../i18n/translate.ts"
import { placeOf } from "../address.ts"
import { enter } from "../entering.ts"
import { keep } from "../keeping.ts"
import { connect } from "../line.ts"
import { readOrder, run } from "../order.ts"
import { nodePorts } from "../ports.ts"
import { createProgress, onStderr } from "../progress.ts"
import { sourceOf } from "../source.ts"
import { Trouble } from "../trouble.ts"

const order = object({
  address: text,
  room: orNull(text),
  name: text,
  password: orNull(text),
  recovery: orNull(text),
  output: text,
  scope: oneOf("open", "seen"),
  files: flag,
  flavour: oneOf(...FLAVOURS),
  language: oneOf("en", "ru"),
  passphrase: orNull(text),
})

async function exportTo(given: Shaped<typeof order>, signal: AbortSignal): Promise<number> {
  const place = placeOf(given.address, given.room)
  const ports = nodePorts(place, "durable-chat-export")
  const entered = await enter(place, ports, given)
  const progress = createProgress(onStderr())
  const line = await connect(place, ports, {
    onConnection: ({ status }) => status === "waiting" && progress.say(() => "The line is lost; trying again …"),
  }).catch(async (error: unknown) => {
    await entered.leave()
    throw error
  })
  signal.addEventListener("abort", () => line.requests.abandon())
  try {
    const source = sourceOf(place, ports, entered, line)
    const say = createTranslator(given.language, given.language === "ru" ? ru : en)
    let last: Progress | null = null
    const parts = partsIn(
      given.flavour,
      source,
      { ...given, say, page, emojiNames: async () => slackNames },
      {
        signal,
        onProgress: (now) => {
          last = now
          progress.say(() => wordsFor(now))
        },
      },
    )
    const zip = zipOf(parts)
    const stream = given.passphrase === null ? zip : sealed(zip, given.passphrase, ports)
    const bytes = await keep(given.output, stream, signal).catch((error: unknown) => {
      throw troubleOf(error, signal)
    })
    progress.end()
    process.stdout.write(`${given.output}: ${summary(last, bytes)}\n`)
    return 0
  } finally {
    progress.end()
    line.close()
    await entered.leave()
  }
}

function troubleOf(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  if (error instanceof NotFetched) return new Trouble("The files of the room cannot be reached. Nothing was saved.")
  if (error instanceof Refused) return new Trouble(`The room refused to go on (${error.code}). Nothing was saved.`)
  return error
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

function wordsFor({ channel, messages, files }: Progress): string {
  if (files === null) return `${messages} messages · ${channel}`
  return `${messages} messages · files: ${files.done} of ${files.of}, ${megabytes(files.bytes)} of ${megabytes(files.ofBytes)}`
}

function summary(last: Progress | null, bytes: number): string {
  const files = last?.files === null || last === null ? "" : `, ${last.files.done} files`
  const missing = last?.missing ? ` (${last.missing} files could not be had; manifest.json names them)` : ""
  return `${last?.messages ?? 0} messages${files}, ${megabytes(bytes)}${missing}`
}

await run(async (signal) => exportTo(await readOrder(order), signal))
