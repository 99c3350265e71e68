/** Before anything is known. It appears only when that takes long enough to be noticed (loading.css). */
import { useWords } from "./context.ts"
import { Mark } from "./kit/Mark.tsx"

export function Loading() {
  const t = useWords()
  return (
    <main className="loading" aria-busy="true">
      <Mark />
      <p className="loading__words" role="status">
        {t("loading")}
      </p>
    </main>
  )
}
