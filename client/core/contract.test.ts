import assert from "node:assert/strict"
import { test } from "node:test"
import contract from "../../tests/vectors/contract.json" with { type: "json" }
import { texts } from "../i18n/en.ts"
import { type Limits, limits } from "./answers.ts"
import * as known from "./contract.ts"
import { type ClientFrame, EVENTS, FRAMES } from "./protocol.ts"
import { COLOUR_NAMES } from "./roomColours.ts"

test("the page reads every frame and every event that the Worker sends", () => {
  assert.deepEqual(Object.keys(FRAMES).sort(), contract.server_frames.toSorted())
  assert.deepEqual(Object.keys(EVENTS).sort(), contract.event_kinds.toSorted())
})

test("names and times are the Worker's", () => {
  assert.equal(known.SUB_PROTOCOL, contract.sub_protocol)
  assert.equal(known.ROOM_NAME, contract.room_name)
  assert.equal(known.MAIN_ROOM, contract.main_room)
  assert.equal(known.GENERAL, contract.general)
  assert.deepEqual([...known.ROLES], contract.roles)
  assert.deepEqual([...known.LEVELS], contract.levels)
  assert.deepEqual([...COLOUR_NAMES], contract.colours)
  assert.deepEqual([...known.CHALLENGES], contract.challenges)
  assert.equal(known.SESSION_ENDED, contract.close_codes.session_ended)
  assert.equal(known.TOO_MUCH, contract.close_codes.too_much)
  assert.equal(known.REMOVED, contract.close_reasons.removed)
  assert.equal(known.PING_EVERY_MS, contract.ping_every_ms)
  assert.equal(known.TYPING_SHOWN_MS, contract.typing_shown_ms)
})

test("limits that a server does not say are those of the contract", () => {
  const standard = limits({}, "limits")
  // as: the keys of an object that this module has made.
  for (const name of Object.keys(standard) as (keyof Limits)[]) assert.equal(standard[name], contract.limits[name])
})

/** Codes that the page makes by itself. */
const OWN_CODES = ["unreachable", "others_wrote"]

test("texts about refusals are about codes that exist", () => {
  const codes = [...contract.frame_errors, ...Object.keys(contract.http_errors), ...OWN_CODES]
  const named = Object.keys(texts).flatMap((key) => /^(?:channel\.)?refused\.(\w+)$/.exec(key)?.[1] ?? [])
  assert.ok(named.length > 5)
  assert.deepEqual(
    named.filter((code) => !codes.includes(code)),
    [],
  )
})

type Contract = typeof contract.client_frames
type Sent = ClientFrame["type"]
type KeysOf<Frame> = Frame extends unknown ? keyof Frame & string : never
type FieldsOf<T extends Sent> = Exclude<KeysOf<Extract<ClientFrame, { type: T }>>, "type" | "ref">
type Named<Key> = Key extends `${infer Name}?` ? Name : Key
type Surplus = { [T in Sent]: Exclude<FieldsOf<T>, Named<keyof Contract[T]>> }[Sent]

test("the page sends no frame and no field that the contract does not have", () => {
  // The compiler holds this: it lets these two lines stand only while nothing is left over.
  const types: readonly (keyof Contract)[] = [] satisfies Sent[] as Sent[]
  const surplus: readonly never[] = [] satisfies Surplus[] as Surplus[]
  assert.deepEqual([...types, ...surplus], [])
})
