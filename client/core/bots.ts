/**
 * Programs that read, answer and act (docs/protocol.md, "Bots"): what an admin sees of them and does with them.
 *
 * A token and a secret come once, with the bot that is new or has new ones. They are kept here until the admin has done
 * with them.
 */
import type { Chat } from "./chat.ts"
import { type Bot, bot, endingOf, type Webhook } from "./programs.ts"
import type { Request } from "./protocol.ts"
import { Refused } from "./requests.ts"
import { createWatched, type Watched } from "./watched.ts"

/** What a bot may do in its channels. */
export const BOT_RIGHTS = ["post", "read", "edit", "react", "mention", "files"] as const
export type BotRight = (typeof BOT_RIGHTS)[number]
/** What most bots need: nobody is notified by them. */
export const USUAL_RIGHTS: readonly BotRight[] = ["post", "read", "edit", "react"]

export interface WantedBot {
  readonly name: string
  readonly channels: readonly string[]
  readonly rights: readonly BotRight[]
  readonly webhook: Webhook | null
}

/** What is shown once of one bot; "" for what has not changed. */
export interface BotSecrets {
  readonly id: string
  readonly name: string
  readonly channel: string
  readonly token: string
  readonly secret: string
}

/** The last test of a bot's address. `code`: of its refusal; what the other side did is the bot's `failure`. */
export interface BotTest {
  readonly id: string
  readonly state: "waiting" | "done" | "refused"
  readonly code: string
}

export interface BotsState {
  /** Null until they have come. */
  readonly bots: readonly Bot[] | null
  /** Where their programs may be: "*" is anywhere, none nowhere. */
  readonly hosts: readonly string[]
  /** The last time they were asked for they did not come. */
  readonly isMissing: boolean
  readonly shown: BotSecrets | null
  readonly test: BotTest | null
}

export interface Bots {
  readonly store: Watched<BotsState>
  load(): Promise<void>
  /** These four: the refusal's code, or null when it was done. */
  create(wanted: WantedBot): Promise<string | null>
  rotate(bot: Bot): Promise<string | null>
  revoke(bot: Bot): Promise<string | null>
  tell(bot: Bot, webhook: Webhook | null): Promise<string | null>
  /** Sends something to the bot's address. */
  tryOut(bot: Bot): Promise<void>
  /** Forgets the token and the secret. */
  forget(): void
}

export function createBots(chat: Pick<Chat, "ask" | "clock">): Bots {
  const store = createWatched<BotsState>(
    { bots: null, hosts: [], isMissing: false, shown: null, test: null },
    chat.clock,
  )
  const change = (part: Partial<BotsState>) => store.update((state) => ({ ...state, ...part }))

  const load = async () => {
    const answer = await chat.ask({ type: "bots" })
    if (!("bots" in answer)) return change({ isMissing: true })
    const bots = answer.bots.map((each) => bot(each, "bot"))
    change({ bots, hosts: answer.webhook_hosts, isMissing: false })
  }

  /** Asks for what is shown once, and shows it. */
  const obtain = async (request: Request, { name, channels }: Pick<Bot, "name" | "channels">) => {
    const answer = await chat.ask(request)
    if (answer instanceof Refused) return answer.code
    if (answer.type === "bot" && (answer.token || answer.signing_secret)) {
      const { id, token, signing_secret } = answer
      change({ shown: { id, name, channel: channels[0] ?? "", token, secret: signing_secret ?? "" } })
    }
    await load()
    return null
  }

  const forget = () => change({ shown: null })

  const { revoke, reloadIfGone } = endingOf("bot", chat, load, (id) => {
    if (store.get().shown?.id === id) forget()
  })

  return {
    store,
    load,
    create: ({ webhook, ...wanted }) =>
      obtain({ type: "bot.create", ...wanted, ...(webhook === null ? {} : { webhook }) }, wanted),
    rotate: async (former) => reloadIfGone(await obtain({ type: "bot.rotate", id: former.id }, former)),
    tell: async (former, webhook) =>
      reloadIfGone(await obtain({ type: "bot.webhook", id: former.id, webhook }, former)),
    revoke: ({ id }) => revoke(id),
    tryOut: async ({ id }) => {
      if (store.get().test?.state === "waiting") return
      change({ test: { id, state: "waiting", code: "" } })
      const answer = await chat.ask({ type: "bot.test", id })
      const code = answer instanceof Refused ? answer.code : ""
      await load()
      change({ test: { id, state: code === "" ? "done" : "refused", code } })
    },
    forget,
  }
}
