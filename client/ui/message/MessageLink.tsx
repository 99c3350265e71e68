/** A link that somebody wrote: to a message of this room it goes there (screen/usePresses.ts), to anything else it opens a tab. */
import type { ReactNode } from "react"
import { ownPlace } from "../../browser/places.ts"

export function MessageLink({ href, children }: { href: string; children: ReactNode }) {
  const elsewhere = ownPlace(href) === null ? { target: "_blank", rel: "noopener noreferrer nofollow" } : {}
  return (
    <a href={href} {...elsewhere}>
      {children}
    </a>
  )
}
