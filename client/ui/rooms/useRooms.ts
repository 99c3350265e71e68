/** The rooms that this browser knows, as its other tabs change them; and this one's own sign for those. */
import { useEffect, useState } from "react"
import { shelfKeys } from "../../browser/knownRooms.ts"
import { dropSign, type KnownRoom, keepSign, roomsOn, signOf, tellsOfRoom } from "../../core/rooms.ts"
import { useApp, useChatState } from "../context.ts"

/** Whoever shows them in this tab: the browser tells only the others. */
const shown = new Set<() => void>()

export function refreshRooms(): void {
  for (const refresh of shown) refresh()
}

export function useRooms(): readonly KnownRoom[] {
  const { ports, t } = useApp()
  const [rooms, setRooms] = useState(() => roomsOn(ports.shelf, shelfKeys(), t.language))
  useEffect(() => {
    const refresh = () => setRooms(roomsOn(ports.shelf, shelfKeys(), t.language))
    const unwatch = ports.shelf.watch((key) => {
      if (tellsOfRoom(key)) refresh()
    })
    shown.add(refresh)
    return () => {
      shown.delete(refresh)
      unwatch()
    }
  }, [ports, t])
  return rooms
}

export function useOwnSign(): void {
  const { entrance, ports } = useApp()
  const sign = useChatState(({ room }) => (room.seq === null ? null : signOf(room)))
  useEffect(() => {
    if (sign !== null) keepSign(ports.shelf, entrance.room, sign)
  }, [sign, entrance, ports])
  useEffect(() => () => dropSign(ports.shelf, entrance.room), [entrance, ports])
}
