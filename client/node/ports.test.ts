import assert from "node:assert/strict"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { test } from "node:test"
import { createApi } from "../core/api.ts"
import { nodePorts } from "./ports.ts"

test("a cookie is kept, sent with requests and with the socket, and forgotten when it is over", async (t) => {
  const seen: unknown[] = []
  const server = createServer((request, response) => {
    seen.push([
      request.method,
      request.headers.cookie ?? "",
      request.headers["user-agent"],
      request.headers.origin ?? "",
    ])
    const over = request.method === "DELETE" ? "; Max-Age=0" : ""
    response.setHeader("Set-Cookie", [`__Host-session-main=a=b; Path=/; HttpOnly${over}`])
    response.writeHead(204).end()
  })
  server.on("upgrade", (request, socket) => {
    seen.push(["socket", request.headers.cookie, request.headers["user-agent"], request.headers.origin ?? ""])
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  t.after(() => server.close())
  // as: what listens on a port has one.
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const ports = nodePorts({ origin }, "tool/1")
  const api = createApi("main", origin, ports.fetch)
  await api.leave()
  await api.call("POST", "/session", () => null, {})
  await new Promise((resolve) => {
    new ports.WebSocket(origin.replace("http", "ws"), ["chat.v1"]).addEventListener("error", resolve)
  })
  await api.leave()
  await api.leave()
  const mine = "__Host-session-main=a=b"
  assert.deepEqual(seen, [
    ["DELETE", "", "tool/1", ""],
    ["POST", "", "tool/1", ""],
    ["socket", mine, "tool/1", ""],
    ["DELETE", mine, "tool/1", ""],
    ["DELETE", "", "tool/1", ""],
  ])
})
