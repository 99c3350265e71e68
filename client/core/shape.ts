/**
 * Checks that a value of unknown origin has the shape a type promises.
 *
 * A shape takes `unknown` and gives a typed value or throws `Misshapen`. Fields that nobody asked for are ignored, as
 * docs/protocol.md wants it. Used by protocol.ts and by what reads stored data back; nothing else looks at raw JSON.
 */

export type Shape<T> = (value: unknown, path: string) => T
export type Shaped<S> = S extends Shape<infer T> ? T : never

type Fields = Record<string, Shape<unknown>>
type FieldsOf<F extends Fields> = { [K in keyof F]: Shaped<F[K]> }

export class Misshapen extends Error {
  override readonly name = "Misshapen"
  readonly path: string

  constructor(path: string, expected: string) {
    super(`${path} is not ${expected}`)
    this.path = path
  }
}

export const text: Shape<string> = (value, path) => {
  if (typeof value !== "string") throw new Misshapen(path, "a text")
  return value
}

export const number: Shape<number> = (value, path) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Misshapen(path, "a number")
  return value
}

export const flag: Shape<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw new Misshapen(path, "true or false")
  return value
}

export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  return (value, path) => {
    const found = words.find((word) => word === value)
    if (found === undefined) throw new Misshapen(path, words.join(" or "))
    return found
  }
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null || value === undefined ? null : shape(value, path))
}

/** What is missing, or null, becomes `fallback`; what is there must fit. */
export function orElse<T>(shape: Shape<T>, fallback: T): Shape<T> {
  return (value, path) => (value === undefined || value === null ? fallback : shape(value, path))
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new Misshapen(path, "a list")
    return value.map((item, index) => shape(item, `${path}[${index}]`))
  }
}

export function dictionary<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, path) => {
    const entries = Object.entries(fieldsOf(value, path))
    return Object.fromEntries(entries.map(([key, item]) => [key, shape(item, `${path}.${key}`)]))
  }
}

export function object<F extends Fields>(fields: F): Shape<Readonly<FieldsOf<F>>> {
  return (value, path) => {
    const given = fieldsOf(value, path)
    const taken = Object.entries(fields).map(([key, shape]) => [key, shape(given[key], `${path}.${key}`)])
    // as: built from exactly the keys of F, each through its own shape.
    return Object.fromEntries(taken) as FieldsOf<F>
  }
}

export function fieldsOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misshapen(path, "an object")
  // as: any object may be read by key when its values stay unknown.
  return value as Readonly<Record<string, unknown>>
}
