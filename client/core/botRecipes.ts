/** Beginnings of a bot, to copy: docs/bots.md has whole ones. */
import { NO_TOKEN } from "./recipes.ts"

export const BOT_RECIPES = ["post", "read", "socket", "receiver"] as const
export type BotRecipeId = (typeof BOT_RECIPES)[number]

export interface BotPlace {
  /** `https://chat.example`, without a slash at the end. */
  readonly origin: string
  readonly room: string
  /** One of the bot's. */
  readonly channel: string
}

/** What stands in a recipe where the secret would by which the receiver knows the chat. */
export const NO_SECRET = "whsec_SECRET"

/**
 * @param token "": it is not shown any more, and a word stands in its place.
 * @param secret likewise.
 */
export function botRecipeText(id: BotRecipeId, place: BotPlace, token: string, secret: string): string {
  const room = `${place.origin}/api/rooms/${place.room}`
  const own = token || NO_TOKEN
  switch (id) {
    case "post":
      return `curl -H "Authorization: Bearer ${own}" \\
  -H "Content-Type: application/json" -d '{"body":"It works"}' \\
  ${room}/channels/${place.channel}/messages`
    case "read":
      return `curl -H "Authorization: Bearer ${own}" \\
  "${room}/channels/${place.channel}/messages?limit=10"`
    case "socket":
      return `import asyncio, json
from websockets.asyncio.client import connect

ADDRESS = "${room.replace(/^http/, "ws")}/socket"
HEADERS = {"Authorization": "Bearer ${own}"}

async def stay(chat):
    while True:
        await asyncio.sleep(25)
        await chat.send("ping")

async def main():
    async with connect(ADDRESS, additional_headers=HEADERS) as chat:
        await chat.send(json.dumps({"type": "hello", "last_seq": None}))
        staying = asyncio.create_task(stay(chat))
        async for frame in chat:
            print(frame)

asyncio.run(main())`
    case "receiver":
      return `import base64, hmac, json, time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode("${secret || NO_SECRET}".removeprefix("whsec_"))

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        own = "v1," + base64.b64encode(hmac.digest(KEY, signed, "sha256")).decode()
        is_old = abs(time.time() - int(self.headers["webhook-timestamp"])) > 300
        if is_old or not any(hmac.compare_digest(own, each) for each in self.headers["webhook-signature"].split()):
            return self.send_error(401)
        said = json.loads(body)
        answer = json.dumps({"text": f"Hello, {said['member']['name']}"} if "member" in said else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

HTTPServer(("127.0.0.1", 8000), Receiver).serve_forever()`
  }
}
