/** The tools themselves: one stop of the Tab key, the arrow keys go along them. */
import type { IconNode } from "lucide"
import {
  Bold,
  ChartBarBig,
  Code,
  Eye,
  Italic,
  Link,
  List,
  ListOrdered,
  SquareCode,
  Strikethrough,
  TextQuote,
} from "lucide"
import { type RefObject, useEffect, useId, useState } from "react"
import { edited, type Fence, fenceAt, inLanguage, TOOLS, type Tool } from "../../core/markup.ts"
import { useWords } from "../context.ts"
import { useDialogs } from "../dialogs/useDialogs.tsx"
import { Icon } from "../kit/Icon.tsx"
import { keyNames } from "../kit/keyNames.ts"
import { roving } from "../kit/useRoving.ts"
import { pollIn } from "../polls/parts.ts"
import { chosenIn, KEYS, put, use } from "./useTools.ts"

const ICONS: Readonly<Record<Tool, IconNode>> = {
  bold: Bold,
  italic: Italic,
  strike: Strikethrough,
  link: Link,
  list: List,
  numbers: ListOrdered,
  quote: TextQuote,
  code: Code,
  block: SquareCode,
}
const LANGUAGES = ["bash", "css", "diff", "go", "html", "java", "json", "python", "rust", "sql", "toml", "ts", "yaml"]
/** Long enough after a key that it delays none of them. */
const PAUSE_MS = 120

interface ToolRowProps {
  readonly area: RefObject<HTMLTextAreaElement | null>
  /** The channel in which a poll may be asked instead. */
  readonly pollsIn: string | null
  readonly preview: boolean
  readonly onPreview: () => void
}

export function ToolRow({ area, pollsIn, preview, onPreview }: ToolRowProps) {
  const t = useWords()
  const dialogs = useDialogs()
  const { on, fence } = useAround(area)
  const press = (tool: Tool) => area.current && use(tool, area.current)
  return (
    <div className="tools__row" role="toolbar" aria-label={t("tools")} onKeyDown={roving}>
      {TOOLS.map((tool, index) => {
        const name = t(`tools.${tool}`)
        return (
          <ToolButton
            key={tool}
            icon={ICONS[tool]}
            name={name}
            hint={`${name} (${keyNames(KEYS[tool])})`}
            keys={KEYS[tool].replace("Ctrl", "Control").replaceAll(" ", "+")}
            isFirst={index === 0}
            isOn={on.includes(tool)}
            onPress={() => press(tool)}
          />
        )
      })}
      {fence !== null && <Language key={fence.languageAt} area={area} fence={fence} />}
      {pollsIn !== null && (
        <ToolButton
          icon={ChartBarBig}
          name={t("tools.poll")}
          onPress={() => dialogs.show({ kind: "part", part: pollIn(pollsIn), title: t("tools.poll") })}
        />
      )}
      <ToolButton icon={Eye} name={t("tools.preview")} isOn={preview} atTheEnd onPress={onPreview} />
    </div>
  )
}

interface ToolButtonProps {
  readonly icon: IconNode
  readonly name: string
  /** What the pointer is told, where that is more than the name. */
  readonly hint?: string
  readonly keys?: string
  readonly isFirst?: boolean
  /** Of what can be switched on and off. */
  readonly isOn?: boolean
  readonly atTheEnd?: boolean
  readonly onPress: () => void
}

function ToolButton({ icon, name, hint = name, keys, isFirst = false, isOn, atTheEnd, onPress }: ToolButtonProps) {
  return (
    <button
      className={atTheEnd ? "icon-button tools__tool tools__eye" : "icon-button tools__tool"}
      type="button"
      data-roving=""
      tabIndex={isFirst ? 0 : -1}
      title={hint}
      aria-label={name}
      aria-keyshortcuts={keys}
      aria-pressed={isOn}
      onClick={onPress}
    >
      <Icon of={icon} />
    </button>
  )
}

/** The language of the block of code in which one writes. */
function Language({ area, fence }: { readonly area: ToolRowProps["area"]; readonly fence: Fence }) {
  const t = useWords()
  const languages = useId()
  const set = (language: string) => {
    const field = area.current
    const now = field && fenceAt(chosenIn(field))
    if (field !== null && now !== null && now.language !== language)
      put(field, inLanguage(chosenIn(field), now, language))
  }
  return (
    <>
      <input
        key={fence.language}
        className="tools__language"
        list={languages}
        defaultValue={fence.language}
        placeholder={t("tools.language")}
        aria-label={t("tools.language")}
        autoCapitalize="off"
        maxLength={24}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return event.stopPropagation()
          // It would send the message; to leave the field takes over what is in it.
          event.preventDefault()
          area.current?.focus()
        }}
        onBlur={({ currentTarget }) => set(currentTarget.value)}
      />
      <datalist id={languages}>
        {LANGUAGES.map((language) => (
          <option key={language} value={language} />
        ))}
      </datalist>
    </>
  )
}

interface Around {
  readonly on: readonly Tool[]
  readonly fence: Fence | null
}

/** Which tools have been put to use where the caret stands: looked at when the keys rest. */
function useAround(area: ToolRowProps["area"]): Around {
  const [around, setAround] = useState<Around>({ on: [], fence: null })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      if (area.current === null) return
      const chosen = chosenIn(area.current)
      const on = TOOLS.filter((tool) => edited(tool, chosen).off)
      const fence = fenceAt(chosen)
      setAround((former) =>
        former.on.join() === on.join() &&
        former.fence?.language === fence?.language &&
        former.fence?.languageAt === fence?.languageAt
          ? former
          : { on, fence },
      )
    }
    const soon = () => {
      if (document.activeElement !== area.current) return
      clearTimeout(timer)
      timer = setTimeout(look, PAUSE_MS)
    }
    look()
    document.addEventListener("selectionchange", soon)
    return () => {
      clearTimeout(timer)
      document.removeEventListener("selectionchange", soon)
    }
  }, [area])
  return around
}
