/** The devices on which a member is signed in: `GET /sessions` of docs/protocol.md. */
import { type Api, parseNothing } from "./api.ts"
import { flag, list, number, object, orElse, type Shaped, text } from "./shape.ts"

const devices = object({
  sessions: list(object({ id: text, created_at: number, seen_at: number, agent: orElse(text, ""), current: flag })),
})
export type Device = Shaped<typeof devices>["sessions"][number]

export function listDevices(api: Api) {
  return api.call("GET", "/sessions", (value): readonly Device[] => devices(value, "devices").sessions)
}

export function endDevice(api: Api, id: string) {
  return api.call("DELETE", `/sessions/${encodeURIComponent(id)}`, parseNothing)
}
