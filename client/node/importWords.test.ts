import assert from "node:assert/strict"
import { test } from "node:test"
import { mapPeople } from "../core/importing/mapping.ts"
import { REFUSALS } from "../core/importing/places.ts"
import { SKIP_REASONS } from "../core/importing/reasons.ts"
import { createReport } from "../core/importing/report.ts"
import { fakeSource, here, member, place } from "../core/importing/roomFakes.ts"
import { lineFor, planText, reasonFor, reportText, stoppedText } from "./importWords.ts"

test("every reason is said in words of its own", () => {
  const all = new Set([...REFUSALS, ...SKIP_REASONS].map(reasonFor))
  assert.equal([...all].filter((words) => words.includes("refuses it (")).length, 0)
  assert.equal(reasonFor("brand_new"), "the room refuses it (brand_new)")
  assert.equal(lineFor({ where: "# plans", why: "written" }).startsWith("# plans: people have written"), true)
})

test("a plan says who is who, what goes where and what it costs", async () => {
  const mapping = await mapPeople(fakeSource(), here(), new Map(), crypto.subtle)
  const target = { do: "make", kind: "private", name: "plans", topic: "", members: [] } as const
  const counts = {
    messages: 1_200,
    deleted: 4,
    known: 3,
    expired: 2,
    files: 1,
    fileBytes: 5_000_000,
    stored: new Set<string>(),
    days: 30,
  }
  const amount = { messages: 1_200, frames: 12, people: 1, channels: 1, members: 1, files: 1, blocks: 5 }
  const room = { count: 0, bytes: 1_000_000, room_file_bytes: 10_000_000 }
  const plan = {
    mapping,
    places: [{ place: place(), target, ...counts }],
    amount,
    rows: 120_000,
    fileBytes: 5_000_000,
    room,
    expired: 2,
  }
  assert.deepEqual(planText("Elsewhere", plan).split("\n"), [
    "Elsewhere",
    "  1 person: members here 0, former members 1",
    "  1 channel or conversation",
    "    # plans: is made, private; 1,200 messages (4 of them deleted there), 1 file, 3 there already, 2 older than the 30 days that it keeps",
    "  1,200 messages to bring",
    "  1 file, 5.0 MB; the room takes 9.0 MB more",
    "  it costs about 120,000 rows written: 2 days of the free plan's 100,000",
  ])
})

test("of many lines the first are shown, with how many there are for each reason", () => {
  const report = createReport()
  assert.equal(reportText(report), "")
  for (let line = 1; line <= 25; line++) report.add({ where: `line ${line}`, why: "system" })
  const text = reportText(report).split("\n")
  assert.match(text[1] ?? "", /^ {4}25 × /)
  assert.match(text[3] ?? "", /^ {4}line 1: /)
  assert.match(text.at(-1) ?? "", /5 more/)
})

test("why it cannot go on is said with what to do", () => {
  for (const code of ["internal", "unreachable", "files_full", "unauthenticated", "anything"]) {
    assert.match(stoppedText(code), /Start the same command again/)
  }
})

test("a plan says who will read a private channel that is made", async () => {
  const anna = member("anna", "Anna", { secured: true })
  const room = here({ members: [...here().members, anna] })
  const source = fakeSource({ people: [{ key: "U1", name: "anna" }] })
  const mapping = await mapPeople(source, room, new Map(), crypto.subtle)
  const target = { do: "make", kind: "private", name: "plans", topic: "", members: ["anna"] } as const
  const counts = { messages: 1, deleted: 0, known: 0, expired: 0, files: 0, fileBytes: 0, stored: new Set<string>() }
  const amount = { messages: 1, frames: 1, people: 0, channels: 1, members: 2, files: 0, blocks: 0 }
  const places = [{ place: place(), target, ...counts, days: 0 }]
  const space = { count: 0, bytes: 0, room_file_bytes: 0 }
  const text = planText("Elsewhere", { mapping, places, amount, rows: 1, fileBytes: 0, room: space, expired: 0 })
  assert.match(text, /# plans: is made, private, with Anna; 1 message$/m)
})
