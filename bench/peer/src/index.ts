/**
 * A chat as it is usually written on partyserver: hibernation, a SQL insert with parameters, each message told as JSON to
 * everybody, and whoever connects gets the whole history, which is kept in memory. No login, no encryption, no numbering.
 */
import { type Connection, routePartykitRequest, Server } from "partyserver"

interface Message {
  id: string
  user: string
  content: string
}

interface Env extends Cloudflare.Env {
  CHAT: DurableObjectNamespace<Chat>
}

export class Chat extends Server<Env> {
  static override options = { hibernate: true }
  private messages: Message[] = []

  override onStart(): void {
    const { sql } = this.ctx.storage
    sql.exec("CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, user TEXT, content TEXT)")
    this.messages = sql.exec("SELECT id, user, content FROM messages ORDER BY rowid").toArray() as unknown as Message[]
  }

  override onConnect(connection: Connection): void {
    connection.send(JSON.stringify({ type: "all", messages: this.messages }))
  }

  override onMessage(_connection: Connection, text: string): void {
    const { id, user, content } = JSON.parse(text) as Message
    this.ctx.storage.sql.exec("INSERT INTO messages (id, user, content) VALUES (?, ?, ?)", id, user, content)
    this.messages.push({ id, user, content })
    this.broadcast(JSON.stringify({ type: "add", id, user, content }))
  }
}

export default {
  async fetch(request, env) {
    return (await routePartykitRequest(request, env)) ?? new Response("not found", { status: 404 })
  },
} satisfies ExportedHandler<Env>
