/** What the interface offers to whom. The server decides; this only spares people refusals. */
import { GENERAL } from "../core/contract.ts"
import type { Channel, Member, Message } from "../core/protocol.ts"

type Who = Pick<Member, "id" | "role">

export function mayManage(me: Who, channel: Channel): boolean {
  return me.role === "admin" || channel.created_by === me.id
}

export function mayDeleteChannel(me: Who, channel: Channel): boolean {
  return channel.id !== GENERAL && mayManage(me, channel)
}

export function mayEdit(me: Who, message: Message): boolean {
  return message.state === "said" && message.author === me.id
}

export function mayDelete(me: Who, message: Message): boolean {
  return message.state !== "deleted" && (message.author === me.id || me.role === "admin")
}
