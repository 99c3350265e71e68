/** Chooses people by a few letters of their names. The focus stays in the field; who is chosen stands above it. */
import { Check, X } from "lucide"
import { type KeyboardEvent, useEffect, useId, useState } from "react"
import { membersLike } from "../../core/misnamed.ts"
import type { Member } from "../../core/protocol.ts"
import { useWords } from "../context.ts"
import { Avatar } from "../kit/Avatar.tsx"
import { Icon } from "../kit/Icon.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { Role } from "../people/Role.tsx"

interface PeopleFieldProps {
  readonly label: string
  /** Who can be chosen; members who are not secured are shown, and why they cannot. */
  readonly people: readonly Member[]
  readonly chosen: readonly string[]
  readonly onChosen: (chosen: readonly string[]) => void
  readonly most: number
  /** Whether bots may be chosen as well; webhooks never may. */
  readonly withBots?: boolean
  readonly focused?: boolean
}

/** More are found by typing. */
const SHOWN = 50

export function PeopleField({
  label,
  people,
  chosen,
  onChosen,
  most,
  withBots = false,
  focused = false,
}: PeopleFieldProps) {
  const t = useWords()
  const id = useId()
  const [query, setQuery] = useState("")
  const [pointed, setPointed] = useState(0)
  const typed = query.trim()
  const asked = people.filter(
    ({ role, rights = [] }) => role !== "bot" || (withBots && (rights.includes("post") || rights.includes("read"))),
  )
  const mayCome = ({ role, secured }: Member) => secured || role === "bot"
  const found = (typed === "" ? asked : membersLike(typed, asked))
    .toSorted((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name, t.language))
    .slice(0, SHOWN)
  const current = Math.min(pointed, found.length - 1)
  useEffect(() => {
    void document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: "nearest" })
  }, [id, current])
  const toggle = (member: Member | undefined) => {
    if (member === undefined || !mayCome(member)) return
    const isChosen = chosen.includes(member.id)
    if (!isChosen && chosen.length >= most) return
    onChosen(isChosen ? chosen.filter((other) => other !== member.id) : [...chosen, member.id])
    if (!isChosen) setQuery("")
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const count = found.length || 1
    if (event.key === "ArrowDown") setPointed((current + 1) % count)
    else if (event.key === "ArrowUp") setPointed((current + count - 1) % count)
    else if (event.key === "Enter" && !(typed === "" && chosen.length > 0)) toggle(found[current])
    else if (event.key === "Backspace" && query === "" && chosen.length > 0) onChosen(chosen.slice(0, -1))
    else return
    event.preventDefault()
  }
  const nameOf = (member: string) => people.find((each) => each.id === member)?.name ?? ""
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      {chosen.length > 0 && (
        <ul className="people-field__chosen">
          {chosen.map((member) => (
            <li key={member}>
              <button
                className="people-field__chip"
                type="button"
                aria-label={t("lanes.unchoose", { name: nameOf(member) })}
                onClick={() => onChosen(chosen.filter((other) => other !== member))}
              >
                <span ref={untranslated}>{nameOf(member)}</span> <Icon of={X} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="field__line">
        <input
          id={id}
          className="field__input"
          type="text"
          role="combobox"
          autoComplete="off"
          aria-expanded={found.length > 0}
          aria-controls={found.length > 0 ? `${id}-list` : undefined}
          aria-activedescendant={current < 0 ? undefined : `${id}-${current}`}
          placeholder={t("lanes.query")}
          maxLength={80}
          data-focus={focused ? "" : undefined}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value)
            setPointed(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <p className="field__hint" role="status">
        {found.length === 0 ? t(asked.length === 0 ? "lanes.nobodyElse" : "lanes.nobody") : null}
        {chosen.length >= most ? t("lanes.most", { count: most }) : null}
      </p>
      {found.length > 0 && (
        <div className="people-field__list" id={`${id}-list`} role="listbox" aria-label={label} aria-multiselectable>
          {found.map((member, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are pressed in the field above
            <div
              key={member.id}
              id={`${id}-${index}`}
              className={index === current ? "switcher__item switcher__item--chosen" : "switcher__item"}
              role="option"
              tabIndex={-1}
              aria-selected={chosen.includes(member.id)}
              aria-disabled={!mayCome(member)}
              // The field must not lose the focus; a finger may come to scroll.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => toggle(member)}
            >
              <Avatar name={member.name} small online={member.online} />
              <span className="people-field__name" ref={untranslated}>
                {member.name}
              </span>
              <Role name={member.role === "bot" ? t("role.bot") : null} />
              {!mayCome(member) && <span className="people-field__why">{t("lanes.unsecured")}</span>}
              {chosen.includes(member.id) && <Icon of={Check} />}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
