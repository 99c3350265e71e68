/** One part of the list. Folded it shows what is open and what wants to be read; this browser remembers which are. */
import { ChevronDown, Plus } from "lucide"
import { calls } from "../../core/listing.ts"
import type { Channel } from "../../core/protocol.ts"
import { useNote } from "../composer/useNote.ts"
import { type OpenDialog, useDialogs } from "../dialogs/useDialogs.tsx"
import { Icon } from "../kit/Icon.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { Items } from "./ChannelList.tsx"

interface SectionProps {
  readonly name: string
  readonly title: string
  /** What a new one of these is called, and where it is made. */
  readonly adding?: string
  readonly add?: OpenDialog
  readonly channels: readonly Channel[]
  readonly current: string
  readonly empty?: string
}

export function Section({ name, title, adding, add, channels, current, empty }: SectionProps) {
  const dialogs = useDialogs()
  const [folded, setFolded] = useNote(`folded:${name}`)
  const shown = folded ? channels.filter((channel) => channel.id === current || calls(channel)) : channels
  return (
    <section>
      <div className="sidebar__heading">
        <h2 className="sidebar__label">
          <button
            className="sidebar__fold"
            type="button"
            aria-expanded={!folded}
            onClick={() => setFolded(folded ? "" : "1")}
          >
            {title}
            <Icon of={ChevronDown} />
          </button>
        </h2>
        {adding && add && <IconButton icon={Plus} name={adding} onClick={() => dialogs.show(add)} />}
      </div>
      {channels.length > 0 || !empty ? (
        <Items channels={shown} current={current} label={title} />
      ) : (
        !folded && <p className="channel-list__empty">{empty}</p>
      )}
    </section>
  )
}
