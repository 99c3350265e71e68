import assert from "node:assert/strict"
import { test } from "node:test"
import { texts as english } from "./en.ts"
import { texts as russian } from "./ru.ts"
import { createTranslator, LANGUAGES, languageFor, regionOf, type Text } from "./translate.ts"

/** Every catalogue but the English one, which the others are held to. */
const translations = { ru: russian }

const forms = (text: Text) => (typeof text === "string" ? [text] : Object.values(text))
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

test("every language has a catalogue, and every catalogue a language", () => {
  assert.deepEqual(LANGUAGES.map(({ id }) => id).sort(), ["en", ...Object.keys(translations)].sort())
})

for (const [language, texts] of Object.entries(translations)) {
  test(`${language} has the keys that English has`, () => {
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort())
  })

  for (const [key, text] of Object.entries<Text>(english)) {
    test(`"${key}" says the same in ${language}, and nothing is empty`, () => {
      const other: Text = texts[key as keyof typeof texts]
      assert.ok([...forms(text), ...forms(other)].every((form) => form.trim() !== ""))
      const wanted = placeholders(forms(text).at(-1) ?? "")
      for (const form of forms(other)) assert.deepEqual(placeholders(form), wanted)
    })
  }
}

test("every Russian plural has the forms that Russian counts with", () => {
  for (const [key, text] of Object.entries<Text>(russian)) {
    if (typeof text !== "string") assert.deepEqual(Object.keys(text).sort(), ["few", "many", "one", "other"], key)
  }
})

test("Russian texts are Russian", () => {
  const latin = Object.entries<Text>(russian).filter(([, text]) => forms(text).some((form) => !/[а-яё]/i.test(form)))
  assert.deepEqual(
    latin.map(([key]) => key),
    ["mentions.badge", "message.by", "message.heard"],
  )
})

test("numbers decide the form", () => {
  const t = createTranslator("ru", russian)
  const count = (number: number) => t("messages.newCount", { count: number })
  assert.deepEqual([1, 2, 5, 21].map(count), [
    "1 новое сообщение",
    "2 новых сообщения",
    "5 новых сообщений",
    "21 новое сообщение",
  ])
  assert.equal(createTranslator("en", english)("unread", { count: 1 }), "1 unread message")
})

test("days are named as people name them", () => {
  const t = createTranslator("en", english)
  const noon = new Date(2026, 10, 22, 12).getTime()
  assert.equal(t.day(noon - 3_600_000, noon), "Today")
  assert.equal(t.day(noon - 24 * 3_600_000, noon), "Yesterday")
  assert.match(t.day(noon - 5 * 24 * 3_600_000, noon), /November/)
})

for (const [languages, language, wanted] of [
  [["en-US"], "en", "8:10 PM"],
  [["en-GB", "en"], "en", "20:10"],
  [["de-DE", "en-US"], "en", "20:10"],
  [["de"], "en", "20:10"],
  [["en-US", "ru"], "ru", "8:10 PM"],
  [["ru-RU", "en-US"], "ru", "20:10"],
  [["fr-CA"], "en", "20:10"],
  [["ja-JP"], "ru", "20:10"],
  [["not a language"], "en", "8:10 PM"],
  [[], "en", "8:10 PM"],
] as const) {
  test(`${languages.join() || "nothing"} in ${language} says ${wanted}`, () => {
    const texts = { en: english, ru: russian }[language]
    const t = createTranslator(language, texts, regionOf(language, languages))
    const at = new Date(2026, 10, 28, 20, 10).getTime()
    assert.equal(t.time(at).replace(/\s/g, " "), wanted)
    assert.match(t.moment(at), wanted.endsWith("PM") ? /8:10/ : /20:10/)
    assert.equal(t.shortTime(at), wanted.replace(" PM", ""))
  })
}

for (const [languages, language, morning, midnight] of [
  ["de-DE", "en", "09:08", "00:08"],
  ["en-GB", "en", "09:08", "00:08"],
  ["ru-RU", "ru", "09:08", "00:08"],
  ["en-US", "en", "9:08 AM", "12:08 AM"],
  ["en-US", "ru", "9:08 AM", "12:08 AM"],
] as const) {
  test(`before ten in the morning ${languages} in ${language} says ${morning}`, () => {
    const texts = { en: english, ru: russian }[language]
    const t = createTranslator(language, texts, regionOf(language, [languages]))
    const at = (hour: number) => t.time(new Date(2026, 10, 28, hour, 8).getTime()).replace(/\s/g, " ")
    assert.deepEqual([at(9), at(0)], [morning, midnight])
  })
}

test("a month is named in the language that is spoken, a day in the order of the region", () => {
  const t = createTranslator("en", english, regionOf("en", ["de-DE"]))
  assert.match(t.day(new Date(2024, 4, 3).getTime(), new Date(2026, 4, 3).getTime()), /^3 May 2024$/)
})

test("how long ago is said as people say it", () => {
  const t = createTranslator("en", english)
  const ago = (minutes: number) => t.ago(10_000_000_000 - minutes * 60_000, 10_000_000_000)
  assert.deepEqual([0, 0.4, 3, 90, 3_000].map(ago), ["now", "now", "3 minutes ago", "1 hour ago", "2 days ago"])
})

test("the browser's first language that we speak is taken, else English", () => {
  assert.equal(languageFor(["xx-XX", "ru-RU", "en"]), "ru")
  assert.equal(languageFor(["xx"]), "en")
})

/** What people call a thing, and the words for it that they did not understand at once. */
const WORDS: Record<string, readonly [texts: Record<string, Text>, said: Record<string, string>, never: RegExp]> = {
  English: [
    english,
    {
      "login.enter": "Sign in",
      "confirm.back": "Use another name",
      "connection.now": "Reconnect",
      "messages.newest": "Jump to latest",
      "reply.cancel": "Cancel reply",
      "settings.theme": "Theme",
      "settings.theme.system": "Match system",
      "notify.level": "Notify me about",
      "notify.usual": "Default",
      "retention.room": "Delete messages after … days",
      "retention.hint": "Leave empty for the default; 0 keeps them for ever.",
      stats: "Room statistics",
      leave: "Sign out",
      "shortcut.help": "Show this list",
    },
    /\b(come in|take another|to the newest|do not reply|as the system|tell me of|the usual|wider rule|in figures)\b|^(look|leave|now|show this)$/i,
  ],
  Russian: [
    russian,
    {
      "connection.waiting": "Переподключение через {count} с",
      "connection.now": "Подключиться",
      "settings.theme": "Тема",
      "notify.level": "Уведомлять",
      "notify.usual": "По умолчанию",
      "notify.mentions": "Об упоминаниях и ответах",
      "shortcut.escape": "Закрыть окно или отменить",
      "shortcut.help": "Показать эту подсказку",
    },
    /прервать|обращени|как обычно|снова через|^(вид|сейчас|сообщать|показать это)$/i,
  ],
}

for (const [language, [texts, said, never]] of Object.entries(WORDS)) {
  test(`${language} calls things what people call them`, () => {
    assert.deepEqual(Object.fromEntries(Object.keys(said).map((key) => [key, texts[key]])), said)
    const wrong = Object.entries(texts).filter(([, text]) => forms(text).some((form) => never.test(form)))
    assert.deepEqual(
      wrong.map(([key]) => key),
      [],
    )
  })
}
