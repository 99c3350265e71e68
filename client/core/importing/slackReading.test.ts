import assert from "node:assert/strict"
import { test } from "node:test"
import { slackNames } from "../archive/emojiNames.ts"
import { fakeSource, wanted, watch } from "../archive/fakes.ts"
import { partsOfSlack } from "../archive/slack.ts"
import { zipOf } from "../archive/zip.ts"
import { fileOf, heard, type Parts, refusalOf, textOf, zipped } from "./fakes.ts"
import { CUT_THERE, MOST_DEPTH } from "./limits.ts"
import { idOf } from "./shaping.ts"
import { openSource } from "./source.ts"

const open = async (parts: Parts) => openSource(fileOf(await zipped(parts)), "exports/My workspace.zip")

const USERS = [
  { id: "U1", name: "anna", profile: { real_name: "Anna K", display_name: "Anna" } },
  { id: "U2", name: "boris", real_name: "Boris", deleted: true, profile: { display_name: "" } },
]
const GENERAL = { id: "C1", name: "general", members: ["U1"], topic: { value: "all" }, purpose: { value: "p" } }
const LISTS = { "users.json": USERS, "channels.json": [GENERAL] }
const SAID = { type: "message", user: "U1", text: "hello", ts: "1700000000.000100" }
const AT = 1_700_000_000_000
const idAt = (micros: number, channel = "C1") => idOf(`slack/${channel}/${AT * 1_000 + micros}`)

/** What comes of these messages of one day. */
async function read(messages: unknown, others: Parts = {}) {
  const source = await open({ ...LISTS, "general/2023-11-14.json": messages as object, ...others })
  return { source, ...(await heard(source, source.places[0])) }
}
const whyOf = (skipped: readonly { readonly why: string; readonly detail?: string | undefined }[]) =>
  skipped.map(({ why, detail }) => [why, ...(detail === undefined ? [] : [detail])])

test("a workspace has people, channels of every kind and conversations", async () => {
  const source = await open({
    ...LISTS,
    "groups.json": [{ id: "G1", name: "den", is_archived: true, members: ["U1", "U9"] }],
    "dms.json": [{ id: "D1", members: ["U1", "U1"] }],
    "mpims.json": [{ id: "G2", name: "mpdm-a--b--c-1", members: ["U1", "U2", "U3"], purpose: { value: "Group" } }],
    "D1/2023-11-14.json": [{ ...SAID, text: "note" }],
  })
  assert.deepEqual([source.flavour, source.title, source.skipped], ["slack", "My workspace", []])
  assert.deepEqual(source.places, [
    { key: "C1", name: "general", topic: "all", kind: "open", people: ["U1"], archived: false },
    { key: "G1", name: "den", topic: "", kind: "private", people: ["U1", "U9"], archived: true },
    { key: "D1", name: "", topic: "", kind: "direct", people: ["U1"], archived: false },
    { key: "G2", name: "", topic: "", kind: "direct", people: ["U1", "U2", "U3"], archived: false },
  ])
  assert.deepEqual(
    source.people.map(({ name }) => name),
    ["Slackbot", "Anna", "Boris", "U9", "U3"],
  )
  assert.deepEqual(
    (await heard(source, source.places[2])).said.map(({ body }) => body),
    ["note"],
  )
  assert.deepEqual(await heard(source, source.places[1]), { said: [], gone: [], skipped: [] })
})

test("the list of people of an organisation counts as well, and a folder around it all does no harm", async () => {
  const parts: Parts = {
    "out/org_users.json": USERS,
    "out/users.json": [],
    "out/channels.json": [GENERAL],
    "out/general/2023-11-14.json": [SAID],
  }
  const source = await open(parts)
  assert.equal((await heard(source, source.places[0])).said[0]?.author, "U1")
  assert.equal(source.people[1]?.name, "Anna")
})

test("answers, edits, reactions and mentions come along, with ids that stay the same", async () => {
  const messages = [
    { ...SAID, thread_ts: SAID.ts, reply_count: 1, replies: [] },
    {
      ...SAID,
      user: "U2",
      text: "*yes* <@U1>",
      ts: "1700000001.000200",
      thread_ts: SAID.ts,
      edited: { user: "U2", ts: "1700000002.000000" },
      reactions: [
        { name: "+1::skin-tone-2", users: ["U1", "U1", "U2"], count: 9 },
        { name: "thumbsup_all", users: ["U1"], count: 1 },
      ],
    },
    { ...SAID, ts: "1700000003.000000", thread_ts: "1600000000.000000", subtype: "thread_broadcast" },
  ]
  const { said, skipped } = await read(messages)
  assert.deepEqual(said[0], {
    id: idAt(100),
    author: "U1",
    sentAt: AT,
    editedAt: null,
    body: "hello",
    replyTo: null,
    mentions: [],
    reactions: {},
    files: [],
    where: "general/2023-11-14.json 1",
  })
  const { where, ...second } = said[1] ?? {}
  assert.equal(where, "general/2023-11-14.json 2")
  assert.deepEqual(second, {
    id: idAt(1_000_200),
    author: "U2",
    sentAt: AT + 1_000,
    editedAt: AT + 2_000,
    body: "**yes** @Anna",
    replyTo: idAt(100),
    mentions: ["U1"],
    reactions: { "👍🏻": ["U1", "U2"] },
    files: [],
  })
  // What it answers is in no part of the export: the room says so.
  assert.equal(said[2]?.replyTo, idOf("slack/C1/1600000000000000"))
  assert.deepEqual(whyOf(skipped), [["custom_emoji", "thumbsup_all"]])
})

test("days come in their order, their parts together, and the messages of a day by their times", async () => {
  const at = (ts: string) => ({ ...SAID, ts, text: ts })
  const { said } = await read([at("1700000005.000000"), at("1700000004.000000")], {
    "general/2023-11-15.json": [at("1700050000.000000")],
    "general/2023-11-14-10.json": [at("1700000007.000000")],
    "general/2023-11-14-2.json": [at("1700000006.000000"), at("1700000003.000000")],
    "general/2023-11-13.json": [at("1699900000.000000")],
  })
  assert.deepEqual(
    said.map(({ sentAt }) => sentAt / 1_000),
    [1699900000, 1700000003, 1700000004, 1700000005, 1700000006, 1700000007, 1700050000],
  )
})

test("what Slack says by itself is counted, what people say under names that nobody has described is shown", async () => {
  const system = [
    "channel_join",
    "channel_topic",
    "group_leave",
    "pinned_item",
    "bot_add",
    "huddle_thread",
    "reminder_add",
  ]
  const shown = ["me_message", "thread_broadcast", "file_share", "slackbot_response", "something_new", "bot_message"]
  const messages = [...system, ...shown].map((subtype, index) => ({
    ...SAID,
    subtype,
    ts: `170000000${index % 10}.00${index}`,
  }))
  const { said, skipped } = await read(messages)
  assert.deepEqual(
    skipped.map(({ why }) => why),
    system.map(() => "system"),
  )
  assert.equal(said.length, shown.length)
  assert.ok(said.some(({ body }) => body === "_hello_"))
})

test("programs speak under their own names, with what stands beside their text", async () => {
  const bot = { ...SAID, user: undefined, subtype: "bot_message", bot_id: "B1" }
  const { source, said } = await read([
    {
      ...bot,
      username: "builds",
      text: "",
      attachments: [{ title: "Build 12", title_link: "https://ci.example/12", text: "is *green*", fallback: "f" }],
    },
    { ...bot, ts: "1700000001.000000", username: "deploys", text: "done" },
    {
      ...bot,
      ts: "1700000002.000000",
      bot_id: "B2",
      bot_profile: { name: "Poll" },
      text: "",
      attachments: [{ fallback: "f" }],
    },
    { ...bot, ts: "1700000003.000000", bot_id: null, username: "hook" },
    { ...SAID, ts: "1700000004.000000", text: "https://a.example", attachments: [{ title: "A preview" }] },
  ])
  assert.deepEqual(
    said.map(({ author, shownAs, body }) => [author, shownAs?.name, body]),
    [
      ["B1", undefined, "[Build 12](https://ci.example/12)\nis **green**"],
      ["B1", "deploys", "done"],
      ["B2", undefined, "f"],
      ["hook", undefined, "hello"],
      ["U1", undefined, "https://a.example"],
    ],
  )
  assert.deepEqual(
    source.people.slice(3).map(({ key, name }) => [key, name]),
    [
      ["B1", "builds"],
      ["B2", "Poll"],
      ["hook", "hook"],
    ],
  )
})

test("people whom no list names are called as their messages say, or by their id", async () => {
  const { source } = await read([
    { ...SAID, user: "W1", user_profile: { real_name: "Clara", display_name: "" } },
    { ...SAID, ts: "1700000001.000000", user: "W2", text: "<@W3>" },
  ])
  assert.deepEqual(
    source.people.slice(3).map(({ name }) => name),
    ["Clara", "W2", "W3"],
  )
})

test("what was deleted, hidden or cut off there is named with its reason", async () => {
  const { said, skipped } = await read([
    { ...SAID, subtype: "tombstone", text: "This message was deleted." },
    { ...SAID, ts: "1700000001.000000", is_hidden_by_limit: 1 },
    { ...SAID, ts: "1700000002.000000", hidden_by_limit: true },
    { ...SAID, ts: "1700000003.000000", subtype: "hidden_by_limit" },
    { ...SAID, ts: "1700000004.000000", text: "x".repeat(CUT_THERE - 1) },
    { ...SAID, ts: "1700000005.000000", text: "x".repeat(CUT_THERE) },
    { ...SAID, ts: "1700000006.000000", text: "" },
    { ...SAID, ts: "1700000007.000000", type: "canvas" },
    { ...SAID, ts: "1700000008.000000", edited: { ts: "soon" } },
  ])
  assert.deepEqual(whyOf(skipped), [
    ["deleted"],
    ["hidden"],
    ["hidden"],
    ["hidden"],
    ["cut_there"],
    ["empty"],
    ["other_kind"],
    ["time", "soon"],
  ])
  assert.equal(
    said
      .filter(({ sentAt }) => sentAt === AT + 5_000)
      .map(({ body }) => body)
      .join("").length,
    CUT_THERE,
  )
})

test("files in the archive come along; of others the report says why they do not", async () => {
  const file = {
    id: "F1",
    mode: "hosted",
    name: "sea.png",
    title: "The sea",
    mimetype: "image/png",
    size: 9,
    original_w: 4,
    original_h: 3,
  }
  const modes = [
    ["hosted", "file_missing"],
    ["tombstone", "file_deleted"],
    ["hidden_by_limit", "file_hidden"],
    ["external", "file_external"],
    ["constructor", "file_missing"],
  ] as const
  const lost = modes.map(([mode], index) => ({ ...file, id: `F${index + 2}`, mode }))
  const { source, said, skipped } = await read(
    [
      { ...SAID, files: [file, ...lost, null, { ...file, id: "F9", is_external: true }] },
      { ...SAID, ts: "1700000001.000000", text: "", files: [lost[0]] },
      { ...SAID, ts: "1700000002.000000", text: "", subtype: "file_share", file: { ...file, title: "sea 2.png" } },
    ],
    { "__uploads/F1/sea.png": "PNG", "__uploads/F1/other": "x" },
  )
  assert.deepEqual(said[0]?.files, [
    { key: "__uploads/F1/sea.png", name: "sea.png", type: "image/png", size: 3, width: 4, height: 3 },
  ])
  assert.deepEqual(
    said.map(({ body }) => body),
    ["hello", "📎 sea.png", ""],
  )
  assert.equal(said[2]?.files[0]?.name, "sea 2.png")
  assert.deepEqual(
    skipped.map(({ why }) => why),
    [...modes.map(([, why]) => why), "file_external", "file_missing"],
  )
  const [first] = said[0]?.files ?? []
  assert.ok(first !== undefined)
  assert.equal(await textOf(await source.bytesOf(first)), "PNG")
})

test("a day that is no list, and a message that is none, cost nothing but themselves", async () => {
  for (const [day, why] of [
    ["{", "malformed"],
    ['{"a":1}', "malformed"],
    ["", "malformed"],
    ["[".repeat(MOST_DEPTH + 1), "oversized"],
  ] as const) {
    const { said, skipped } = await read(day, { "general/2023-11-15.json": [SAID] })
    assert.deepEqual([said.length, skipped], [1, [{ where: "general/2023-11-14.json", why }]], day)
  }
  const odd = [
    null,
    7,
    "x",
    [],
    {},
    { ...SAID, ts: "yesterday" },
    { ...SAID, ts: "99999999999.000000" },
    { ...SAID, user: null },
  ]
  const { said, skipped } = await read([...odd, SAID, SAID])
  assert.equal(said.length, 1)
  assert.deepEqual(
    skipped.map(({ where, why }) => [where, why]).sort(),
    [
      ...odd.map((_, index) => [`general/2023-11-14.json ${index + 1}`, "malformed"]),
      ["general/2023-11-14.json 10", "repeated"],
    ].sort(),
  )
})

test("a field of another kind costs its message, whichever field it is, and no other", async () => {
  const odd = [7, "x", true, [7], { a: 7 }, [{}], [[]], [{ name: 7 }]]
  const whole = {
    ...SAID,
    subtype: "",
    thread_ts: SAID.ts,
    bot_id: null,
    username: "",
    user_profile: null,
    bot_profile: null,
    edited: null,
    reactions: [],
    files: [],
    file: null,
    attachments: [],
  }
  for (const field of Object.keys(whole)) {
    const messages = odd.map((value, index) => ({ ...whole, ts: `170000000${index}.000000`, [field]: value }))
    const { said, skipped } = await read([...messages, { ...SAID, ts: "1700000009.000000" }])
    assert.equal(said.at(-1)?.sentAt, AT + 9_000, field)
    assert.ok(said.length + skipped.length >= odd.length, field)
    for (const { body, sentAt } of said) assert.ok(typeof body === "string" && Number.isSafeInteger(sentAt))
  }
})

test("records of lists that are none are named, second ones too, and messages of channels in no list", async () => {
  const source = await open({
    "users.json": [null, { id: 7 }, ...USERS],
    "channels.json": [{ name: "x" }, GENERAL, { ...GENERAL, id: "C2" }, { ...GENERAL, name: "other" }],
    "groups.json": "{",
    "secret/2023-11-14.json": [SAID],
    "canvases.json": [],
    "integration_logs.json": [],
  })
  assert.deepEqual(
    source.places.map(({ key }) => key),
    ["C1"],
  )
  assert.deepEqual(
    source.skipped.map(({ where, why }) => [where, why]),
    [
      ["users.json 1", "malformed"],
      ["users.json 2", "malformed"],
      ["channels.json 1", "malformed"],
      ["channels.json C2", "repeated"],
      ["channels.json C1", "repeated"],
      ["groups.json", "malformed"],
      ["secret", "unlisted"],
    ],
  )
  assert.equal(await refusalOf(await zipped({ "users.json": USERS, "channels.json": "{" })), "lists")
  assert.equal(await refusalOf(await zipped({ "users.json": USERS })), "unknown_layout")
})

test("names that name the prototype are names like any other", async () => {
  const message = JSON.parse(
    `{"type":"message","user":"__proto__","text":"<@constructor> :__proto__:","ts":"1700000000.000100","__proto__":{"subtype":"tombstone"},"reactions":[{"name":"__proto__","users":["toString"]}]}`,
  )
  const { said, skipped } = await read(JSON.stringify([message]))
  assert.deepEqual([said[0]?.author, said[0]?.body], ["__proto__", "@constructor :__proto__:"])
  assert.deepEqual(whyOf(skipped), [["custom_emoji", "__proto__"]])
})

test("a room that our own writer has written comes back", async () => {
  const emojiNames = async () => slackNames
  const parts = partsOfSlack(fakeSource(), wanted({ emojiNames }), watch())
  const source = await openSource(fileOf(new Uint8Array(await new Response(zipOf(parts)).arrayBuffer())), "chat.zip")
  assert.deepEqual([source.flavour, source.title, source.skipped], ["slack", "chat", []])
  assert.deepEqual(
    source.people.slice(1).map(({ name }) => name),
    ["Anna", "Boris", "Builds", "Кира"],
  )
  const { said, skipped } = await heard(
    source,
    source.places.find(({ name }) => name === "general"),
  )
  assert.deepEqual(skipped, [])
  assert.deepEqual(
    said.map(({ body, sentAt, editedAt }) => [body, sentAt, editedAt]),
    [
      ["Good morning 🌞 </script><script>alert(1)</script>", 1800000000000, null],
      ["@Anna **good** morning!\nsecond line", 1800000001000, 1800000002000],
      ["", 1800000004000, null],
      ["Build 12 is green", 1800000005000, null],
    ],
  )
  assert.equal(said[1]?.replyTo, said[0]?.id)
  assert.deepEqual(Object.keys(said[1]?.reactions ?? {}), ["👍", "1️⃣"])
  assert.deepEqual(said[3]?.shownAs, { name: "CI" })
  assert.equal(
    await textOf(await source.bytesOf(said[2]?.files[0] ?? { key: "", name: "", type: "", size: 0 })),
    "hello",
  )
})
