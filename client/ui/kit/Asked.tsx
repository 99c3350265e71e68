/** What a press opens over the page, once it has come. Where that takes long, or fails, it is said above the page. */
import { type LazyProps, Waiting } from "./Lazy.tsx"
import { usePart } from "./part.ts"

export function Asked<P extends object>({ part, props }: LazyProps<P>) {
  const { Ready, ...waiting } = usePart(part)
  if (Ready !== null) return <Ready {...props} />
  return (
    <div className="passing">
      <Waiting {...waiting} />
    </div>
  )
}
