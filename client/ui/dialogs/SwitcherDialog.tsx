/** Goes to a channel by a few letters of its name. */
import { Hash } from "lucide"
import { type KeyboardEvent, useState } from "react"
import { inOrder } from "../chat/ChannelList.tsx"
import { useChat, useChatState, useWords } from "../context.ts"
import { Dialog } from "../kit/Dialog.tsx"
import { Icon } from "../kit/Icon.tsx"

export function SwitcherDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  const chat = useChat()
  const channels = useChatState(({ room }) => room.channels)
  const [query, setQuery] = useState("")
  const [chosen, setChosen] = useState(0)
  const wanted = query.trim().toLowerCase().replace(/^#/, "")
  const found = inOrder(Object.values(channels), t.language).filter(({ name }) => name.toLowerCase().includes(wanted))
  const current = Math.min(chosen, found.length - 1)
  const go = (index: number) => {
    const channel = found[index]
    if (channel === undefined) return
    onClose()
    chat.open(channel.id)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "ArrowDown") setChosen((current + 1) % found.length)
    else if (event.key === "ArrowUp") setChosen((current + found.length - 1) % found.length)
    else if (event.key === "Enter") go(current)
    else return
    event.preventDefault()
  }
  return (
    <Dialog title={t("switcher.title")} onClose={onClose}>
      <input
        className="switcher__query"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="switcher"
        aria-activedescendant={`switcher-${current}`}
        aria-label={t("switcher.query")}
        placeholder={t("switcher.query")}
        data-focus=""
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      {found.length === 0 && <p className="switcher__nothing">{t("switcher.nothing")}</p>}
      <div className="switcher__list" id="switcher" role="listbox" aria-label={t("channels")}>
        {found.map(({ id, name, topic, unread }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are pressed in the query above
          <div
            key={id}
            id={`switcher-${index}`}
            className={index === current ? "switcher__item switcher__item--chosen" : "switcher__item"}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => go(index)}
          >
            <Icon of={Hash} />
            <span className="switcher__name">{name}</span>
            <span className="switcher__topic">{topic}</span>
            {unread > 0 && <span className="badge">{t.number(unread)}</span>}
          </div>
        ))}
      </div>
    </Dialog>
  )
}
