/** The address that a bot is told at, while somebody writes it, and what is wrong with it before it is sent. */
import { useState } from "react"
import type { Webhook } from "../../core/programs.ts"

/** As the server takes them: `webhook` in src/wire/fields.py. */
const COMMAND = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]{0,31}$/u

export type WebhookFlaw = "url" | "command"

export interface WebhookWriting {
  readonly url: string
  readonly command: string
  readonly setUrl: (url: string) => void
  readonly setCommand: (command: string) => void
  /** What it is, or what is wrong with it. */
  read(): Webhook | WebhookFlaw
}

export function useWebhook(former: Webhook | null): WebhookWriting {
  const [url, setUrl] = useState(former?.url ?? "")
  const [command, setCommand] = useState(former?.command ?? "")
  return {
    url,
    command,
    setUrl,
    setCommand,
    read: () => {
      const word = command.trim().replace(/^\//, "").toLowerCase()
      if (!/^https:\/\/[^\s/]+/i.test(url.trim()) || !URL.canParse(url.trim())) return "url"
      if (word !== "" && !COMMAND.test(word)) return "command"
      return { url: url.trim(), command: word === "" ? null : word }
    },
  }
}
