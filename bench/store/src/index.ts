/**
 * A store for parts of files as it is usually written: each is a row of an object, under its path. No login, no ticket, no
 * check of lengths.
 */
import { DurableObject } from "cloudflare:workers"

interface Env extends Cloudflare.Env {
  STORE: DurableObjectNamespace<Store>
}

export class Store extends DurableObject<Env> {
  private readonly sql = this.ctx.storage.sql

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.sql.exec("CREATE TABLE IF NOT EXISTS parts (path TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID")
  }

  override async fetch(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname
    if (request.method === "PUT") {
      this.sql.exec("INSERT OR REPLACE INTO parts (path, bytes) VALUES (?, ?)", path, await request.arrayBuffer())
      return new Response(null, { status: 204 })
    }
    const [found] = this.sql.exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM parts WHERE path = ?", path)
    return found === undefined ? new Response("not found", { status: 404 }) : new Response(found.bytes)
  }
}

export default {
  fetch: (request, env) => env.STORE.getByName("files").fetch(request),
} satisfies ExportedHandler<Env>
