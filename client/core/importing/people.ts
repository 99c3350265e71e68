/** Everybody of a source: those whom its lists name, and those who only appear in what is said. */
import { personName } from "./naming.ts"
import type { Person } from "./source.ts"

export interface People {
  /** Grows. */
  readonly all: readonly Person[]
  /** Whoever this is: somebody of whom nothing is known gets the name, or the key as name. */
  meet(key: string, name?: string): Person
  find(key: string): Person | undefined
}

export function createPeople(): People {
  const all: Person[] = []
  const byKey = new Map<string, Person>()
  return {
    all,
    find: (key) => byKey.get(key),
    meet: (key, name = "") => {
      const known = byKey.get(key)
      if (known !== undefined) return known
      const person = { key, name: personName(name, key) }
      all.push(person)
      byKey.set(key, person)
      return person
    },
  }
}
