/** Lists of records in JSON, read as a whole: each record for itself, so that a broken one costs no other. */
import { Misshapen, type Shape } from "../shape.ts"
import { parsed } from "./json.ts"
import { shownPart } from "./naming.ts"
import { PartDamaged } from "./reasons.ts"
import type { Skipped } from "./source.ts"
import { type Archive, bytesIn } from "./zipReading.ts"

export interface Listed<T> {
  readonly records: readonly { readonly record: T; readonly where: string }[]
  readonly skipped: readonly Skipped[]
}

/** @returns null if there is no such part. */
export async function readList<T>(archive: Archive, name: string, shape: Shape<T>): Promise<Listed<T> | null> {
  const part = shownPart(name)
  let bytes: Uint8Array | null
  try {
    bytes = await bytesIn(archive, name)
  } catch (error) {
    if (!(error instanceof PartDamaged)) throw error
    return { records: [], skipped: [{ where: part, why: error.why }] }
  }
  return bytes === null ? null : listIn(bytes, part, shape)
}

function listIn<T>(bytes: Uint8Array, part: string, shape: Shape<T>): Listed<T> {
  const read = parsed(new TextDecoder().decode(bytes))
  if (typeof read === "string") return { records: [], skipped: [{ where: part, why: read }] }
  if (!Array.isArray(read.value)) return { records: [], skipped: [{ where: part, why: "malformed" }] }
  const records: { record: T; where: string }[] = []
  const skipped: Skipped[] = []
  for (const [index, value] of read.value.entries()) {
    const where = `${part} ${index + 1}`
    const record = recordIn(value, where, shape)
    if ("why" in record) skipped.push(record)
    else records.push({ record: record.value, where })
  }
  return { records, skipped }
}

/** One record, or why it is none. */
export function recordIn<T>(value: unknown, where: string, shape: Shape<T>): { readonly value: T } | Skipped {
  try {
    return { value: shape(value, "record") }
  } catch (error) {
    if (!(error instanceof Misshapen)) throw error
    return { where, why: "malformed", detail: shownPart(error.message) }
  }
}
