/** A link that somebody wrote: to a message of this room it goes there, to anything else it opens a tab. */
import type { MouseEvent, ReactNode } from "react"
import { placeFromHash } from "../../browser/places.ts"
import { useChat } from "../context.ts"

export function MessageLink({ href, children }: { href: string; children: ReactNode }) {
  const chat = useChat()
  const own = `${location.origin}${location.pathname}#`
  const place = href.startsWith(own) ? placeFromHash(href.slice(own.length - 1)) : null
  if (place === null) {
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    )
  }
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    // With a key held down it is a new tab that is wanted.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    chat.visit(place.channel, place.target)
  }
  return (
    <a href={href} onClick={follow}>
      {children}
    </a>
  )
}
