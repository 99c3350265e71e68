/**
 * Names, emoji and commands are completed as soon as what can do it has come: while nothing else is to be done, or when the first sign
 * is typed that may begin one. Nobody has to wait for it to write.
 */
import { type FormEvent, type KeyboardEvent, type RefObject, useRef, useState } from "react"
import { useChatState } from "../context.ts"
import { useQuietPart, whenIdle } from "../kit/part.ts"
import { completer } from "../parts.ts"
import type { CompleterProps } from "./Completer.tsx"
import type { Completing } from "./useCompleting.ts"

const MAY_BEGIN = /[@＠:/]/

export function useCompletion(area: RefObject<HTMLTextAreaElement | null>) {
  const live = useChatState(({ connection }) => connection.status === "live")
  const { Ready, load } = useQuietPart(completer, live, whenIdle)
  const handle = useRef<Completing>(null)
  const [chosen, setChosen] = useState<number | null>(null)
  const look = () => handle.current?.look()
  const close = () => handle.current?.close()
  const open = chosen !== null
  return {
    open,
    Completer: Ready,
    completer: { area, handle, onShown: setChosen } satisfies CompleterProps,
    /** Whether smileys stay as they are: their picture was undone. */
    isPlain: () => handle.current?.plain ?? false,
    close,
    /** Call it for every input. */
    onInput: (event: FormEvent<HTMLTextAreaElement>) => {
      if (handle.current !== null) handle.current.onInput(event)
      else if (MAY_BEGIN.test(event.currentTarget.value)) load()
    },
    /** True if the key was for the list. */
    onKey: (event: KeyboardEvent<HTMLElement>) => handle.current?.onKey(event) ?? false,
    /** What the text area needs besides its input and its keys. */
    areaProps: {
      "aria-autocomplete": "list",
      "aria-controls": open ? "completion" : undefined,
      "aria-activedescendant": open && chosen >= 0 ? `completion-${chosen}` : undefined,
      onKeyUp: ({ key }: { readonly key: string }) => key !== "Escape" && look(),
      onClick: look,
      onBlur: close,
    } as const,
  }
}
