import assert from "node:assert/strict"
import { test } from "node:test"
import { shelvesOfTabs } from "./fakes.ts"
import { createNotes } from "./notes.ts"

/** Two tabs with a field for the same draft, which shows what is noted. */
function twoTabs() {
  const nextTab = shelvesOfTabs()
  const open = () => {
    const notes = createNotes(nextTab(), (name) => `main:anna:${name}`)
    const tab = {
      notes,
      shown: notes.get("draft:general"),
      write: (text: string) => {
        tab.shown = text
        notes.set("draft:general", text)
      },
    }
    notes.watch(
      "draft:general",
      () => tab.shown,
      (value) => {
        tab.shown = value
      },
    )
    return tab
  }
  return [open(), open(), open] as const
}

test("what is written in one tab is shown in the other, and gone there when it is sent", () => {
  const [one, other, open] = twoTabs()
  one.write("half a")
  one.write("half a sentence")
  assert.equal(other.shown, "half a sentence")
  assert.equal(open().shown, "half a sentence")
  one.write("")
  assert.equal(other.shown, "")
  assert.equal(other.notes.get("draft:general"), "")
})

test("a tab that was written in meanwhile keeps that", () => {
  const [one, other] = twoTabs()
  one.write("hello")
  other.shown = "hello, and more" // typed, and not noted yet
  one.write("")
  assert.equal(other.shown, "hello, and more")
})

test("other notes, rooms and members are left alone, and all of one's own are forgotten together", () => {
  const tab = shelvesOfTabs()
  const [shelf, second] = [tab(), tab()]
  const anna = createNotes(shelf, (name) => `main:anna:${name}`)
  const boris = createNotes(second, (name) => `main:boris:${name}`)
  const heard: string[] = []
  anna.watch(
    "draft:general",
    () => "",
    (value) => heard.push(value),
  )
  boris.set("draft:general", "his")
  boris.set("edit:m1", "his too")
  assert.deepEqual(heard, [])
  anna.set("reply:general", "m1 1")
  anna.clear()
  assert.deepEqual([anna.get("reply:general"), boris.get("edit:m1")], ["", "his too"])
})

test("what another part of the page notes is shown, unless somebody has written something else meanwhile", () => {
  const [one] = twoTabs()
  one.write("with a picture")
  one.notes.set("draft:general", "")
  assert.equal(one.shown, "")
  one.shown = "not yet noted"
  one.notes.set("draft:general", "from elsewhere")
  assert.equal(one.shown, "not yet noted")
})

test("who has stopped watching hears nothing more", () => {
  const notes = createNotes(shelvesOfTabs()(), (name) => name)
  const heard: string[] = []
  const stop = notes.watch(
    "files:general",
    () => "",
    (value) => heard.push(value),
  )
  notes.set("files:general", "2")
  stop()
  notes.set("files:general", "")
  notes.set("files:general", "3")
  assert.deepEqual(heard, ["2"])
})
