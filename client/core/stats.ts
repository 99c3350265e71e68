/** The room in figures, for admins: `GET /stats` of docs/protocol.md. */
import type { Api } from "./api.ts"
import { list, number, object, orNull, type Shaped } from "./shape.ts"

const stats = object({
  sockets: number,
  online: number,
  members: number,
  messages: list(object({ at: number, count: number })),
  storage_bytes: number,
  storage_limit_bytes: number,
  files: orNull(object({ bytes: number, room_file_bytes: number })),
  clean_up_at: orNull(number),
  push: orNull(object({ failures: number, since: orNull(number), last_status: orNull(number) })),
})
export type Stats = Shaped<typeof stats>

export function readStats(api: Api) {
  return api.call("GET", "/stats", (value): Stats => stats(value, "stats"))
}
