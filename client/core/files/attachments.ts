/**
 * The files in the composers, from the moment they are picked until a message takes them.
 *
 * Each is copied into the vault before anything else is done with it, so it stays what it was, and a reload loses none. All
 * tabs show the same, as they show the same drafts; the one in which a file was picked prepares it, one after the other.
 */
import { toBase64url } from "../encoding.ts"
import type { Hub } from "../hub.ts"
import { createWatched } from "../watched.ts"
import { FILE_ID_BYTES } from "./layout.ts"
import { sentName } from "./naming.ts"
import type { FilePorts, KeptFile } from "./ports.ts"
import type { Attachments, OutgoingFile, Picked } from "./types.ts"

const KEY_BYTES = 32
/** Above this not even a picture is copied, however small it could be made. */
const LARGEST_SOURCE = 4
/** The notes of composers: other tabs see by them that something has changed. */
const NOTE = "files:"

interface Item {
  readonly file: KeptFile
  /** Null: it is in the vault. Otherwise it is still to be copied there, or had no room. */
  readonly source: File | null
  readonly hasNoSpace: boolean
  readonly preview: Blob | null
}

export interface Composers extends Attachments {
  /** Whether something would be lost with the page. */
  mayLose(): boolean
  /** Reads what earlier pages left. */
  restore(): Promise<void>
  forget(channel: string): void
  stop(): void
}

export function createAttachments(hub: Hub, ports: FilePorts): Composers {
  const { clock, shelf, tabs } = hub.ports
  const { vault } = ports
  const store = createWatched<Readonly<Record<string, readonly Picked[]>>>({}, clock)
  const items = new Map<string, Item>()
  const shelfKey = hub.shelfKey(NOTE)
  let work: Promise<unknown> = Promise.resolve()
  const settled: (() => void)[] = []
  let restored: Promise<void> = Promise.resolve()
  let changes = 0

  const limit = () => hub.store.get().room.limits.file_bytes

  const inOrder = (channel: string) =>
    [...items.values()].filter(({ file }) => file.channel === channel).sort((a, b) => a.file.order - b.file.order)

  const show = (channel: string) => {
    const picked = inOrder(channel).map(asPicked)
    store.update((all) => ({ ...all, [channel]: picked }))
    for (const check of settled.splice(0)) check()
  }

  /** Tells the composer, and other tabs: each change reads differently. */
  const announce = (channel: string) => {
    const count = inOrder(channel).length
    hub.notes.set(NOTE + channel, count === 0 ? "" : `${count} ${clock.now()}.${++changes}`)
  }

  const put = (item: Item) => {
    items.set(item.file.id, item)
    show(item.file.channel)
  }

  /** One after the other: pictures take a lot of memory. */
  const later = (task: () => Promise<void>) => {
    work = work.then(task).catch((error: unknown) => console.warn("files", error instanceof Error ? error.name : ""))
  }

  const fail = (id: string, problem: NonNullable<Picked["problem"]>) => {
    const item = items.get(id)
    if (item === undefined) return
    if (problem === "no_space") return put({ ...item, hasNoSpace: true })
    const file = { ...item.file, problem }
    put({ ...item, file })
    if (item.source === null) void vault.change(id, (now) => ({ ...now, problem })).then(() => announce(file.channel))
  }

  const copy = async (id: string) => {
    const item = items.get(id)
    if (item === undefined || item.source === null || item.file.problem !== null) return
    try {
      await vault.keep(item.file, { source: item.source })
    } catch (error) {
      return fail(id, nameOf(error) === "QuotaExceededError" ? "no_space" : "unreadable")
    }
    const now = items.get(id)
    // It was removed meanwhile.
    if (now === undefined) return vault.drop([id])
    items.set(id, { ...now, source: null })
    announce(item.file.channel)
    later(() => prepare(id))
  }

  const prepare = async (id: string): Promise<void> => {
    const before = items.get(id)?.file
    if (before === undefined || before.problem !== null || isReady(before)) return
    const source = await vault.piece(id, "source")
    if (source === null) return fail(id, "unreadable")
    try {
      const { prepared, whole, thumb } = await ports.prepare(source, before)
      const item = items.get(id)
      if (item === undefined) return
      // Somebody has chosen the other size meanwhile, which is prepared next.
      if (item.file.isOriginal !== before.isOriginal) return
      const problem = whole.size > limit() ? ("too_large" as const) : null
      const done = { prepared: { ...prepared, name: sentName(prepared.name) }, problem }
      await vault.keep({ ...item.file, ...done }, { whole, thumb })
      // What was changed while it was being stored stays.
      const now = items.get(id)
      if (now === undefined) return vault.drop([id])
      put({ ...now, file: { ...now.file, ...done }, preview: previewOf(prepared.type, whole, thumb) })
      announce(now.file.channel)
    } catch (error) {
      fail(id, nameOf(error) === "QuotaExceededError" ? "no_space" : "unreadable")
    }
  }

  /** Shows what is in the vault, which other tabs may have changed. */
  const reload = async () => {
    const kept = (await vault.all()).filter(({ isTaken }) => !isTaken)
    const known = new Set(kept.map(({ id }) => id))
    const channels = new Set(kept.map(({ channel }) => channel))
    for (const { file, source } of [...items.values()]) {
      if (known.has(file.id) || source !== null) continue
      items.delete(file.id)
      channels.add(file.channel)
    }
    for (const file of kept) {
      const former = items.get(file.id)
      const isNew = file.prepared !== null && former?.preview == null
      const preview = isNew ? await stored(file) : (former?.preview ?? null)
      items.set(file.id, { file, source: null, hasNoSpace: false, preview })
      const isMine = file.owner === tabs.own || !(await tabs.isOpen(file.owner))
      if (isMine && !isReady(file)) later(() => prepare(file.id))
    }
    for (const channel of channels) show(channel)
  }

  const stored = async ({ id, prepared }: KeptFile) =>
    previewOf(prepared?.type ?? "", await vault.piece(id, "whole"), await vault.piece(id, "thumb"))

  const stopWatching = shelf.watch((key) => {
    if (key.startsWith(shelfKey)) later(reload)
  })

  const revise = (id: string, change: (file: KeptFile) => KeptFile) => {
    const item = items.get(id)
    if (item === undefined) return
    const file = change(item.file)
    put({ ...item, file })
    if (item.source === null) void vault.change(id, change).then(() => announce(file.channel))
  }

  const restore = async () => {
    const sent = new Set((await hub.vault.outgoing()).flatMap(({ files = [] }) => files.map(({ id }) => id)))
    for (const file of await vault.all()) {
      if (!file.isTaken || sent.has(file.id)) continue
      // The page went away between taking it and writing the message.
      const isGone = file.owner !== tabs.own && !(await tabs.isOpen(file.owner))
      if (isGone) await vault.change(file.id, (now) => ({ ...now, isTaken: false }))
    }
    await reload()
    for (const channel of Object.keys({ ...hub.store.get().room.channels, ...store.get() })) {
      if ((hub.notes.get(NOTE + channel) === "") !== (inOrder(channel).length === 0)) announce(channel)
    }
  }

  const isPreparing = (channel: string) => inOrder(channel).some((item) => asPicked(item).stage === "preparing")

  const keyed = (file: KeptFile, prepared: NonNullable<KeptFile["prepared"]>): OutgoingFile => {
    const { isOriginal, canBeOriginal, mayHoldPersonalData, ...info } = prepared
    // Made only now: whatever was prepared before, this key seals nothing but what is taken here.
    const key = toBase64url(ports.random(KEY_BYTES))
    return { ...info, ...(file.alt === "" ? {} : { alt: file.alt }), id: file.id, key, done: [] }
  }

  return {
    store,
    pick: (channel, files) => {
      for (const source of files) {
        const isTooLarge = source.size > limit() * (source.type.startsWith("image/") ? LARGEST_SOURCE : 1)
        const { name, type, size } = source
        const id = toBase64url(ports.random(FILE_ID_BYTES))
        const order = Math.max(0, ...inOrder(channel).map(({ file }) => file.order)) + 1
        const common = { channel, owner: tabs.own, order, alt: "", isOriginal: false, prepared: null, isTaken: false }
        const file = {
          ...common,
          id,
          name: sentName(name),
          type,
          size,
          problem: isTooLarge ? ("too_large" as const) : null,
        }
        items.set(id, { file, source, hasNoSpace: false, preview: null })
        later(() => copy(id))
      }
      show(channel)
      announce(channel)
    },
    remove: (_, id) => {
      const item = items.get(id)
      if (item === undefined) return
      items.delete(id)
      show(item.file.channel)
      void vault.drop([id]).then(() => announce(item.file.channel))
    },
    describe: (_, id, alt) => revise(id, (file) => ({ ...file, alt })),
    chooseOriginal: (_, id, on) => {
      if (items.get(id)?.file.isOriginal === on) return
      revise(id, (file) => ({ ...file, isOriginal: on, problem: null, owner: tabs.own }))
      later(() => prepare(id))
    },
    take: async (channel) => {
      // Who sends at once after a reload means what is still being read.
      await restored
      // The tab that was preparing one may be gone.
      if (isPreparing(channel)) later(reload)
      while (isPreparing(channel)) await new Promise<void>((resolve) => settled.push(resolve))
      const ready = inOrder(channel).filter(({ file, hasNoSpace }) => file.problem === null && !hasNoSpace)
      for (const { file } of ready) items.delete(file.id)
      show(channel)
      const taken: OutgoingFile[] = []
      for (const { file } of ready) {
        // Another tab may have sent it meanwhile.
        // What was picked is not needed any more: there is only one size now.
        const prepared = file.prepared && { ...file.prepared, canBeOriginal: false }
        const claim = { ...file, prepared, owner: tabs.own, isTaken: true }
        const mine = await vault.change(file.id, (now) => (now.isTaken ? null : claim))
        if (mine === null || mine.prepared === null) continue
        await vault.keep(mine, { source: null })
        taken.push(keyed(mine, mine.prepared))
      }
      announce(channel)
      return taken
    },
    mayLose: () => [...items.values()].some(({ source }) => source !== null || !vault.isLasting()),
    restore: () => {
      restored = restore()
      return restored
    },
    forget: (channel) => {
      for (const { file } of inOrder(channel)) items.delete(file.id)
      show(channel)
      // After what is being copied: that would come back.
      later(async () => {
        const kept = (await vault.all()).filter((file) => file.channel === channel)
        await vault.drop(kept.map(({ id }) => id))
        hub.notes.set(NOTE + channel, "")
      })
    },
    stop: stopWatching,
  }
}

function asPicked({ file, source, hasNoSpace, preview }: Item): Picked {
  const { id, name, type, size, alt, isOriginal, prepared } = file
  const problem = hasNoSpace ? "no_space" : file.problem
  return {
    id,
    name: prepared?.name ?? name,
    type: prepared?.type ?? type,
    size: prepared?.size ?? size,
    stage: problem !== null ? "failed" : source === null && isReady(file) ? "ready" : "preparing",
    problem,
    preview,
    alt,
    isOriginal,
    canBeOriginal: prepared?.canBeOriginal ?? false,
    mayHoldPersonalData: prepared?.mayHoldPersonalData ?? false,
    width: prepared?.width,
    height: prepared?.height,
  }
}

/** It was prepared, and in the size that is wanted. */
const isReady = ({ prepared, isOriginal }: KeptFile) => prepared?.isOriginal === isOriginal

/** A picture without a thumbnail is small itself. */
function previewOf(type: string, whole: Blob | null, thumb: Blob | null): Blob | null {
  return thumb ?? (type.startsWith("image/") ? whole : null)
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : "")
