/** Which screen is shown. */
import { type ComponentType, useCallback, useEffect, useMemo, useState } from "react"
import type { Entrance } from "../core/entrance.ts"
import type { Ports } from "../core/ports.ts"
import { keepLanguage, loadTranslator } from "../i18n/load.ts"
import type { Language, Translator } from "../i18n/translate.ts"
import { keepTheme, preferredTheme, type Theme } from "../theme.ts"
import { Blocked } from "./Blocked.tsx"
import { AppContext, type AppShared, useStore } from "./context.ts"
import { Loading } from "./Loading.tsx"
import { Login } from "./login/Login.tsx"
import { UpdatePrompt } from "./UpdatePrompt.tsx"

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
      keepLanguage(ports.shelf, language)
      void loadTranslator(language).then((loaded) => setTranslator(() => loaded))
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
      <UpdatePrompt />
    </AppContext.Provider>
  )
}

function Stage({ entrance }: { entrance: Entrance }) {
  const state = useStore(entrance.store, (value) => value)
  switch (state.stage) {
    case "loading":
      return <Loading />
    case "blocked":
      return <Blocked code={state.code} title={state.title} />
    case "login":
      return <Login state={state} />
    case "inside":
      return <Inside key={state.session.member.id} title={state.title} session={state.session} keys={state.keys} />
  }
}

type ChatScreen = typeof import("./chat/ChatScreen.tsx").ChatScreen
type InsideProps = Parameters<ChatScreen>[0]

/** The chat itself is downloaded when it is needed. */
function Inside(props: InsideProps) {
  const [Screen, setScreen] = useState<ComponentType<InsideProps> | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let current = true
    import("./chat/ChatScreen.tsx")
      .then(({ ChatScreen }) => current && setScreen(() => ChatScreen))
      .catch(() => current && setFailed(true))
    return () => {
      current = false
    }
  }, [])
  if (failed) return <Blocked code="unreachable" title="" />
  return Screen === null ? <Loading /> : <Screen {...props} />
}
