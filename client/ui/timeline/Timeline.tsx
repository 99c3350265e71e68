/** The messages of a channel. Only what is in sight is on the page; the rest is measured and remembered (virtua). */
import { useMemo, useRef } from "react"
import { Virtualizer } from "virtua"
import { GENERAL } from "../../core/contract.ts"
import type { Channel, Said } from "../../core/protocol.ts"
import { type Row, rowsOf } from "../../core/rows.ts"
import { EMPTY } from "../../core/timeline.ts"
import { useChatState, useWords } from "../context.ts"
import { Quiet } from "../kit/Quiet.tsx"
import { MessageRow } from "../message/MessageRow.tsx"
import { OutgoingRow } from "../message/OutgoingRow.tsx"
import { overTimeline } from "../quiet.ts"
import { channelName } from "../sidebar/ChannelSign.tsx"
import { useInSteps } from "./inSteps.ts"
import { TimelineEdge } from "./TimelineEdge.tsx"
import { useRowFocus } from "./useRowFocus.ts"
import { useScroll } from "./useScroll.ts"

export interface TimelineProps {
  readonly channel: Channel
  readonly onReply: (message: Said) => void
  /** The message that is being edited; empty: none. */
  readonly editing: string
  /** It was begun just now. */
  readonly begun: boolean
  readonly onEditing: (message: string | null) => void
}

export function Timeline({ channel, onReply, editing, begun, onEditing }: TimelineProps) {
  const t = useWords()
  const { rows, shift, more, onScrollEnd } = useInSteps(useRows(channel.id))
  const timeline = useChatState(({ room }) => room.timelines[channel.id]) ?? EMPTY
  const target = useChatState(({ opened }) => opened?.target ?? null)
  const frame = useRef<HTMLDivElement>(null)
  const scroll = useScroll({ rows, more, timeline, frame })
  const focus = useRowFocus(rows, scroll.handle)
  // A field that is scrolled out of sight stays, with its caret and what it can undo.
  const edited = editing === "" ? -1 : rows.findIndex(({ key }) => key === editing)
  return (
    <div className="timeline">
      <div
        ref={frame}
        className="timeline__frame"
        role="log"
        aria-label={t("messages.in", { name: channelName(t, channel) })}
        aria-live="off"
        aria-busy={timeline.status === "loading"}
        tabIndex={-1}
        onKeyDown={focus.onKeyDown}
        onFocus={focus.onFocus}
        onScroll={scroll.onScroll}
        onWheel={scroll.onWheel}
        onPointerDown={scroll.onPointerDown}
        onTouchStart={scroll.onTouchStart}
      >
        <div className="timeline__spring" />
        <div ref={scroll.before}>
          <TimelineEdge timeline={timeline} channel={channel} />
        </div>
        <Virtualizer
          ref={scroll.handle}
          scrollRef={frame}
          data={rows}
          shift={shift}
          onScrollEnd={onScrollEnd}
          keepMounted={edited < 0 ? focus.kept : [...new Set([...focus.kept, edited])]}
          startMargin={scroll.startMargin}
          bufferSize={400}
        >
          {(row: Row) =>
            row.kind === "outgoing" ? (
              <OutgoingRow key={row.key} row={row} />
            ) : (
              <MessageRow
                key={row.key}
                row={row}
                current={focus.current === row.key}
                highlit={target === row.message.seq}
                editing={editing === row.key}
                begun={begun}
                onEditing={onEditing}
                onReply={onReply}
              />
            )
          }
        </Virtualizer>
      </div>
      <Quiet part={overTimeline} props={{ channel, rows, frame, scroll, away: scroll.away || timeline.newer }} />
    </div>
  )
}

function useRows(channel: string): readonly Row[] {
  const timeline = useChatState(({ room }) => room.timelines[channel]) ?? EMPTY
  const outgoing = useChatState((state) => state.outgoing)
  const divider = useChatState(({ room }) => room.dividers[channel])
  const removing = useChatState((state) => state.removing)
  const me = useChatState(({ room }) => room.me.id)
  const joined_seq = useChatState(({ room }) => (channel === GENERAL && room.joined_seq) || 0)
  return useMemo(
    () => rowsOf({ timeline, outgoing, channel, me, divider, joined_seq, removing }),
    [timeline, outgoing, channel, me, divider, joined_seq, removing],
  )
}
