/** The rooms of this host that this browser knows: those one is signed in to, and those one was. */
import { X } from "lucide"
import { dropDatabases } from "../../browser/knownRooms.ts"
import { pathOf } from "../../browser/places.ts"
import type { KnownRoom } from "../../core/rooms.ts"
import { useApp, useWords } from "../context.ts"
import { Dialog } from "../kit/Dialog.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { RoomSign } from "../kit/RoomSign.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { roving } from "../kit/useRoving.ts"
import { refreshRooms, useRooms } from "./useRooms.ts"

export function RoomsDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useWords()
  const { ports, entrance } = useApp()
  const rooms = useRooms()
  const own = entrance.room
  const inside = rooms.filter(({ isIn }) => isIn)
  const outside = rooms.filter(({ isIn, room }) => !isIn && room !== own)
  const first = inside.find(({ room }) => room !== own)?.room ?? outside[0]?.room
  const forget = (room: string) => {
    ports.shelf.clear(`${room}:`)
    void dropDatabases(room)
    refreshRooms()
  }
  const item = (each: KnownRoom) => (
    <Item key={each.room} of={each} isOwn={each.room === own} isFirst={each.room === first} onOwn={onClose} />
  )
  return (
    <Dialog title={t("rooms")} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys go through what is in it */}
      <div className="rooms" onKeyDown={roving}>
        <ul className="rooms__list">
          {inside.map((each) => (
            <li key={each.room}>{item(each)}</li>
          ))}
        </ul>
        {outside.length > 0 && (
          <>
            <h3 className="rooms__heading">{t("rooms.out")}</h3>
            <ul className="rooms__list">
              {outside.map((each) => (
                <li key={each.room}>
                  {item(each)}
                  <IconButton
                    icon={X}
                    name={t("rooms.forget", { name: each.title })}
                    onClick={() => forget(each.room)}
                  />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <p className="field__hint">{t("rooms.hint")}</p>
    </Dialog>
  )
}

interface ItemProps {
  readonly of: KnownRoom
  readonly isOwn: boolean
  readonly isFirst: boolean
  readonly onOwn: () => void
}

function Item({ of: { room, title, colour, unread, mentions }, isOwn, isFirst, onOwn }: ItemProps) {
  const t = useWords()
  const count = mentions || unread
  return (
    // A link: it can be opened in a tab of its own, and only whoever follows it asks that room anything.
    <a
      className="rooms__room"
      href={pathOf(room)}
      aria-current={isOwn ? "page" : undefined}
      data-roving=""
      data-focus={isFirst ? "" : undefined}
      onClick={(event) => {
        if (!isOwn || event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        onOwn()
      }}
    >
      <RoomSign title={title} colour={colour || "sea"} small />
      <span className="rooms__words">
        <span className="rooms__title" ref={untranslated}>
          {title}
        </span>
        <span className="rooms__path">{isOwn ? t("rooms.own") : pathOf(room)}</span>
      </span>
      {count > 0 && !isOwn && (
        <>
          <span className={mentions > 0 ? "badge badge--mention" : "badge"} aria-hidden="true">
            {count > 99 ? "99+" : t.number(count)}
          </span>
          <span className="for-listeners">{t(mentions > 0 ? "rooms.mentions" : "rooms.unread", { count })}</span>
        </>
      )}
    </a>
  )
}
