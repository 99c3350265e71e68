/** Code, with a button that copies it. */
import { Quiet } from "../kit/Quiet.tsx"
import { untranslated } from "../kit/untranslated.ts"
import { copyCode } from "../quiet.ts"

export function CodeBlock({ text, language }: { text: string; language: string }) {
  return (
    <div className="code-block">
      {language !== "" && <div className="code-block__language">{language}</div>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} ref={untranslated}>
        <code>{text}</code>
      </pre>
      <Quiet part={copyCode} props={{ text }} />
    </div>
  )
}
