/** What the forms of a new hook and of a new bot share: its name, where it may be, and the way to the room and back. */
import { useState } from "react"
import { GENERAL } from "../../core/contract.ts"
import { channelsForPrograms } from "../../core/hooks.ts"
import { useChatState, useWords } from "../context.ts"
import { useThere } from "../kit/useThere.ts"

export function useNewProgram(onClose: () => void) {
  const t = useWords()
  const there = useThere()
  const opened = useChatState((state) => state.opened?.channel ?? GENERAL)
  const all = useChatState(({ room }) => room.channels)
  const longest = useChatState(({ room }) => room.limits.name_characters)
  const [name, setName] = useState("")
  const [refusal, setRefusal] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  /** `create` gives the refusal's code, or null when it was made: then the form is done. */
  const make = async (create: () => Promise<string | null>) => {
    setBusy(true)
    setRefusal(null)
    const code = await create()
    if (code === null) return onClose()
    if (!there.current) return
    setBusy(false)
    setRefusal(code)
  }
  const channels = channelsForPrograms(all, t.language)
  return { opened, channels, longest, name, setName, refusal, setRefusal, busy, make }
}
