/** Finds messages that were ever said. What was looked for last is there again when the dialog opens once more. */
import { useEffect, useRef, useState } from "react"
import type { Chat } from "../../core/chat.ts"
import { createSearch, type Search } from "../../core/search/search.ts"
import { useChat, useWords } from "../context.ts"
import { Dialog } from "../kit/Dialog.tsx"
import { Outcome } from "./Outcome.tsx"
import { SearchField } from "./SearchField.tsx"

interface SearchDialogProps {
  readonly given: { readonly text?: string; readonly author?: string }
  readonly onClose: () => void
}

const searches = new WeakMap<Chat, Search>()

function searchOf(chat: Chat): Search {
  const search = searches.get(chat) ?? createSearch(chat)
  searches.set(chat, search)
  return search
}

export function SearchDialog({ given, onClose }: SearchDialogProps) {
  const t = useWords()
  const chat = useChat()
  const search = searchOf(chat)
  const place = useRef<HTMLDivElement>(null)
  useState(() => {
    const { text, author } = given
    if (text === undefined && author === undefined) search.renew()
    else search.begin(text ?? "", author === undefined ? [] : [{ name: "author", value: author }])
  })
  useEffect(() => search.leave, [search])
  const toHits = () => place.current?.querySelector<HTMLElement>("[data-hit]")?.focus()
  return (
    <Dialog title={t("search")} onClose={onClose} wide>
      <div className="search" ref={place}>
        <SearchField search={search} onDown={toHits} />
        <Outcome
          search={search}
          onOpen={({ message: { channel, seq } }) => {
            onClose()
            chat.open(channel, seq)
          }}
        />
      </div>
    </Dialog>
  )
}
