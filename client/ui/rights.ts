/** What the interface offers to whom. The server decides; this only spares people refusals. */
import { GENERAL } from "../core/contract.ts"
import { keepersOf } from "../core/keepers.ts"
import type { Channel, Member, Message } from "../core/protocol.ts"
import type { Room } from "../core/room.ts"

type Who = Pick<Member, "id" | "role">

type Place = Pick<Room, "me" | "members">

export function mayManage(room: Place, channel: Channel): boolean {
  const { me } = room
  if (channel.kind === "open") return me.role === "admin" || channel.created_by === me.id
  return channel.kind === "private" && keepersOf(room, channel).includes(me.id)
}

export function mayDeleteChannel(room: Place, channel: Channel): boolean {
  const isPrivate = channel.kind === "private"
  return channel.id !== GENERAL && (mayManage(room, channel) || (isPrivate && room.me.role === "admin"))
}

export function mayEdit(me: Who, message: Message): boolean {
  return message.state === "said" && message.author === me.id && !message.poll
}

export function mayDelete(me: Who, message: Message): boolean {
  return message.state !== "deleted" && (message.author === me.id || me.role === "admin")
}
