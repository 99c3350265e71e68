/** Which ids have just been given: two messages with one are a fault of the file, and a frame with both would be refused. */
const REMEMBERED = 1_000

/** @returns whether this one is new. */
export function createRecent(): (id: string) => boolean {
  const ids = new Set<string>()
  return (id) => {
    if (ids.has(id)) return false
    ids.add(id)
    if (ids.size > REMEMBERED) for (const oldest of ids) return ids.delete(oldest)
    return true
  }
}
