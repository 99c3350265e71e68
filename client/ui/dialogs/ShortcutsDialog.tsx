/** Every shortcut there is. */
import { useWords } from "../context.ts"
import { Dialog } from "../kit/Dialog.tsx"
import { keyNames } from "../kit/keyNames.ts"
import { Quiet } from "../kit/Quiet.tsx"
import { toolKeys } from "../writing/parts.ts"

const SHORTCUTS = [
  ["Ctrl K", "shortcut.switcher"],
  ["/", "search"],
  ["Alt ↑ / Alt ↓", "shortcut.step"],
  ["Alt Shift ↑ / Alt Shift ↓", "shortcut.unread"],
  ["Alt Shift M", "activity"],
  ["Alt Shift J", "shortcut.jump"],
  ["Alt Shift R", "rooms"],
  ["Enter", "shortcut.send"],
  ["Alt Shift L", "scheduled.later"],
  ["Shift Enter", "shortcut.line"],
  ["↑", "shortcut.edit"],
  ["@ / :", "shortcut.complete"],
  ["Esc", "shortcut.escape"],
  ["↑ ↓ Home End", "shortcut.rows"],
  ["?", "shortcut.help"],
] as const

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const t = useWords()
  return (
    <Dialog title={t("shortcuts")} onClose={onClose}>
      <dl className="shortcuts">
        {SHORTCUTS.map(([keys, meaning]) => (
          <div key={meaning} className="shortcuts__row">
            <dt>
              <kbd>{keyNames(keys)}</kbd>
            </dt>
            <dd>{t(meaning)}</dd>
          </div>
        ))}
        <Quiet part={toolKeys} props={{}} />
      </dl>
    </Dialog>
  )
}
