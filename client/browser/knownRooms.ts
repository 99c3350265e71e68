/** What this browser keeps of rooms, as far as core/rooms.ts needs the browser itself for it. */
const PREFIX = "durable-chat:"

/** The keys of the shelf; none where the browser forbids it. */
export function shelfKeys(): readonly string[] {
  try {
    return Object.keys(localStorage).flatMap((key) => (key.startsWith(PREFIX) ? key.slice(PREFIX.length) : []))
  } catch {
    return []
  }
}

/** The databases of a room that nobody is signed in to any more: of messages, and of files. */
export async function dropDatabases(room: string): Promise<void> {
  try {
    for (const { name = "" } of await indexedDB.databases()) {
      if (name.startsWith(`durable-chat:${room}:`) || name.startsWith(`durable-chat-files:${room}:`))
        indexedDB.deleteDatabase(name)
    }
  } catch {
    // A browser that does not list them, or has none: signing out has emptied what there was.
  }
}
