/** Which of the first steps are done. Some of it only the server and this device know: asked for whenever a dialog closes. */
import { useEffect, useState } from "react"
import { showsNotices } from "../../browser/inTab.ts"
import { type FirstStep, keepSteps, stepsDone } from "../../core/firstSteps.ts"
import { isAlone } from "../../core/room.ts"
import { EMPTY } from "../../core/timeline.ts"
import { pushState } from "../../push/device.ts"
import { useApp, useChat, useChatState } from "../context.ts"
import { useThere } from "../kit/useThere.ts"

/** @param asks no dialog is open. */
export function useSteps(channel: string, asks: boolean) {
  const { entrance, ports } = useApp()
  const chat = useChat()
  const there = useThere()
  const { invites, me, look } = useChatState(({ room }) => room)
  const live = useChatState(({ connection }) => connection.status === "live")
  const spoken = useChatState(({ room }) =>
    (room.timelines[channel] ?? EMPTY).messages.some((each) => each.state === "said" && each.author === me.id),
  )
  const [invited, setInvited] = useState(false)
  const [notified, setNotified] = useState(false)
  const { shelf } = ports
  const key = `${entrance.room}:steps:${me.id}`
  useEffect(() => {
    if (!asks || !live) return
    void pushState(entrance.room, me.id).then((push) => {
      // Where nothing can be pushed, what an open tab shows is all there is.
      if (there.current) setNotified(push === "on" || (push !== "off" && showsNotices(shelf)))
    })
    if (!invites) return
    void chat.ask({ type: "invites" }).then((answer) => {
      if (there.current && "invites" in answer && answer.invites.length > 0) setInvited(true)
    })
  }, [asks, live, invites, me.id, chat, entrance, shelf, there])
  const now: FirstStep[] = []
  if (spoken) now.push("hello")
  if (invited) now.push("invite")
  if (notified) now.push("notify")
  if (look?.name || look?.colour || look?.picture) now.push("look")
  if (look?.keeps) now.push("keep")
  useEffect(() => keepSteps(shelf, key, now))
  // Whoever has company needs no welcome: it goes, and somebody has been invited.
  useEffect(
    () => () => {
      if (!isAlone(chat.store.get().room)) keepSteps(shelf, key, ["invite"])
    },
    [chat, shelf, key],
  )
  return { done: stepsDone(shelf, key, now), onInvited: () => setInvited(true) }
}
