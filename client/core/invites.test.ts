import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { fromBase64url } from "./encoding.ts"
import { invitationIn, inviteKeys, inviteLink, SECRET_BYTES, secretFrom } from "./invites.ts"

interface Vector {
  readonly secret: string
  readonly proof: string
  readonly digest: string
}
// as: this file's own test data.
const vectors = JSON.parse(
  readFileSync(new URL("../../tests/vectors/invite_proof.json", import.meta.url), "utf8"),
) as readonly Vector[]

const SECRET = "AAECAwQFBgcICQoLDA0ODw"
const at = (address: string) => invitationIn(new URL(address, "https://chat.example"))

for (const { secret, proof, digest } of vectors) {
  test(`the secret ${secret} has the proof and the digest that others compute`, async () => {
    assert.equal(secretFrom(fromBase64url(secret)), secret)
    assert.deepEqual(await inviteKeys(secret, crypto.subtle), { proof, digest })
  })
}

test("what was made is read again, in every room", () => {
  for (const room of ["main", "a", "room-7", "a".repeat(63)]) {
    const secret = secretFrom(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))
    assert.equal(secret.length, 22)
    assert.deepEqual(at(inviteLink("https://chat.example", room, secret)), { room, secret })
  }
})

for (const address of [
  `/join#team.${SECRET}`,
  `/join/#team.${SECRET}`,
  `/join%23team.${SECRET}`,
  `/join/%23team.${SECRET}`,
  `/join%2523team.${SECRET}`,
  `/join%252523team.${SECRET}`,
  `/join#team.${SECRET}&utm_source=mail`,
  `/join#team.${SECRET}?fbclid=1`,
  `/join?fbclid=1#team.${SECRET}`,
  `/join%23team.${SECRET}&sa=D&source=editors`,
  `/join%23team.${SECRET}%26sa=D`,
  `/join%2523team.${SECRET}%2526sa=D`,
  `/join%23team.${SECRET}%3Fsa=D`,
  `/join%23team.${SECRET}?sa=D`,
  `/join%23team.${SECRET}#:~:text=team`,
]) {
  test(`${address} is read whatever mail filters and redirectors made of it`, () => {
    assert.deepEqual(at(address), { room: "team", secret: SECRET })
  })
}

for (const [address, room] of [
  ["/join", "main"],
  ["/join/", "main"],
  ["/join#", "main"],
  ["/join#team", "team"],
  ["/join%23team", "team"],
  ["/join#team.", "team"],
  [`/join#team.${SECRET.slice(1)}`, "team"],
  [`/join#team.${SECRET}A`, "team"],
  [`/join#team.${SECRET}.`, "team"],
  [`/join#team.${SECRET.slice(0, -1)}x`, "team"],
  [`/join#team.${SECRET.slice(0, -1)}=`, "team"],
  [`/join#team ${SECRET}`, "team"],
  [`/join#Team.${SECRET}`, "main"],
  [`/join#-team.${SECRET}`, "main"],
  [`/join#${"a".repeat(64)}.${SECRET}`, "main"],
  [`/join#.${SECRET}`, "main"],
  [`/join#${SECRET}`, "main"],
  [`/join#general#team.${SECRET}`, "general"],
  [`/join?team.${SECRET}`, "main"],
  [`/joining#team.${SECRET}`, "main"],
] as const) {
  test(`${address} is a damaged link to ${room}`, () => {
    assert.deepEqual(at(address), { room, secret: null })
  })
}

for (const address of ["/", "/r/team", `/#team.${SECRET}`, `/r/join#team.${SECRET}`, `/Join#team.${SECRET}`]) {
  test(`${address} is no invitation`, () => {
    assert.equal(at(address), null)
  })
}
