/** The way to the other rooms of this host, where this browser knows any; with how often one is called there. */
import { Layers } from "lucide"
import { useEffect } from "react"
import { useApp, useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { keyNames } from "../kit/keyNames.ts"
import { rooms } from "./parts.ts"
import { useOwnSign, useRooms } from "./useRooms.ts"

export function RoomsButton() {
  const t = useWords()
  const dialogs = useDialogs()
  const { room } = useApp().entrance
  const others = useRooms().filter((each) => each.room !== room)
  useOwnSign()
  const any = others.length > 0
  const title = t("rooms")
  useEffect(() => {
    if (!any) return
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey || event.code !== "KeyR") return
      event.preventDefault()
      dialogs.show({ kind: "part", part: rooms, title })
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [any, dialogs, title])
  if (!any) return null
  const count = others.reduce((sum, { mentions }) => sum + mentions, 0)
  const name = count > 0 ? t("rooms.count", { count }) : title
  return (
    <span className="activity">
      <IconButton
        icon={Layers}
        name={`${name} (${keyNames("Alt Shift R")})`}
        onClick={() => dialogs.show({ kind: "part", part: rooms, title })}
      />
      {count > 0 && (
        <span className="activity__count" aria-hidden="true">
          {count > 99 ? "99+" : t.number(count)}
        </span>
      )}
    </span>
  )
}
