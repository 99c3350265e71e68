/** One icon of Lucide, drawn in the colour of the text beside it. Never the only name of a control. */
import type { IconNode } from "lucide"
import { createElement } from "react"

export function Icon({ of }: { of: IconNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {of.map(([tag, attributes], index) => createElement(tag, { ...attributes, key: index }))}
    </svg>
  )
}
