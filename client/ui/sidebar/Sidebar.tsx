/** Channels, and oneself. On a phone it is a drawer. */
import { Search, X } from "lucide"
import { useEffect, useRef } from "react"
import { useApp, useChatState } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Icon } from "../kit/Icon.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { keyNames } from "../kit/keyNames.ts"
import { Quiet } from "../kit/Quiet.tsx"
import { RoomSign } from "../kit/RoomSign.tsx"
import { useEscape } from "../kit/useEscape.ts"
import { inviteButton, sidebarTools } from "../quiet.ts"
import { useNarrow } from "../screen/useNarrow.ts"
import { ChannelList } from "./ChannelList.tsx"
import { MemberCorner } from "./MemberCorner.tsx"

interface SidebarProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
}

export function Sidebar({ title, open, onClose }: SidebarProps) {
  const { t, entrance } = useApp()
  const look = useChatState(({ room }) => room.look)
  const dialogs = useDialogs()
  const narrow = useNarrow()
  const hidden = narrow && !open
  const ref = useDrawer(narrow && open, onClose)
  return (
    <>
      {narrow && open && <div className="chat__veil" onClick={onClose} aria-hidden="true" />}
      <nav ref={ref} className={`sidebar${open ? " sidebar--open" : ""}`} aria-label={t("channels")} inert={hidden}>
        <header className="sidebar__header">
          <RoomSign
            title={title}
            colour={look?.colour ?? entrance.facts()?.colour ?? ""}
            picture={look?.picture}
            small
          />
          <span className="sidebar__title">{title}</span>
          <Quiet part={sidebarTools} props={{}} />
          {narrow && <IconButton icon={X} name={t("close")} onClick={onClose} />}
        </header>
        <button className="sidebar__search" type="button" onClick={() => dialogs.show({ kind: "switcher" })}>
          <Icon of={Search} />
          <span>{t("switcher.open")}</span>
          <kbd className="sidebar__key">{keyNames("Ctrl K")}</kbd>
        </button>
        <ChannelList />
        <Quiet part={inviteButton} props={{}} />
        <MemberCorner />
      </nav>
    </>
  )
}

/** An open drawer takes the focus, gives it back, and closes with Escape. */
function useDrawer(active: boolean, onClose: () => void) {
  const ref = useRef<HTMLElement>(null)
  useEscape(active, onClose)
  useEffect(() => {
    if (!active) return
    const former = document.activeElement
    ref.current?.querySelector<HTMLElement>("[aria-current], button")?.focus()
    return () => {
      if (former instanceof HTMLElement) former.focus()
    }
  }, [active])
  return ref
}
