/** Puts the offer among the alerts when it is due, and takes it away when the name is secured. */
import { useEffect } from "react"
import { OFFER, offerAt, offeredKey } from "../../core/offer.ts"
import type { Alert } from "../../core/protocol.ts"
import { useApp, useChat, useChatState } from "../context.ts"
import * as parts from "./parts.ts"

export function useOffer(): void {
  const { entrance, ports } = useApp()
  const chat = useChat()
  const name = useChatState(({ room }) => room.me.name)
  // Not before the room has said so: what is shown until then was kept by the last visit.
  const open = useChatState(({ connection, room }) => connection.status === "live" && room.me.secured === false)
  const secured = useChatState(({ room }) => room.me.secured === true)
  useEffect(() => {
    if (!open) return
    const required = entrance.facts()?.names === "secured"
    const key = offeredKey(entrance.room, name)
    const offer = offerAt(ports.clock.now(), ports.shelf.get(key))
    if (!required && offer === null) return
    // What cannot be downloaded now is shown another time.
    const shown = async () => {
      await parts.offer.load()
      if (offer !== null) ports.shelf.set(key, JSON.stringify(offer))
      show(chat.store.update, { id: OFFER, kind: required ? "required" : "offer", at: 0 })
    }
    void shown().catch(() => undefined)
  }, [entrance, ports, chat, name, open])
  useEffect(() => {
    if (secured) show(chat.store.update, null)
  }, [chat, secured])
}

function show(update: ReturnType<typeof useChat>["store"]["update"], offer: Alert | null): void {
  update((state) => {
    const others = state.alerts.filter(({ id }) => id !== OFFER)
    return { ...state, alerts: offer === null ? others : [...others, offer] }
  })
}
