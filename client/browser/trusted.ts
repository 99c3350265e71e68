/**
 * The one Trusted Types policy of this page: script addresses of our own origin, and Turnstile's.
 *
 * Under `require-trusted-types-for 'script'` nothing else can become a script or a worker.
 */
export const TURNSTILE_SCRIPT = "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit"

interface Policy {
  createScriptURL(address: string): string
}
interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy
}

function allow(address: string): string {
  if (address === TURNSTILE_SCRIPT) return address
  const url = new URL(address, location.origin)
  if (url.origin !== location.origin) throw new TypeError("not a script of this site")
  return url.href
}

const rules: Policy = { createScriptURL: allow }

// as: TypeScript's DOM does not know Trusted Types; a TrustedScriptURL goes where a text goes.
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
let policy: Policy | null = null

function ownPolicy(): Policy {
  policy ??= factory?.createPolicy("durable-chat", rules) ?? rules
  return policy
}

/** The address as the browser wants it; throws for one that is not ours. */
export function trustedScript(address: string): string {
  return ownPolicy().createScriptURL(address)
}
