/**
 * What somebody has begun to write follows them to their other devices: its text, seldom, and never over another text
 * that was written here.
 *
 * Three texts decide about a channel: the one here, the room's, and the one in which both last agreed, which this
 * browser keeps. All tabs of a browser hear the same and come to the same.
 */
import type { Chat } from "./chat.ts"
import type { Connection } from "./line.ts"
import { Refused } from "./requests.ts"
import { text } from "./shape.ts"
import { countCharacters } from "./words.ts"

/** So long has somebody to rest from writing. */
const REST_MS = 3_000

/**
 * What becomes of a draft. If only one side has changed it, the other one follows. If both have, each keeps its own, until
 * one of them is sent or emptied: no text is lost that somebody has not seen go.
 *
 * @param given what this browser gave, if it has not heard of that yet: it may have come there
 */
export function stepOf(here: string, there: string, agreed: string, given = ""): "agree" | "give" | "take" | "keep" {
  if (here === there) return "agree"
  if (there === agreed || (there !== "" && there === given)) return "give"
  if (here === agreed || here === "") return "take"
  return there === "" ? "give" : "keep"
}

export interface Device {
  isVisible(): boolean
  /** Shows another text in the field, perhaps the one that somebody stands in. */
  replacing(show: () => void): void
}

export interface Drafts {
  /** Whoever looks at this page again may have written elsewhere, and here without a line. */
  compare(): void
  /** The page may not come back: what was written here goes out now. */
  flush(): void
  stop(): void
}

type Writing = Pick<Chat, "ask" | "change" | "clock" | "notes" | "store">

export function createDrafts(chat: Writing, device: Device): Drafts {
  const { clock, notes, store } = chat
  /** What the room had when it was asked; the state has what it said since. */
  let listed: ReadonlyMap<string, string> = new Map()
  let asked: Connection | null = null
  let learned: Connection | null = null
  let heard = store.get().drafts
  let opened: string | null = null
  let unwatch: () => void = () => undefined
  let resting: (() => void) | null = null
  const giving = new Set<string>()

  const hereIn = (channel: string) => {
    const written = notes.get(`draft:${channel}`)
    return written.trim() === "" ? "" : written
  }

  const agree = (channel: string, body: string) => {
    notes.set(`synced:${channel}`, body)
    notes.set(`given:${channel}`, "")
  }

  /**
   * @param why `heard`: the room has just said what it has. Only then does its text take the place of the one here: a tab
   *   that has not heard the newest would bring back what another one has sent. `refused`: as that, but nothing is given.
   */
  const settle = (channel: string, why: "heard" | "refused" | "looked" | "left") => {
    const { connection, drafts, room } = store.get()
    if (learned !== connection || giving.has(channel) || !(channel in room.channels)) return
    const here = hereIn(channel)
    const there = drafts.get(channel) ?? listed.get(channel) ?? ""
    const agreed = notes.get(`synced:${channel}`)
    switch (stepOf(here, there, agreed, notes.get(`given:${channel}`))) {
      case "agree":
        if (agreed !== here) agree(channel, here)
        return
      case "take":
        if (why !== "heard" && why !== "refused") return
        device.replacing(() => notes.set(`draft:${channel}`, there))
        // Afterwards: another tab that sees only the one knows it for what the room has.
        agree(channel, there)
        return
      case "give":
        // Of a browser's tabs the one gives that is looked at; what is being written waits for its rest.
        if (why === "refused") return
        if (why === "left" || (device.isVisible() && (resting === null || channel !== opened))) void give(channel, here)
    }
  }

  const give = async (channel: string, body: string) => {
    if (countCharacters(body) > store.get().room.limits.body_characters) return
    giving.add(channel)
    notes.set(`given:${channel}`, body)
    const refusal = await chat.change({ type: "draft", channel, body })
    giving.delete(channel)
    if (refusal !== null) return settle(channel, "refused")
    // First: otherwise what was sent meanwhile would be taken for a text that the room has changed.
    agree(channel, body)
    store.update((state) => ({ ...state, drafts: new Map(state.drafts).set(channel, body) }))
    // Somebody may have gone on, and left meanwhile.
    settle(channel, device.isVisible() ? "looked" : "left")
  }

  const compare = (why: "heard" | "looked") => {
    for (const channel of Object.keys(store.get().room.channels)) settle(channel, why)
  }

  const learn = async (connection: Connection) => {
    asked = connection
    store.update((state) => ({ ...state, drafts: new Map() }))
    const answer = await chat.ask({ type: "drafts" })
    if (store.get().connection !== connection || answer instanceof Refused || answer.type !== "drafts") return
    listed = new Map(
      answer.drafts.map((each) => {
        const channel = text(each["channel"], "drafts.channel")
        // One that is damaged in the room says nothing.
        return [channel, text(each["body"] ?? notes.get(`synced:${channel}`), "drafts.body")] as const
      }),
    )
    learned = connection
    compare("heard")
  }

  const flush = () => {
    if (resting === null || opened === null) return
    resting()
    resting = null
    settle(opened, "left")
  }

  const onWritten = (written: string) => {
    // Another tab is written in.
    if (!device.isVisible()) return
    resting?.()
    resting = clock.after(written === "" ? 0 : REST_MS, flush)
  }

  const onState = () => {
    const { connection, drafts, opened: shown } = store.get()
    if (connection.status === "live" && connection !== asked) void learn(connection)
    if (drafts !== heard) {
      const before = heard
      heard = drafts
      for (const [channel, body] of drafts) if (before.get(channel) !== body) settle(channel, "heard")
    }
    if (shown === null || shown.channel === opened) return
    flush()
    unwatch()
    opened = shown.channel
    unwatch = notes.watch(`draft:${opened}`, null, onWritten)
  }

  const stopFollowing = store.subscribe(onState)
  onState()
  return {
    compare: () => compare("looked"),
    flush,
    stop: () => {
      stopFollowing()
      unwatch()
      resting?.()
    },
  }
}
