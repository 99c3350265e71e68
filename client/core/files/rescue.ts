/**
 * A channel that is deleted takes nothing with it that somebody was sending there: words and files are in the composer of the
 * channel that every room has, for them to decide.
 */
import { GENERAL } from "../contract.ts"
import { toBase64url } from "../encoding.ts"
import type { Hub } from "../hub.ts"
import type { Outgoing } from "../ports.ts"
import type { Composers } from "./attachments.ts"
import { FILE_ID_BYTES } from "./layout.ts"
import type { FilePorts } from "./ports.ts"

/** @returns what ends it. */
export function rescueFromDeleted(hub: Hub, { vault, random }: FilePorts, composers: Composers): () => void {
  const under = new Set<string>()

  const rescue = async ({ id: message, body, files = [] }: Outgoing) => {
    const kept = await vault.all()
    for (const { id } of files) {
      const file = kept.find((each) => each.id === id)
      const [whole, thumb] = [await vault.piece(id, "whole"), await vault.piece(id, "thumb")]
      // The room knows the former id for the deleted channel.
      const moved = { id: toBase64url(random(FILE_ID_BYTES)), channel: GENERAL, isTaken: false }
      if (file !== undefined) await vault.keep({ ...file, ...moved }, { whole, thumb })
    }
    const draft = `draft:${GENERAL}`
    const words = [hub.notes.get(draft), body].filter((each) => each !== "").join("\n")
    hub.notes.set(draft, words)
    hub.outbox.discard(message)
    await composers.restore()
    hub.showNotice({ code: "rescued", name: hub.store.get().room.channels[GENERAL]?.name ?? "" })
  }

  const look = () => {
    const { room, outgoing, connection } = hub.store.get()
    if (connection.status !== "live") return
    for (const message of outgoing) {
      if (message.files === undefined || room.channels[message.channel] !== undefined || under.has(message.id)) continue
      under.add(message.id)
      void rescue(message)
    }
  }
  look()
  return hub.store.subscribe(look)
}
