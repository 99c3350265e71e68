/**
 * What a press leads to wherever it happens: on a member's face or name (`data-member`) to their card, on a link to a message
 * of this room to that message, on "(edited)" to what the message said before.
 */
import { useEffect } from "react"
import { ownPlace } from "../../browser/places.ts"
import { useChat, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { formerOf } from "../kept/parts.ts"
import { takePress } from "./earlyPress.ts"

export function usePresses(): void {
  const chat = useChat()
  const t = useWords()
  const { show } = useDialogs()
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const { target } = event
      if (!(target instanceof Element)) return
      const link = target.closest<HTMLAnchorElement>("a[href]")
      const place = link === null ? null : ownPlace(link.href)
      if (place !== null) {
        // With a key held down it is a new tab that is wanted.
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        return chat.visit(place.channel, place.target)
      }
      follow(target)
    }
    const follow = (target: Element) => {
      const message = target.closest(".message__edited")?.closest<HTMLElement>("[data-row]")?.dataset["row"]
      const channel = chat.store.get().opened?.channel
      if (message !== undefined && channel !== undefined)
        return show({ kind: "part", part: formerOf(message, channel), title: t("former") })
      const face = target.closest<HTMLElement>("[data-member]")
      const member = face?.dataset["member"]
      // Who chooses words with the pointer wants to copy them.
      if (face === null || member === undefined || getSelection()?.isCollapsed === false) return
      show({ kind: "person", member, at: face.getBoundingClientRect() })
    }
    const early = takePress()
    if (early?.isConnected) follow(early)
    document.addEventListener("click", onClick)
    return () => document.removeEventListener("click", onClick)
  }, [chat, show, t])
}
