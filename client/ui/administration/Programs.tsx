/** Hooks and bots, as the dialog for them shows them. */
import { Lazy } from "../kit/Lazy.tsx"
import { programsPanel } from "../programs/parts.ts"

export function Programs() {
  return <Lazy part={programsPanel} props={{}} />
}
