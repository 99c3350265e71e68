/**
 * Passkeys (docs/protocol.md, "Passkeys"): what the browser is asked for, and what the server gets of its answer.
 *
 * Every failure is a code, as everywhere: the server's own, or what the browser's dialog came to.
 */
import { type Answer, type Api, parseNothing } from "./api.ts"
import { fromBase64url, toBase64url } from "./encoding.ts"
import { list, number, object, orNull, type Shaped, text } from "./shape.ts"

/** COSE's numbers of ES256, EdDSA and RS256: what the server can verify. */
const ALGORITHMS = [-7, -8, -257]
/** How long people may take; a challenge is good for five minutes, and the answer still has to arrive. */
export const ASKING_MS = 4 * 60_000

const listed = object({
  passkeys: list(object({ id: text, name: text, created_at: number, used_at: orNull(number) })),
})
export type Passkey = Shaped<typeof listed>["passkeys"][number]

const challenge = object({ challenge: text, rp_id: text })
type PasskeyChallenge = Shaped<typeof challenge>

/** What a login carries of a passkey. */
export interface PasskeyProof {
  readonly id: string
  readonly challenge: string
  readonly client_data: string
  readonly authenticator_data: string
  readonly signature: string
}

/** Whose passkey is to be made, and what devices show of it. */
export interface Owner {
  /** The member's id. */
  readonly id: string
  readonly name: string
  /** What the chat is called. */
  readonly title: string
}

/** What can come of a browser's dialog besides a passkey. */
export type Trouble = "cancelled" | "known" | "unsupported" | "address" | "failed"

/** A value, or the code of what went wrong. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string }

type Credentials = Pick<CredentialsContainer, "create" | "get">

export function listPasskeys(api: Api): Promise<Answer<readonly Passkey[]>> {
  return api.call("GET", "/passkeys", (value) => listed(value, "passkeys").passkeys)
}

export function removePasskey(api: Api, id: string): Promise<Answer<null>> {
  return api.call("DELETE", `/passkeys/${encodeURIComponent(id)}`, parseNothing)
}

/** Asks the browser to make a passkey, and the server to keep its public half. Call it in a click. */
export async function addPasskey(
  api: Api,
  credentials: Credentials,
  owner: Owner,
  name: string,
  known: readonly Passkey[],
): Promise<Outcome<null>> {
  const asked = await ask(api)
  if (!asked.ok) return asked
  const made = await attempt(() => credentials.create({ publicKey: creationOptions(asked.value, owner, known) }))
  if (!made.ok) return made
  const response = made.value.response as AuthenticatorAttestationResponse // as: this is what `create` answers with
  const key = response.getPublicKey()
  if (key === null) return { ok: false, code: "unsupported" }
  const body = {
    challenge: asked.value.challenge,
    client_data: encoded(response.clientDataJSON),
    authenticator_data: encoded(response.getAuthenticatorData()),
    public_key: encoded(key),
    algorithm: response.getPublicKeyAlgorithm(),
    id: encoded(made.value.rawId),
    name,
  }
  return outcomeOf(await api.call("POST", "/passkeys", () => null, body))
}

/**
 * Asks the browser to use a passkey of this site.
 *
 * @param mediation "conditional": only offers it where names are typed, and waits for as long as it takes.
 */
export async function provePasskey(
  api: Api,
  credentials: Credentials,
  signal: AbortSignal,
  mediation: CredentialMediationRequirement = "required",
): Promise<Outcome<PasskeyProof>> {
  const asked = await ask(api)
  if (!asked.ok) return asked
  const used = await attempt(() => credentials.get({ mediation, signal, publicKey: requestOptions(asked.value) }))
  if (!used.ok) return used
  const response = used.value.response as AuthenticatorAssertionResponse // as: this is what `get` answers with
  const value = {
    id: encoded(used.value.rawId),
    challenge: asked.value.challenge,
    client_data: encoded(response.clientDataJSON),
    authenticator_data: encoded(response.authenticatorData),
    signature: encoded(response.signature),
  }
  return { ok: true, value }
}

function creationOptions(
  { challenge, rp_id }: PasskeyChallenge,
  { id, name, title }: Owner,
  known: readonly Passkey[],
): PublicKeyCredentialCreationOptions {
  return {
    challenge: fromBase64url(challenge),
    rp: { id: rp_id, name: title },
    user: { id: new TextEncoder().encode(id), name, displayName: name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: known.map((each) => ({ type: "public-key", id: fromBase64url(each.id) })),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    attestation: "none",
    timeout: ASKING_MS,
  }
}

function requestOptions({ challenge, rp_id }: PasskeyChallenge): PublicKeyCredentialRequestOptions {
  return { challenge: fromBase64url(challenge), rpId: rp_id, userVerification: "required", timeout: ASKING_MS }
}

async function ask(api: Api): Promise<Outcome<PasskeyChallenge>> {
  return outcomeOf(await api.call("POST", "/passkeys/challenge", (value) => challenge(value, "challenge")))
}

function outcomeOf<T>(answer: Answer<T>): Outcome<T> {
  return answer.ok ? answer : { ok: false, code: answer.problem.code }
}

async function attempt(dialog: () => Promise<Credential | null>): Promise<Outcome<PublicKeyCredential>> {
  try {
    const credential = await dialog()
    // as: we ask for nothing else.
    if (credential !== null) return { ok: true, value: credential as PublicKeyCredential }
    return { ok: false, code: "cancelled" }
  } catch (error) {
    return { ok: false, code: troubleOf(error) }
  }
}

/** What a browser's refusal means (WebAuthn, sections 5.1.3 and 5.1.4). */
function troubleOf(error: unknown): Trouble {
  switch (error instanceof Error && error.name) {
    case "NotAllowedError":
    case "AbortError":
      return "cancelled"
    case "InvalidStateError":
      return "known"
    case "NotSupportedError":
    case "ConstraintError":
      return "unsupported"
    case "SecurityError":
      return "address"
    default:
      return "failed"
  }
}

function encoded(bytes: ArrayBuffer): string {
  return toBase64url(new Uint8Array(bytes))
}
