/** Which screen is shown. */
import { useCallback, useEffect, useMemo, useState } from "react"
import { DAMAGED, dropInvitation, pendingInvitation } from "../browser/invitation.ts"
import { keepTheme, preferredTheme, type Theme } from "../browser/theme.ts"
import type { Entrance } from "../core/entrance.ts"
import type { Ports } from "../core/ports.ts"
import { keepLanguage, loadTexts, loadTranslator } from "../i18n/load.ts"
import type { Language, Translator } from "../i18n/translate.ts"
import { Blocked } from "./Blocked.tsx"
import { AppContext, type AppShared, useWatched } from "./context.ts"
import { file, type Part, part, usePart } from "./kit/part.ts"
import { Quiet } from "./kit/Quiet.tsx"
import { Loading } from "./Loading.tsx"
import { updatePrompt } from "./quiet.ts"

interface AppProps {
  readonly entrance: Entrance
  readonly ports: Ports
  readonly translator: Translator
}

export function App({ entrance, ports, translator }: AppProps) {
  const [t, setTranslator] = useState(() => translator)
  const [theme, setThemeState] = useState(() => preferredTheme(ports.shelf))
  const setLanguage = useCallback(
    (language: Language) => {
      // Without a network it may not come: then everything stays as it is, the choice too.
      void loadTranslator(language).then(
        (loaded) => {
          keepLanguage(ports.shelf, loaded.language)
          setTranslator(() => loaded)
        },
        () => undefined,
      )
    },
    [ports],
  )
  const setTheme = useCallback(
    (next: Theme) => {
      keepTheme(ports.shelf, next)
      setThemeState(next)
    },
    [ports],
  )
  const shared = useMemo<AppShared>(
    () => ({ entrance, ports, t, theme, setLanguage, setTheme }),
    [entrance, ports, t, theme, setLanguage, setTheme],
  )
  return (
    <AppContext.Provider value={shared}>
      <Stage entrance={entrance} />
      <Updates entrance={entrance} />
    </AppContext.Provider>
  )
}

const door = part(
  file(async () => (await Promise.all([import("./login/Login.tsx"), loadTexts("door")]))[0]),
  ({ Login }) => Login,
)
const invited = part(
  file(async () => (await Promise.all([import("./join/Join.tsx"), loadTexts("join"), loadTexts("door")]))[0]),
  ({ Join }) => Join,
)
const inside = part(
  file(() => import("./screen/ChatScreen.tsx")),
  ({ ChatScreen }) => ChatScreen,
)

/** Fetches the screen that is likely to come, while the server is asked which one it is. */
export function foresee(isMember: boolean, isInvited = false): void {
  void (isMember ? inside : isInvited ? invited : door).load().catch(() => undefined)
}

function Stage({ entrance }: { entrance: Entrance }) {
  const state = useWatched(entrance.store, (value) => value)
  const { room } = entrance
  const [invitation, setInvitation] = useState(() => pendingInvitation(room))
  const isInside = state.stage === "inside"
  const dismiss = useCallback(() => {
    dropInvitation(room)
    setInvitation(null)
  }, [room])
  // Whoever is in needs no invitation, however they came in.
  useEffect(() => {
    if (isInside) dismiss()
  }, [isInside, dismiss])
  const comingIn = state.stage === "login" && state.work !== null
  useEffect(() => {
    if (comingIn) foresee(true)
  }, [comingIn])
  switch (state.stage) {
    case "loading":
      return <Loading />
    case "blocked":
      // A link that lost its room leads to one that there need not be.
      if (invitation === DAMAGED && state.code === "not_found") {
        return <Screen of={invited} props={{ state: null, invitation, onDismiss: dismiss }} />
      }
      return <Blocked code={state.code} title={state.title} />
    case "login":
      if (invitation !== null) return <Screen of={invited} props={{ state, invitation, onDismiss: dismiss }} />
      return <Screen of={door} props={{ state }} />
    case "inside": {
      const { title, session } = state
      return <Screen key={session.member.id} of={inside} props={{ title, session }} />
    }
  }
}

/** Only people who sign in keep the shell; a visitor at the door downloads the door only. */
function Updates({ entrance }: { entrance: Entrance }) {
  const isInside = useWatched(entrance.store, ({ stage }) => stage === "inside")
  return <Quiet part={updatePrompt} props={{}} due={isInside} />
}

/** The door and the chat are downloaded when they are needed. */
function Screen<P extends object>({ of, props }: { of: Part<P>; props: P }) {
  const { Ready, failures } = usePart(of)
  if (failures > 0) return <Blocked code="unreachable" title="" />
  return Ready === null ? <Loading /> : <Ready {...props} />
}
