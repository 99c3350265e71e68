/** The engine behind what is shown here (core/files): one a chat, there as soon as it was asked for once. */
import { useEffect, useState } from "react"
import type { Chat } from "../../core/chat.ts"
import type { Files, Transfer } from "../../core/files/types.ts"
import { useChat, useWatched } from "../context.ts"

const engines = new WeakMap<Chat, Files>()

export async function filesOf(chat: Chat): Promise<Files> {
  const files = engines.get(chat) ?? (await chat.files())
  if (!engines.has(chat)) {
    engines.set(chat, files)
    // What is in the vault survives; the browser asks only where something is not there yet.
    addEventListener("beforeunload", (event) => files.mayLose() && event.preventDefault())
  }
  return files
}

export function useFiles(): Files | null {
  const chat = useChat()
  const [, setReady] = useState(false)
  const files = engines.get(chat) ?? null
  useEffect(() => {
    let current = true
    void filesOf(chat).then(() => current && setReady(true))
    return () => {
      current = false
    }
  }, [chat])
  return files
}

/** How far a file is on its way; undefined while it waits. */
export function useTransfer(files: Files, id: string): Transfer | undefined {
  return useWatched(files.transfers.store, (all) => all[id])
}
