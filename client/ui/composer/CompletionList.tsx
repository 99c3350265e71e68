/** The completions of the word under the caret. The focus stays in the text, which announces the list. */
import { useEffect } from "react"
import { useWords } from "../context.ts"
import { Avatar } from "../kit/Avatar.tsx"
import { Role } from "../people/Role.tsx"
import type { Completing, Item } from "./useCompleting.ts"

interface CompletionListProps {
  readonly completion: Pick<Completing, "chosen" | "take"> & { readonly items: readonly Omit<Item, "text">[] }
}

export function CompletionList({ completion }: CompletionListProps) {
  const t = useWords()
  const { items, chosen } = completion
  useEffect(() => {
    // A promise in newer browsers, which React would take for what undoes the effect.
    void document.getElementById(`completion-${chosen}`)?.scrollIntoView({ block: "nearest" })
  }, [chosen])
  return (
    <div className="completion" id="completion" role="listbox" aria-label={t("completion")}>
      {items.map((item, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are pressed in the text
        <div
          key={item.key}
          id={`completion-${index}`}
          className={index === chosen ? "completion__item completion__item--chosen" : "completion__item"}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          // The text must not lose the focus; a finger may come to scroll.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => completion.take(index)}
        >
          {item.emoji === undefined ? (
            <Avatar name={item.face ?? item.label} small />
          ) : (
            <span className="completion__emoji">{item.emoji}</span>
          )}
          <span>{item.label}</span>
          {item.isBot === true && (
            <Role name={item.face === undefined ? t("role.bot") : `${item.face}, ${t("role.bot")}`} />
          )}
        </div>
      ))}
    </div>
  )
}
