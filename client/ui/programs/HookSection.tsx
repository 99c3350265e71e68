/** Addresses that other programs post to: make one, see which there are, renew and revoke them. */
import { useEffect, useState } from "react"
import { createHooks } from "../../core/hooks.ts"
import type { Hook } from "../../core/programs.ts"
import { useApp, useChat, useWatched } from "../context.ts"
import { ConfirmDialog } from "../dialogs/ConfirmDialog.tsx"
import { NotLoaded } from "../kit/NotLoaded.tsx"
import { HookAddressBox } from "./HookAddressBox.tsx"
import { HookForm } from "./HookForm.tsx"
import { HookItem } from "./HookItem.tsx"
import { NewProgram } from "./NewProgram.tsx"
import { Recipes } from "./Recipes.tsx"
import { useProgramCount } from "./useProgramCount.ts"

/** What an admin has pressed and not yet confirmed. */
interface Asked {
  readonly what: "rotate" | "revoke"
  readonly hook: Hook
}

export function HookSection() {
  const { t, ports } = useApp()
  const chat = useChat()
  const [hooks] = useState(() => createHooks(chat, ports))
  const state = useWatched(hooks.store, (value) => value)
  const count = useProgramCount()
  const [isMaking, setMaking] = useState(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another admin has made one, or ended one
  useEffect(() => void hooks.load(), [hooks, count])
  const { hooks: all, isMissing, shown } = state
  // A dialog on top keeps the focus, which belongs into the new address.
  const isShown = shown !== null && asked === null
  return (
    <section className="form" aria-label={t("hooks")}>
      <h3 className="settings__heading">{t("hooks")}</h3>
      <p>{t("hooks.text")}</p>
      {isShown && <HookAddressBox key={shown.address} hooks={hooks} shown={shown} />}
      {!isShown && isMaking && <HookForm hooks={hooks} onClose={() => setMaking(false)} />}
      {!isShown && !isMaking && <NewProgram words={t("hooks.new")} isUsual onPress={() => setMaking(true)} />}
      {isMissing && <NotLoaded text={t("devices.failed")} onRetry={() => void hooks.load()} />}
      {all === null && !isMissing && <p role="status">{t("loading")}</p>}
      {all?.length === 0 && !isMaking && <p className="field__hint">{t("hooks.none")}</p>}
      {all !== null && all.length > 0 && (
        <ul className="devices">
          {all.map((hook) => (
            <HookItem
              key={hook.id}
              hook={hook}
              onRotate={() => setAsked({ what: "rotate", hook })}
              onRevoke={() => setAsked({ what: "revoke", hook })}
            />
          ))}
        </ul>
      )}
      {all !== null && all.length > 0 && !isShown && !isMaking && <Recipes address={null} />}
      {asked !== null && (
        <ConfirmDialog
          title={t(`hooks.${asked.what}Title`, { name: asked.hook.name })}
          action={t(`hooks.${asked.what}`)}
          place="hooks"
          onConfirm={() => hooks[asked.what](asked.hook)}
          onClose={() => setAsked(null)}
        >
          <p>{t(`hooks.${asked.what}Text`)}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
