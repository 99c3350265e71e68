/** The chat: channels at the side, one of them in the middle, people when wanted. Owns the session while it is shown. */
import { useEffect, useLayoutEffect, useMemo, useState } from "react"
import { createChat } from "../../core/chat.ts"
import type { Session } from "../../core/protocol.ts"
import { onDevice } from "../../push/onDevice.ts"
import { ChatContext, useApp, useChat, useChatState, useWords } from "../context.ts"
import { DialogProvider } from "../dialogs/useDialogs.tsx"
import { files } from "../files/parts.ts"
import { Asked } from "../kit/Asked.tsx"
import { LazyPanel } from "../kit/LazyPanel.tsx"
import { fetchAhead } from "../kit/part.ts"
import { Quiet } from "../kit/Quiet.tsx"
import { AHEAD } from "../parts.ts"
import { beside, people } from "../quiet.ts"
import { Sidebar } from "../sidebar/Sidebar.tsx"
import { thread as threadPart } from "../threads/parts.ts"
import { ChannelView } from "./ChannelView.tsx"
import { keepPress } from "./earlyPress.ts"
import { Notices } from "./Notices.tsx"
import { useAddress } from "./useAddress.ts"
import { useNarrow } from "./useNarrow.ts"
import { useSurroundings } from "./useSurroundings.ts"

interface ChatScreenProps {
  readonly title: string
  readonly session: Session
}

export function ChatScreen({ title, session }: ChatScreenProps) {
  const { entrance, ports } = useApp()
  const chat = useMemo(
    () =>
      createChat({
        room: entrance.room,
        session,
        ports,
        api: entrance.api,
        isRenewed: entrance.isRenewed(session),
        loadFiles: files.load,
        onRenewedSeen: () => entrance.seeRenewed(session),
        onEnded: (removed) => void entrance.goOut(removed ? "removed" : "ended"),
        onLeft: () => {
          onDevice(({ leave }) => leave(entrance.room))
          void entrance.goOut(null)
        },
        sessionStands: async () => {
          const answer = await entrance.api.session()
          return answer.ok || answer.problem.code !== "unauthenticated"
        },
      }),
    [entrance, session, ports],
  )
  useEffect(() => {
    void chat.start()
    return chat.close
  }, [chat])
  return (
    <ChatContext.Provider value={chat}>
      <DialogProvider>
        <Layout title={title} />
        <Notices />
        <BesideTheChat title={title} />
      </DialogProvider>
    </ChatContext.Provider>
  )
}

function BesideTheChat({ title }: { title: string }) {
  const settled = useChatState(({ connection }) => connection.status !== "connecting")
  const [waits, setWaits] = useState(false)
  useEffect(() => keepPress(setWaits), [])
  // Nobody asked for it before somebody pressed what it hears.
  const asked = waits && <Asked part={beside} props={{ title }} />
  return <Quiet part={beside} props={{ title }} due={settled} meanwhile={asked} />
}

function Layout({ title }: { title: string }) {
  useAddress()
  useSurroundings()
  const t = useWords()
  const chat = useChat()
  const [drawer, setDrawer] = useState(false)
  const [shown, setShown] = useState(false)
  const narrow = useNarrow()
  const thread = useChatState(({ thread, opened }) => (thread?.channel === opened?.channel ? thread : null))
  const entered = useChatState(({ opened }) => opened?.entered)
  const live = useChatState(({ connection }) => connection.status === "live")
  // What one came for goes first.
  useEffect(() => {
    if (live) fetchAhead(AHEAD)
  }, [live])
  // At once: an effect that comes after the picture would close what was opened since.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chosen channel closes what lies over it, the one that is open too
  useLayoutEffect(() => {
    setDrawer(false)
    if (narrow) setShown(false)
  }, [entered])
  const onClose = () => setShown(false)
  return (
    <div className={`chat${drawer ? " chat--drawer" : ""}${shown || thread ? " chat--people" : ""}`}>
      <Sidebar title={title} open={drawer} onClose={() => setDrawer(false)} />
      <ChannelView covered={drawer} onDrawer={() => setDrawer(true)} people={shown} onPeople={() => setShown(!shown)} />
      {thread ? (
        <LazyPanel
          key="thread"
          part={threadPart}
          props={{ place: thread }}
          title={t("kept.replies")}
          className="people thread"
          onClose={() => chat.showThread(null)}
        />
      ) : (
        shown && (
          <LazyPanel
            key="people"
            part={people}
            props={{ onClose }}
            title={t("people")}
            className="people"
            onClose={onClose}
          />
        )
      )}
    </div>
  )
}
