/**
 * What is entered where, so that a tool posts to a hook: docs/bots.md, "Recipes". Each is a text to copy; the words beside it
 * are in the catalogues (`recipes.where.…`).
 */

/** Tools by their own names; those without one are called something in each language (`recipes.name.…`). */
export const RECIPES = [
  { id: "curl", name: "curl" },
  { id: "grafana", name: "Grafana" },
  { id: "alertmanager", name: "Alertmanager" },
  { id: "uptimeKuma", name: "Uptime Kuma" },
  { id: "github", name: "GitHub" },
  { id: "gitea", name: "Gitea, Forgejo" },
  { id: "gitlab", name: "GitLab" },
  { id: "apprise", name: "Apprise" },
  { id: "shoutrrr", name: "Shoutrrr, Watchtower" },
  { id: "slack", name: null },
  { id: "discord", name: null },
] as const
export type RecipeId = (typeof RECIPES)[number]["id"]

/** What stands in a recipe where the secret of a hook would. */
export const NO_TOKEN = "TOKEN"

/** @param address a hook's, as `hookAddress` makes it. */
export function recipeText(id: RecipeId, address: string): string {
  const isSecure = address.startsWith("https:")
  const rest = address.slice(address.indexOf("//"))
  switch (id) {
    case "curl":
      return `curl -d "The backup is done" ${address}`
    case "alertmanager":
      return `receivers:\n  - name: chat\n    webhook_configs:\n      - url: ${address}`
    case "apprise":
      return `${isSecure ? "jsons" : "json"}:${rest}`
    case "shoutrrr":
      return `generic:${rest}${isSecure ? "" : "?disabletls=yes"}`
    default:
      return address
  }
}
