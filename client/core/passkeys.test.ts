import assert from "node:assert/strict"
import { test } from "node:test"
import { createApi } from "./api.ts"
import { addPasskey, listPasskeys, type Passkey, provePasskey, removePasskey } from "./passkeys.ts"
import { fieldsOf } from "./shape.ts"

const CHALLENGE = { challenge: "AQID_-8", rp_id: "chat.example", expires_at: 1 }
const OWNER = { id: "anna1", name: "Anna", title: "Harbour" }
const KNOWN: readonly Passkey[] = [{ id: "AAEC", name: "Laptop", created_at: 1, used_at: null }]
const bytes = (...numbers: number[]) => Uint8Array.from(numbers).buffer
const refusal = (code: string, status: number) =>
  new Response(JSON.stringify({ title: "", status, code }), { status, headers: { "Content-Type": "application/json" } })

/** A server that answers one request after the other, and what it was asked. */
function server(...answers: Response[]) {
  const asked: { method: string; path: string; body: Record<string, unknown> | null }[] = []
  const api = createApi("main", "https://chat.example", async (url, init) => {
    const body = typeof init?.body === "string" ? fieldsOf(JSON.parse(init.body), "body") : null
    asked.push({
      method: init?.method ?? "",
      path: String(url).replace("https://chat.example/api/rooms/main", ""),
      body,
    })
    return answers.shift() ?? Promise.reject(new Error("no network"))
  })
  return { api, asked }
}

const MADE = {
  rawId: bytes(250, 251),
  response: {
    clientDataJSON: bytes(1),
    getAuthenticatorData: () => bytes(2),
    getPublicKey: (): ArrayBuffer | null => bytes(3),
    getPublicKeyAlgorithm: () => -7,
  },
}
const USED = {
  rawId: bytes(250, 251),
  response: { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(255, 254) },
}

/** A browser whose dialog ends with `answer`, and what it was asked. */
function browser(answer: object | null | Error) {
  const asked: (CredentialCreationOptions & CredentialRequestOptions)[] = []
  const dialog = async (options: object | undefined): Promise<Credential | null> => {
    asked.push(options ?? {})
    if (answer instanceof Error) throw answer
    return answer as Credential | null // as: it has what is used of one
  }
  return { asked, create: dialog, get: dialog }
}

const named = (name: string) => Object.assign(new Error(), { name })
const signal = new AbortController().signal

test("the list is what the server has", async () => {
  const { api, asked } = server(Response.json({ passkeys: [...KNOWN, { ...KNOWN[0], used_at: 5, more: 1 }] }))
  assert.deepEqual(await listPasskeys(api), { ok: true, value: [...KNOWN, { ...KNOWN[0], used_at: 5 }] })
  assert.deepEqual(asked, [{ method: "GET", path: "/passkeys", body: null }])
})

test("one is removed by its id", async () => {
  const { api, asked } = server(new Response(null, { status: 204 }))
  assert.deepEqual(await removePasskey(api, "AA-_"), { ok: true, value: null })
  assert.deepEqual(asked, [{ method: "DELETE", path: "/passkeys/AA-_", body: null }])
})

test("a passkey is asked for that finds its member by itself, and never twice on one device", async () => {
  const { api } = server(Response.json(CHALLENGE), Response.json({}, { status: 201 }))
  const { asked, ...credentials } = browser(MADE)
  await addPasskey(api, credentials, OWNER, "Phone", KNOWN)
  const options = asked[0]?.publicKey
  assert.deepEqual(options, {
    challenge: Uint8Array.of(1, 2, 3, 255, 239),
    rp: { id: "chat.example", name: "Harbour" },
    user: { id: new TextEncoder().encode("anna1"), name: "Anna", displayName: "Anna" },
    pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: [{ type: "public-key", id: Uint8Array.of(0, 1, 2) }],
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    attestation: "none",
    timeout: 240_000,
  })
})

test("what the browser made goes to the server as base64url", async () => {
  const { api, asked } = server(Response.json(CHALLENGE), Response.json({}, { status: 201 }))
  assert.deepEqual(await addPasskey(api, browser(MADE), OWNER, "Phone", []), { ok: true, value: null })
  assert.deepEqual(asked, [
    { method: "POST", path: "/passkeys/challenge", body: null },
    {
      method: "POST",
      path: "/passkeys",
      body: {
        challenge: "AQID_-8",
        client_data: "AQ",
        authenticator_data: "Ag",
        public_key: "Aw",
        algorithm: -7,
        id: "-vs",
        name: "Phone",
      },
    },
  ])
})

test("a key that the browser cannot hand out is none, and nothing is sent", async () => {
  const { api, asked } = server(Response.json(CHALLENGE))
  const made = { ...MADE, response: { ...MADE.response, getPublicKey: () => null } }
  assert.deepEqual(await addPasskey(api, browser(made), OWNER, "Phone", []), { ok: false, code: "unsupported" })
  assert.equal(asked.length, 1)
})

test("a passkey that was used becomes the field of a login", async () => {
  const { api } = server(Response.json(CHALLENGE))
  const { asked, ...credentials } = browser(USED)
  assert.deepEqual(await provePasskey(api, credentials, signal, "conditional"), {
    ok: true,
    value: { id: "-vs", challenge: "AQID_-8", client_data: "AQ", authenticator_data: "Ag", signature: "__4" },
  })
  assert.deepEqual(asked, [
    {
      mediation: "conditional",
      signal,
      publicKey: {
        challenge: Uint8Array.of(1, 2, 3, 255, 239),
        rpId: "chat.example",
        userVerification: "required",
        timeout: 240_000,
      },
    },
  ])
})

for (const [name, code] of [
  ["NotAllowedError", "cancelled"],
  ["AbortError", "cancelled"],
  ["InvalidStateError", "known"],
  ["NotSupportedError", "unsupported"],
  ["ConstraintError", "unsupported"],
  ["SecurityError", "address"],
  ["UnknownError", "failed"],
] as const) {
  test(`a browser's ${name} is called ${code}`, async () => {
    const credentials = browser(named(name))
    assert.deepEqual(await addPasskey(server(Response.json(CHALLENGE)).api, credentials, OWNER, "Phone", []), {
      ok: false,
      code,
    })
    assert.deepEqual(await provePasskey(server(Response.json(CHALLENGE)).api, credentials, signal), { ok: false, code })
  })
}

test("a browser that gives nothing was told to stop", async () => {
  const { api } = server(Response.json(CHALLENGE))
  assert.deepEqual(await provePasskey(api, browser(null), signal), { ok: false, code: "cancelled" })
})

test("a server that gives no challenge is said, and the browser is not asked", async () => {
  for (const [answers, code] of [
    [() => [], "unreachable"],
    [() => [refusal("too_many_attempts", 429)], "too_many_attempts"],
    [() => [Response.json({ challenge: 5 })], "unreachable"],
  ] as const) {
    const credentials = browser(USED)
    const refused = { ok: false, code }
    assert.deepEqual(await provePasskey(server(...answers()).api, credentials, signal), refused)
    assert.deepEqual(await addPasskey(server(...answers()).api, credentials, OWNER, "Phone", []), refused)
    assert.deepEqual(credentials.asked, [])
  }
})

test("a server that does not take the new passkey is said", async () => {
  const { api } = server(Response.json(CHALLENGE), refusal("limit_reached", 429))
  assert.deepEqual(await addPasskey(api, browser(MADE), OWNER, "Phone", []), { ok: false, code: "limit_reached" })
})
