/**
 * The ports of the core in Node: its own fetch, WebSocket and WebCrypto, and a cookie that lasts as long as the program.
 *
 * Node keeps no cookies, so both ways to the server get ours. They speak to one server only.
 */
import type { Ports } from "../core/ports.ts"
import type { Place } from "./address.ts"

export interface NodePorts extends Ports {
  readonly random: (bytes: number) => Uint8Array<ArrayBuffer>
}

/** @param agent what the tool is called: the server may log it, and shows it to nobody. */
export function nodePorts({ origin }: Pick<Place, "origin">, agent: string): NodePorts {
  const cookies = new Map<string, string>()
  const headers = () => ({ "User-Agent": agent, ...(cookies.size > 0 && { Cookie: written(cookies) }) })

  const fetchWithCookies: typeof fetch = async (input, init) => {
    const response = await fetch(input, {
      ...init,
      headers: { ...headers(), ...Object.fromEntries(new Headers(init?.headers)) },
    })
    for (const line of response.headers.getSetCookie()) keep(cookies, line)
    return response
  }

  class SocketWithCookies extends WebSocket {
    constructor(url: string | URL, protocols: string | string[] = []) {
      // as: Node's WebSocket takes headers, which browsers have no need of.
      super(url, { protocols, headers: headers() } as unknown as string[])
    }
  }

  return {
    fetch: fetchWithCookies,
    WebSocket: SocketWithCookies,
    subtle: crypto.subtle,
    uuid: () => crypto.randomUUID(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    clock: {
      now: () => Date.now(),
      after: (ms, action) => {
        const timer = setTimeout(action, ms)
        return () => clearTimeout(timer)
      },
    },
    shelf: { get: () => null, set: nothing, remove: nothing, clear: nothing, watch: () => nothing },
    tabs: { own: "node", isOpen: async () => false },
    openVault: () => {
      throw new Error("a tool keeps nothing")
    },
    origin,
    isOnline: () => true,
    isVisible: () => false,
  }
}

const nothing = () => undefined

const written = (cookies: ReadonlyMap<string, string>) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(";")
  const [name = "", ...value] = pair.split("=")
  const isOver = attributes.some((each) => /^\s*max-age=0\s*$/i.test(each))
  if (isOver) cookies.delete(name.trim())
  else cookies.set(name.trim(), value.join("=").trim())
}
