/** What happened around the member, newest first: mentions, answers, and reactions of others to what they said. */
import { useCallback, useEffect, useRef } from "react"
import { fetchActivity, type Happened, reactionsOfOthers } from "../../core/kept.ts"
import type { Translator } from "../../i18n/translate.ts"
import { useChat, useChatState, useWords } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Dialog } from "../kit/Dialog.tsx"
import { Foot } from "./Foot.tsx"
import { type Deed, KeptMessage, placeName } from "./KeptMessage.tsx"
import { usePages } from "./usePages.ts"

export function ActivityDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const channels = useChatState(({ room }) => room.channels)
  const unseen = useChatState((state) => state.unseen)
  const { items, stage, more, load } = useActivity(unseen)
  const shown = items.filter(({ message }) => message.channel in channels)
  const fresh = (each: Happened) => unseen > 0 && each.unseen
  const see = (at: number) => void chat.change({ type: "activity.seen", at })
  const open = (each: Happened) => {
    onClose()
    // What is older and new would be taken for seen with it.
    if (fresh(each) && !shown.some((other) => fresh(other) && other.at < each.at)) see(each.at)
    chat.open(each.message.channel, each.message.seq)
  }
  return (
    <Dialog title={t("activity")} wide onClose={onClose}>
      {items[0] && (
        <div className="activity__tools">
          <Button disabled={unseen === 0} onClick={() => see(items[0]?.at ?? 0)}>
            {t("activity.see")}
          </Button>
        </div>
      )}
      <ul>
        {shown.map((each) => (
          <KeptMessage
            key={`${each.at} ${each.message.id}`}
            message={each.message}
            about={placeName(t, channels[each.message.channel])}
            deed={deedOf(t, each, fresh(each))}
            onOpen={() => open(each)}
          />
        ))}
      </ul>
      <Foot stage={stage} isEmpty={shown.length === 0} nothing={t("activity.none")} onRetry={load} />
      {more && <Button onClick={load}>{t("kept.more")}</Button>}
    </Dialog>
  )
}

function deedOf(t: Translator, { why, message, at }: Happened, isFresh: boolean): Deed {
  const fresh = isFresh ? t("activity.fresh") : null
  if (why !== "reaction") {
    const by = message.state === "deleted" ? null : message.author
    return { by, words: t(why === "answer" ? "activity.answer" : "activity.mention"), at, fresh }
  }
  const { by, emojis } = reactionsOfOthers(message)
  const [first = null, ...others] = by
  const emoji = emojis.join(" ")
  const words =
    others.length > 0 ? t("activity.reactions", { count: others.length, emoji }) : t("activity.reaction", { emoji })
  return { by: first, words, at, fresh }
}

/** Asked for again when there is more of it. */
function useActivity(unseen: number) {
  const chat = useChat()
  const fetch = useCallback((before: number | null) => fetchActivity(chat, before), [chat])
  const pages = usePages(fetch)
  const { renew } = pages
  const former = useRef(unseen)
  useEffect(() => {
    if (unseen > former.current) renew()
    former.current = unseen
  }, [unseen, renew])
  return pages
}
