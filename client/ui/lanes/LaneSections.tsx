/** What only some see: private channels by their names, and direct conversations, the newest first. */
import type { Channel } from "../../core/protocol.ts"
import { useChatState, useWords } from "../context.ts"
import { Section } from "../sidebar/Section.tsx"

interface LaneSectionsProps {
  /** All channels that are not starred, in their order. */
  readonly channels: readonly Channel[]
  readonly current: string
}

export function LaneSections({ channels, current }: LaneSectionsProps) {
  const t = useWords()
  const hasLanes = useChatState(({ room }) => room.hasLanes)
  // They stand below the channels that everybody sees, of which there is always one: not before these.
  const known = useChatState(({ room }) => Object.keys(room.channels).length > 0)
  if (!hasLanes || !known) return null
  return (
    <>
      <Section
        name="private"
        title={t("lanes.private")}
        adding={t("lanes.newPrivate")}
        add={{ kind: "channel", isPrivate: true }}
        channels={channels.filter(({ kind, archived }) => kind === "private" && !archived)}
        current={current}
        empty={t("lanes.none")}
      />
      <Section
        name="direct"
        title={t("lanes.direct")}
        adding={t("lanes.newDirect")}
        add={{ kind: "direct" }}
        channels={channels.filter(({ kind }) => kind === "direct")}
        current={current}
        empty={t("lanes.none")}
      />
    </>
  )
}
