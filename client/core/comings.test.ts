import assert from "node:assert/strict"
import { test } from "node:test"
import { texts as english } from "../i18n/en.ts"
import { texts as russian } from "../i18n/ru.ts"
import { createTranslator } from "../i18n/translate.ts"
import { comingWords } from "../ui/comings/comingWords.ts"
import { beginOf, createComings, nextDay, othersBetween } from "./comings.ts"
import { fakeClock } from "./fakes.ts"
import type { ChatState } from "./hub.ts"
import type { Request, RoomEvent } from "./protocol.ts"
import { createWatched } from "./watched.ts"

const DAY = 86_400_000
const noon = (day: number) => new Date(2026, 10, day, 12).getTime()
const came = (member: string, at: number) => ({ at, member, gone: false, went: "", renamed: [] as string[] })
const went = (member: string, at: number, how = "") => ({ ...came(member, at), gone: true, went: how })
const renamed = (member: string, at: number, ...names: string[]) => ({ ...came(member, at), renamed: names })

test("below a day stands what happened since the last day on which anything was said, and nobody twice", () => {
  const known = {
    all: [
      came("me", noon(1)),
      came("anna", noon(1)),
      came("boris", noon(2)),
      went("old", noon(2)),
      went("left", noon(2), "left"),
      went("removed", noon(2), "removed"),
      came("eva", noon(3)),
      went("eva", noon(3) + 1),
      renamed("me", noon(3), "Me", "I"),
      renamed("eva", noon(3), "Eva", "Ewa"),
      renamed("old", noon(3), "Old", "New"),
      renamed("boris", noon(3), "Boris", "Bob"),
      renamed("boris", noon(3) + 1, "Bob", "Rob"),
      renamed("old", noon(3) + 1, "New", "Old"),
    ],
    from: 0,
  }
  const messages = [{ sent_at: noon(1) }, { sent_at: noon(3) }] as never
  assert.equal(beginOf({ messages }, noon(3)), nextDay(noon(1)))
  assert.deepEqual(othersBetween(known, nextDay(noon(1)), nextDay(noon(3)), "me"), {
    came: ["boris"],
    left: ["left"],
    removed: ["removed"],
    went: ["old"],
    renamed: [
      { from: "Eva", to: "Ewa" },
      { from: "Boris", to: "Rob" },
    ],
  })
  assert.equal(beginOf({ messages }, noon(1)), new Date(2026, 10, 1).getTime())
  assert.deepEqual(othersBetween(known, beginOf({ messages }, noon(1)), nextDay(noon(1)), "me"), {
    came: ["anna"],
    left: [],
    removed: [],
    went: [],
    renamed: [],
  })
})

test("it is said in few words, in both languages", () => {
  const [en, ru] = [createTranslator("en", english), createTranslator("ru", russian)]
  const names = (count: number) => ["Anna", "Boris", "Clara", "Dora", "Eva", "Fritz", "Gerd"].slice(0, count)
  const nobody = { came: [], left: [], removed: [], went: [] }
  assert.equal(comingWords(en, { ...nobody, came: names(1) }), "Anna joined")
  assert.equal(
    comingWords(en, { ...nobody, came: names(3), went: names(1) }),
    "Anna, Boris and Clara joined \u00b7 Anna is no longer a member",
  )
  assert.equal(comingWords(en, { ...nobody, came: names(5) }), "Anna, Boris and 3 others joined")
  assert.equal(comingWords(en, { ...nobody, went: names(2) }), "Anna and Boris are no longer members")
  assert.equal(
    comingWords(en, { ...nobody, left: names(1), removed: names(2) }),
    "Anna left \u00b7 Anna and Boris were removed",
  )
  assert.equal(
    comingWords(ru, { ...nobody, came: names(5), left: names(1), removed: names(1) }),
    "Теперь с нами: Anna, Boris и ещё 3 человека \u00b7 Вышли из комнаты: Anna \u00b7 Удалены администратором: Anna",
  )
  assert.equal(comingWords(ru, { ...nobody, came: names(7) }), "Теперь с нами: Anna, Boris и ещё 5 человек")
  assert.equal(comingWords(en, nobody), "")
  const pairs = [1, 2, 3, 4].map((number) => ({ from: `Old ${number}`, to: `New ${number}` }))
  assert.equal(
    comingWords(en, { ...nobody, came: names(1) }, pairs.slice(0, 1)),
    "Anna joined \u00b7 Old 1 is now called New 1",
  )
  assert.equal(
    comingWords(ru, nobody, pairs),
    "Old 1 теперь носит имя New 1 \u00b7 Old 2 теперь носит имя New 2 \u00b7 ещё 2 человека сменили имя",
  )
})

test("pages are asked for as far back as something is shown; what happens meanwhile is seen, and anew after a lost line", async () => {
  const clock = fakeClock(noon(9))
  const member = (id: string, name = id) => ({ id, name, role: "member" })
  const state = (status: string, ...ids: string[]) =>
    ({
      connection: { status },
      room: {
        members: Object.fromEntries(ids.map((id) => [id, member(id)])),
        former: { robo: { role: "bot" } },
      },
    }) as unknown as ChatState
  const store = createWatched(state("live", "anna"), clock)
  const asked: Request[] = []
  const pages = [
    { comings: [came("boris", noon(8)), came("anna", noon(7))], more: true },
    { comings: [came("old", noon(2))], more: false },
  ]
  const ask = async (request: Request) => {
    asked.push(request)
    return { type: "comings", ref: "r", ...pages["before" in request && request.before !== undefined ? 1 : 0] } as never
  }
  let tell: (events: readonly RoomEvent[]) => void = () => undefined
  const hear = (listener: typeof tell) => {
    tell = listener
    return () => undefined
  }
  const comings = createComings({ ask, store, clock, hear })
  comings.reach(noon(8) - DAY / 2)
  await settled()
  assert.deepEqual(asked, [{ type: "comings" }])
  comings.reach(noon(3))
  await settled()
  assert.deepEqual(asked.slice(1), [{ type: "comings", before: noon(7) }])
  assert.deepEqual(comings.known.get(), {
    all: [came("old", noon(2)), came("anna", noon(7)), came("boris", noon(8))],
    from: 0,
  })

  clock.pass(1_000)
  store.set(state("live", "anna", "eva"))
  assert.deepEqual(comings.known.get().all.at(-1), came("eva", clock.now()))
  const gone = (id: string, by: string) => ({ kind: "member_removed" as const, seq: 9, member: id, by })
  tell([gone("robo", "anna"), gone("dora", "anna")])
  store.set(state("live", "anna"))
  clock.pass(1_000)
  tell([gone("eva", "")])
  assert.deepEqual(
    comings.known.get().all.map(({ member: id, went: how }) => `${id} ${how}`),
    ["old ", "anna ", "boris ", "eva ", "dora removed", "eva left"],
  )
  const live = state("live", "anna")
  store.set({ ...live, room: { ...live.room, members: { anna: member("anna", "Anja") } } } as unknown as ChatState)
  assert.deepEqual(comings.known.get().all.at(-1), renamed("anna", clock.now(), "anna", "Anja"))
  store.set(state("connecting"))
  clock.pass(1_000)
  store.set(state("live", "anna"))
  await settled()
  assert.equal(asked.length, 4, "the first page and the one that is needed again")
  assert.equal(comings.known.get().all.length, 3)
})

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
