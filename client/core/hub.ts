/**
 * The chat of one signed-in member: room, line, outbox and requests put together.
 *
 * Frames come in here and become a new state; what people do goes out from here. The interface reads `store` and calls
 * these functions, nothing else.
 */
import type { Api } from "./api.ts"
import { TYPING_SHOWN_MS } from "./contract.ts"
import type { Files, FilesEngine, FilesModule } from "./files/types.ts"
import { type Connection, createLine, type Line } from "./line.ts"
import { createNotes, type Notes } from "./notes.ts"
import { createOutbox, type Outbox } from "./outbox.ts"
import type { Outgoing, Ports, Vault } from "./ports.ts"
import type {
  Alert,
  Approval,
  Channel,
  Confirmation,
  Message,
  RoomEvent,
  Said,
  ServerFrame,
  Session,
  Welcome,
} from "./protocol.ts"
import { createRequests, Refused, type Requests } from "./requests.ts"
import {
  advance,
  emptyRoom,
  enter,
  enterLane,
  forgetTyping,
  isLane,
  leaveLane,
  markChosen,
  markPresence,
  markRead,
  markTyping,
  nameOf,
  type Room,
  withTimeline,
} from "./room.ts"
import { savedAfter } from "./saved.ts"
import { fromSnapshot, toSnapshot } from "./snapshot.ts"
import { place } from "./timeline.ts"
import { createWatched, type Watched } from "./watched.ts"

/** Something to tell the member in passing; `code` chooses the words. */
export interface Notice {
  readonly id: string
  readonly code: string
  /** A member's or channel's name, where the words want one. */
  readonly name?: string
  /** Another member's, who had a part in it. */
  readonly by?: string
}

/** A sign-in that waits for somebody to look at it. */
export type Question = (Confirmation & { readonly type: "confirmation" }) | (Approval & { readonly type: "approval" })

/** A message that will be deleted unless somebody undoes it, or whose deletion was sent. */
export type Removal = "undoable" | "sent"

/** Where somebody stands, or stood. */
export interface Way {
  readonly channel: string
  /** The message to show, when one was asked for. */
  readonly target: number | null
  /** The message at which the view begins; null: at what is new, or at the end. */
  readonly at: number | null
}

export interface Opened extends Way {
  /** Counts openings, so that asking for the same message again shows it again. */
  readonly visit: number
  /** The `visit` with which it was chosen: going to its newest messages is another visit, and no choice. */
  readonly entered: number
  /** It was marked unread meanwhile: looking at it does not make it read. */
  readonly kept?: boolean
}

export interface ChatState {
  readonly connection: Connection
  readonly room: Room
  readonly outgoing: readonly Outgoing[]
  readonly opened: Opened | null
  /** Where the member was before each jump to a message: the ways back, the last one first to go. */
  readonly ways: readonly Way[]
  readonly attentive: boolean
  /** What the member has saved, as `placeOf` names it; null: not asked for since the line came. */
  readonly saved: ReadonlySet<string> | null
  /** What the room said of the member's drafts, by channel; drafts.ts forgets it when it asks for all of them. */
  readonly drafts: ReadonlyMap<string, string>
  /** How much has happened around the member that they have not seen. */
  readonly unseen: number
  /** How many messages wait to be sent later, and how many could not be sent. */
  readonly scheduled: { readonly waiting: number; readonly failed: number }
  /** When they are not to be disturbed (quiet.ts). */
  readonly quiet: unknown
  readonly removing: ReadonlyMap<string, Removal>
  readonly notices: readonly Notice[]
  readonly questions: readonly Question[]
  /** What has happened to the member's own name, until they have seen it. */
  readonly alerts: readonly Alert[]
  /** The message whose replies are shown beside its channel. */
  readonly thread: { readonly channel: string; readonly seq: number } | null
  /** Messages that are quoted but not in the shown run; null: it is gone. */
  readonly quotes: Readonly<Record<string, Message | null>>
  /** The newest messages of others in the open channel, for those who listen rather than look. */
  readonly heard: readonly Said[]
}

/** Called when the line is open, when the room is known, and when it has changed. */
export interface Follower {
  afterHello(): void
  afterWelcome(): void
  afterEvents(events: readonly RoomEvent[]): void
}

/** What the parts of the chat (history.ts, speaking.ts) share. */
export interface Hub {
  readonly store: Watched<ChatState>
  readonly ports: Ports
  readonly requests: Requests
  readonly outbox: Outbox
  readonly room: string
  readonly api: Api
  readonly vault: Vault
  readonly notes: Notes
  readonly shelfKey: (name: string) => string
  /** Looks whether the session still stands, and ends here if it does not. */
  readonly checkSession: () => void
  readonly changeRoom: (change: (room: Room) => Room) => void
  readonly showNotice: (notice: Omit<Notice, "id">, ms?: number) => string
  readonly dismiss: (notice: string) => void
  /** Waits for a request; a refusal becomes a notice and false. */
  readonly attempt: (request: Promise<unknown>) => Promise<boolean>
  readonly send: Line["send"]
}

const NOTICE_MS = 6_000
/** More than are ever said one by one: see ui/timeline/LiveRegion.tsx. */
const KEPT_HEARD = 100
const SNAPSHOT_AFTER_MS = 1_500
/** A line that does not come back for this long may have been refused for its session. */
const SESSION_CHECK_MS = 5_000
/** What somebody has begun in a channel (ui/composer), and what a dialog changes of it. */
const CHANNEL_NOTES = ["draft", "synced", "given", "reply", "editing", "files"]
/** The alert that this browser makes by itself: its member is somebody new. */
export const RENEWED = "renewed"

export interface ChatOptions {
  readonly api: Api
  readonly room: string
  readonly session: Session
  readonly ports: Ports
  /** Whether this browser's last member had the same name and was another one. */
  readonly isRenewed?: boolean
  /** The session ended on the server, or an admin has removed the member. */
  readonly onEnded: (removed: boolean) => void
  /** Asks the server whether the session is still valid; a refused upgrade does not say why. */
  readonly sessionStands: () => Promise<boolean>
  /** Downloads what sends and opens files. */
  readonly loadFiles?: () => Promise<FilesModule>
}

export function createHub(options: ChatOptions): Hub & {
  files(): Promise<Files>
  start(): Promise<void>
  wake(): void
  rest(): void
  look(): void
  close(): void
  /** One follower is told what has happened on the line; a second takes its place. */
  follow(follower: Follower): void
  /** From now on a listener hears what happens, until what this gives is called. */
  hear(listener: (events: readonly RoomEvent[]) => void): () => void
} {
  const { ports, room, session } = options
  const { clock } = ports
  const vault = ports.openVault(room, session.member.id)
  const store = createWatched<ChatState>(initialState(session, options.isRenewed ?? false), clock)
  let follower: Follower | null = null
  const listeners = new Set<(events: readonly RoomEvent[]) => void>()
  let line: Line | null = null
  let stopSnapshot: (() => void) | undefined
  let stopChecking: () => void = () => undefined
  let files: Promise<FilesEngine> | null = null

  const change = (part: Partial<ChatState>) => store.update((state) => ({ ...state, ...part }))
  const changeRoom = (next: (room: Room) => Room) => store.update((state) => ({ ...state, room: next(state.room) }))
  const send: Line["send"] = (frame) => line?.send(frame)
  const look = () => send({ type: "visible", visible: ports.isVisible() })
  const requests = createRequests(send, ports.uuid, clock)
  const outbox = createOutbox(vault, ports.tabs, clock, send, {
    onChange: (outgoing) => change({ outgoing }),
    onAccepted: (message, { seq, sent_at }) =>
      changeRoom((state) =>
        withTimeline(state, message.channel, (timeline) =>
          place(timeline, saidFrom(message, state.me.id, seq, sent_at ?? clock.now())),
        ),
      ),
    onWaiting: (message) => withFiles((engine) => engine.upload(message)),
    onGone: (message, isSent) => {
      if (message.files !== undefined) withFiles((engine) => engine.finish(message, isSent))
    },
  })

  const loadFiles = () => {
    files ??= (options.loadFiles?.() ?? Promise.reject(new Error("no files"))).then(
      ({ createFiles }) => createFiles(hub),
      (error) => {
        files = null
        throw error
      },
    )
    return files
  }
  /** What does not come is asked for again when the line is back. */
  const withFiles = (work: (engine: FilesEngine) => void) => void loadFiles().then(work, () => undefined)

  const dismiss = (id: string) =>
    store.update((state) => ({ ...state, notices: state.notices.filter((notice) => notice.id !== id) }))

  const showNotice: Hub["showNotice"] = (notice, ms = NOTICE_MS) => {
    const id = ports.uuid()
    store.update((state) => ({ ...state, notices: [...state.notices, { ...notice, id }] }))
    clock.after(ms, () => dismiss(id))
    return id
  }

  const attempt: Hub["attempt"] = async (request) => {
    try {
      await request
      return true
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      showNotice({ code: error.code })
      return false
    }
  }

  const onFrame = (frame: ServerFrame) => {
    switch (frame.type) {
      case "welcome":
        return onWelcome(frame)
      case "events":
        return onEvents(frame.events, frame.lane)
      case "lane":
        return onLane(frame.channel)
      case "lane.gone":
        return onLost([frame.channel])
      case "presence":
        return changeRoom((state) => markPresence(state, frame.online, frame.offline))
      case "typing":
        return onTyping(frame.channel, frame.member)
      case "read":
        return onRead(frame)
      case "save":
        return store.update((state) => ({ ...state, saved: savedAfter(state.saved, frame) }))
      case "draft":
        return store.update((state) => ({ ...state, drafts: new Map(state.drafts).set(frame.channel, frame.body) }))
      case "schedule.changed":
        return change({ scheduled: frame })
      case "activity.new":
        return store.update((state) => ({ ...state, unseen: state.unseen + 1 }))
      case "activity.seen":
        return change({ unseen: frame.unseen })
      case "notify":
        return changeRoom((state) => markChosen(state, frame.channel, { notify: frame.level }))
      case "quiet":
        return change({ quiet: frame.quiet })
      case "star":
        return changeRoom((state) => markChosen(state, frame.channel, { starred: frame.on }))
      case "confirmation":
      case "approval":
        return onQuestion(frame)
      case "login.done":
        return dropQuestion(frame.id)
      case "alert":
        return store.update((state) => ({ ...state, alerts: [...without(state.alerts, frame.id), frame] }))
      case "alert.done":
        return store.update((state) => ({ ...state, alerts: without(state.alerts, frame.id) }))
      case "ack":
      case "error":
        return void (outbox.settle(frame) || requests.settle(frame))
      // Every other answers a request.
      default:
        return void requests.settle(frame)
    }
  }

  const onWelcome = (welcome: Welcome) => {
    const here = new Set(welcome.channels.map(({ id }) => id))
    const before = Object.values(store.get().room.channels)
    // A server that knows no lanes has not taken any away.
    if (welcome.lanes_resumed !== null)
      forget(before.filter((each) => isLane(each) && !here.has(each.id)).map(({ id }) => id))
    changeRoom((state) => enter(state, welcome))
    // What only admins are asked: whoever was one before may be none any more.
    if (welcome.member.role !== "admin") dropApprovals()
    const { activity, scheduled, quiet } = welcome
    change({ saved: null, unseen: activity.unseen, scheduled, quiet })
    line?.markLive()
    void outbox.resume()
    follower?.afterWelcome()
    keepSnapshotSoon()
  }

  const onEvents = (events: readonly RoomEvent[], lane: string | null) => {
    const before = store.get()
    const head = lane === null ? before.room : before.room.lanes[lane]
    if (head === undefined) return
    const watching = { channel: before.opened?.channel ?? null, attentive: before.attentive }
    const after = events.reduce((state, event) => advance(state, event, watching, lane), before.room)
    change({ room: after, heard: heardAfter(events, before, head.seq ?? 0) })
    for (const event of events) if (event.kind === "message") outbox.seen(event.message.id)
    for (const event of events) if (event.seq > head.counted) tell(event, before.room)
    if (lane !== null && !(lane in after.channels)) forget([lane])
    follower?.afterEvents(events)
    if (after.me.role !== before.room.me.role) {
      // One sees more now, or less; what only admins are asked is asked again.
      dropApprovals()
      greet()
    }
    for (const listener of listeners) listener(events)
    // It counts its `seq` with the others now, so what is shown of it is loaded anew.
    if (lane === null && Object.keys(before.room.lanes).some((id) => !(id in after.lanes))) follower?.afterWelcome()
    keepSnapshotSoon()
  }

  const greet = () => {
    const { seq, lanes } = store.get().room
    const heads = Object.entries(lanes).map(([id, head]) => [id, head.seq] as const)
    send({ type: "hello", last_seq: seq, acks: false, lanes: Object.fromEntries(heads) })
  }

  const onLane = (channel: Channel) => {
    changeRoom((state) => enterLane(state, channel))
    follower?.afterWelcome()
    keepSnapshotSoon()
  }

  const onLost = (lanes: readonly string[]) => {
    forget(lanes)
    follower?.afterEvents([])
  }

  /** Nothing of these lanes stays in this browser: neither what was said there nor what was to be. */
  const forget = (lanes: readonly string[]) => {
    for (const id of lanes) {
      outbox.wipe(id)
      if (hub.notes.get(`files:${id}`) !== "") withFiles((engine) => engine.forget(id))
      const messages = store.get().room.timelines[id]?.messages ?? []
      for (const edited of [hub.notes.get(`editing:${id}`), ...messages.map((message) => message.id)])
        hub.notes.set(`edit:${edited}`, "")
      for (const note of CHANNEL_NOTES) hub.notes.set(`${note}:${id}`, "")
    }
    if (lanes.length === 0) return
    store.update((state) => ({
      ...state,
      room: lanes.reduce(leaveLane, state.room),
      heard: state.heard.filter(({ channel }) => !lanes.includes(channel)),
      // The room has forgotten them, and does not say so.
      drafts: new Map([...state.drafts, ...lanes.map((id) => [id, ""] as const)]),
      thread: lanes.includes(state.thread?.channel ?? "") ? null : state.thread,
      quotes: Object.fromEntries(
        Object.entries(state.quotes).filter(([, quote]) => !lanes.includes(quote?.channel ?? "")),
      ),
    }))
    void vault.keepSnapshot(toSnapshot(store.get().room))
  }

  const tell = (event: RoomEvent, before: Room) => {
    // It is for the member to know it was them (an alert, which stays), and for admins to notice that it was not.
    const isOther = event.kind === "member" && event.reason === "new_device" && event.member.id !== before.me.id
    if (isOther && before.me.role === "admin") {
      showNotice({ code: "new_device", name: event.member.name })
    }
    const by = event.kind === "member" && event.invited_by !== null ? nameOf(before, event.invited_by) : null
    if (event.kind === "member" && by !== null && event.member.id !== before.me.id) {
      showNotice({ code: "invited", name: event.member.name, by })
    }
    if (event.kind === "members" && event.by !== before.me.id) tellMembers(event, before)
    if (event.kind === "channel_deleted" && store.get().opened?.channel === event.channel) {
      showNotice({ code: "channel_deleted", name: before.channels[event.channel]?.name ?? "" })
    }
  }

  const tellMembers = ({ added, removed, by }: RoomEvent & { kind: "members" }, before: Room) => {
    const names = [...added, ...removed].map((id) => nameOf(before, id) ?? "").join(", ")
    const code = added.length > 0 ? "lane_added" : removed.includes(by) ? "lane_left" : "lane_removed"
    showNotice({ code, name: names, by: nameOf(before, by) ?? "" })
  }

  const onRead = ({ channel, seq, unread, mentions, back }: ServerFrame & { type: "read" }) =>
    store.update((state) => ({
      ...state,
      room: markRead(state.room, channel, seq, { unread, mentions }, back),
      opened: back && state.opened?.channel === channel ? { ...state.opened, kept: true } : state.opened,
    }))

  const onTyping = (channel: string, member: string) => {
    changeRoom((state) => markTyping(state, channel, member, clock.now() + TYPING_SHOWN_MS))
    clock.after(TYPING_SHOWN_MS + 50, () => changeRoom((state) => forgetTyping(state, clock.now())))
  }

  const onQuestion = (question: Question) => {
    dropQuestion(question.id)
    store.update((state) => ({ ...state, questions: [...state.questions, question] }))
    // At least a minute: the clock of this device may be ahead.
    clock.after(Math.max(question.expires_at - clock.now(), 60_000), () => dropQuestion(question.id))
  }

  const dropQuestions = (which: (question: Question) => boolean) =>
    store.update((state) => ({ ...state, questions: state.questions.filter((question) => !which(question)) }))
  const dropQuestion = (id: string) => dropQuestions((question) => question.id === id)
  const dropApprovals = () => dropQuestions(({ type }) => type === "approval")

  const keepSnapshotSoon = () => {
    stopSnapshot ??= clock.after(SNAPSHOT_AFTER_MS, () => {
      stopSnapshot = undefined
      void vault.keepSnapshot(toSnapshot(store.get().room))
    })
  }

  const onConnection = (connection: Connection) => {
    change({ connection })
    stopChecking()
    if (connection.status === "live") return
    requests.interrupt()
    outbox.interrupt()
    if (connection.status === "waiting") stopChecking = clock.after(SESSION_CHECK_MS, checkSession)
  }

  const checkSession = () => {
    void options.sessionStands().then((stands) => {
      if (!stands) end(false)
    })
  }

  const end = (removed: boolean) => {
    close()
    void vault.keepSnapshot(null)
    options.onEnded(removed)
  }

  const start = async () => {
    const kept = fromSnapshot(await vault.snapshot())
    if (kept !== null && kept.me.id === session.member.id) change({ room: kept })
    await outbox.restore()
    line = createLine(
      {
        url: `${ports.origin.replace(/^http/, "ws")}/api/rooms/${room}/socket`,
        WebSocket: ports.WebSocket,
        clock,
        isOnline: ports.isOnline,
        jitter: Math.random(),
      },
      {
        onOpen: () => {
          greet()
          // A new connection counts as looked at.
          if (!ports.isVisible()) look()
          requests.resume()
          follower?.afterHello()
        },
        onFrame,
        onConnection,
        onEnded: end,
      },
    )
  }

  const close = () => {
    stopSnapshot?.()
    stopChecking()
    requests.abandon()
    outbox.interrupt()
    line?.close()
    void files?.then((engine) => engine.stop())
  }

  const shelfKey = (name: string) => `${room}:${session.member.id}:${name}`
  const hub: Hub = {
    store,
    ports,
    requests,
    outbox,
    room,
    api: options.api,
    vault,
    notes: createNotes(ports.shelf, shelfKey),
    shelfKey,
    checkSession,
    changeRoom,
    showNotice,
    dismiss,
    attempt,
    send,
  }
  return {
    ...hub,
    files: loadFiles,
    start,
    wake: () => line?.wake(),
    rest: () => line?.rest(),
    look,
    close,
    follow: (next) => {
      follower = next
    },
    hear: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function initialState(session: Session, isRenewed: boolean): ChatState {
  return {
    connection: { status: "connecting" },
    room: emptyRoom(session.member),
    outgoing: [],
    opened: null,
    ways: [],
    attentive: false,
    saved: null,
    drafts: new Map(),
    quiet: null,
    unseen: 0,
    scheduled: { waiting: 0, failed: 0 },
    removing: new Map(),
    notices: [],
    questions: [],
    alerts: isRenewed ? [{ id: RENEWED, kind: "renewed", at: 0 }] : [],
    thread: null,
    quotes: {},
    heard: [],
  }
}

function saidFrom(message: Outgoing, author: string, seq: number, sent_at: number): Said {
  return {
    state: "said",
    seq,
    id: message.id,
    channel: message.channel,
    author,
    body: message.body,
    sent_at,
    edited_at: null,
    reply_to: message.reply_to ?? null,
    reply_seq: message.reply_seq ?? null,
    mentions: message.mentions ?? [],
    reactions: {},
    files: (message.files ?? []).map(({ done, ...file }) => file),
    shown_as: {},
  }
}

function heardAfter(events: readonly RoomEvent[], { room, opened, heard }: ChatState, seq: number): readonly Said[] {
  const fresh = events.flatMap((event) => {
    if (event.kind !== "message" || event.message.state !== "said" || event.seq <= seq) return []
    const { message } = event
    return message.author !== room.me.id && message.channel === opened?.channel ? [message] : []
  })
  return fresh.length === 0 ? heard : [...heard, ...fresh].slice(-KEPT_HEARD)
}

/** Of alerts those that are still to be seen. */
export const without = (alerts: readonly Alert[], id: string) => alerts.filter((alert) => alert.id !== id)
