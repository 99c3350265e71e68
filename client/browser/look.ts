/**
 * Runs before anything is painted and before anything else runs: takes an invitation out of the address, and sees to it that
 * whoever chose dark sees no white page first. A script of its own that the page waits for: nothing inline is allowed, and
 * main.tsx runs only when all of it has come.
 */
import { invitationIn } from "../core/invites.ts"
import { keepInvitation } from "./invitation.ts"
import { pathOf } from "./places.ts"
import { applyTheme, THEME_KEY, themeNamed } from "./theme.ts"

const invitation = invitationIn(location)
if (invitation !== null) {
  // First of all: so no history keeps it, and no request and no link to here can carry it.
  history.replaceState(null, "", pathOf(invitation.room))
  keepInvitation(invitation)
}
try {
  applyTheme(themeNamed(localStorage.getItem(`durable-chat:${THEME_KEY}`)))
  const tools = localStorage.getItem("durable-chat:tools")
  if (tools !== null) document.documentElement.dataset["tools"] = tools
} catch {
  // A browser that keeps nothing: then the system's.
}
