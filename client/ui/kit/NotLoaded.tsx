/** Something that was asked for has not come: this says so, and asks again when told to. */
import { useWords } from "../context.ts"
import { Button } from "./Button.tsx"

export function NotLoaded({ text, onRetry }: { readonly text: string; readonly onRetry: () => void }) {
  const t = useWords()
  return (
    <p role="alert">
      {text}{" "}
      <Button small kind="quiet" onClick={onRetry}>
        {t("retry")}
      </Button>
    </p>
  )
}
