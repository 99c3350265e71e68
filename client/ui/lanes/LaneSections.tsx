/** What only some see: private channels by their names, and direct conversations, the newest first. */
import { Plus } from "lucide"
import type { Channel } from "../../core/protocol.ts"
import { useChatState, useWords } from "../context.ts"
import { type OpenDialog, useDialogs } from "../dialogs/useDialogs.tsx"
import { IconButton } from "../kit/IconButton.tsx"
import { Items } from "../sidebar/ChannelList.tsx"
import { newestFirst } from "./newestFirst.ts"

interface LaneSectionsProps {
  /** All channels, in the order of their names. */
  readonly channels: readonly Channel[]
  readonly current: string
}

export function LaneSections({ channels, current }: LaneSectionsProps) {
  const t = useWords()
  const hasLanes = useChatState(({ room }) => room.hasLanes)
  const closed = channels.filter(({ kind, archived }) => kind === "private" && !archived)
  const direct = newestFirst(channels.filter(({ kind }) => kind === "direct"))
  if (!hasLanes) return null
  return (
    <>
      <Section
        title={t("lanes.private")}
        adding={t("lanes.newPrivate")}
        add={{ kind: "channel", isPrivate: true }}
        channels={closed}
        current={current}
      />
      <Section
        title={t("lanes.direct")}
        adding={t("lanes.newDirect")}
        add={{ kind: "direct" }}
        channels={direct}
        current={current}
      />
    </>
  )
}

interface SectionProps extends LaneSectionsProps {
  readonly title: string
  readonly adding: string
  readonly add: OpenDialog
}

function Section({ title, adding, add, channels, current }: SectionProps) {
  const t = useWords()
  const dialogs = useDialogs()
  return (
    <section>
      <div className="sidebar__heading">
        <h2 className="sidebar__label">{title}</h2>
        <IconButton icon={Plus} name={adding} onClick={() => dialogs.show(add)} />
      </div>
      {channels.length > 0 ? (
        <Items channels={channels} current={current} label={title} />
      ) : (
        <p className="channel-list__empty">{t("lanes.none")}</p>
      )}
    </section>
  )
}
