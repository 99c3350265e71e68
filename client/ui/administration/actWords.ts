/** What an admin did, in words. */
import type { Act, Change } from "../../core/administration.ts"
import type { Translator } from "../../i18n/translate.ts"

export function wordsOf(t: Translator, { kind, member, channel, role, ban, on, to, label }: Act): string {
  const name = member?.name ?? ""
  const where = channel?.name ?? ""
  switch (kind) {
    case "admin":
      return t("admin.act.admin")
    case "password":
      return t(role === "admin" ? "admin.act.adminPassword" : "admin.act.roomPassword")
    case "member.remove":
      return t(ban ? "admin.act.ban" : "admin.act.remove", { name })
    case "member.role":
      return t(role === "admin" ? "admin.act.made" : "admin.act.unmade", { name })
    case "ban.lift":
      return t("admin.act.lift", { name })
    case "login":
      return t(on ? "admin.act.letIn" : "admin.act.refused", { name })
    case "room.update":
      return t("admin.act.room")
    case "channel.create":
      return t("admin.act.channel", { name: where })
    case "channel.delete":
      return t("admin.act.channelDeleted", { name: where })
    case "channel.update":
      return t("admin.act.channelChanged", { name: where })
    case "channel.convert":
      return t(to === "private" ? "admin.act.toPrivate" : "admin.act.toOpen", { name: where })
    case "message.delete":
      return t("admin.act.message", { name, channel: where })
    case "poll.close":
      return t("admin.act.poll", { name, channel: where })
    case "import":
      return t("admin.act.import", { name: where })
    case "restore":
      return t("admin.act.restore")
    case "invite.create":
      return t("admin.act.invite", { name: label || t("admin.act.unnamed") })
    case "invite.revoke":
      return t("admin.act.inviteEnded", { name: label || t("admin.act.unnamed") })
    case "hook.create":
    case "bot.create":
      return t("admin.act.program", { name })
    case "hook.rotate":
    case "bot.rotate":
      return t("admin.act.renewed", { name })
    case "hook.revoke":
    case "bot.revoke":
      return t("admin.act.programEnded", { name })
    case "bot.webhook":
      return t(on ? "admin.act.webhook" : "admin.act.noWebhook", { name })
    case "":
      return t("admin.act.unreadable")
  }
  return t("admin.act.other", { kind })
}

const FIELDS = {
  name: "admin.field.name",
  topic: "admin.field.topic",
  archived: "admin.field.archived",
  retention_days: "admin.field.retention",
  colour: "admin.field.colour",
  picture: "admin.field.picture",
} as const

export function changeWords(t: Translator, { field, before, after }: Change): string {
  const known = Object.entries(FIELDS).find(([name]) => name === field)?.[1]
  const words = (value: unknown) => valueWords(t, value)
  return t("admin.change", { field: known ? t(known) : field, before: words(before), after: words(after) })
}

function valueWords(t: Translator, value: unknown): string {
  if (value === null || value === "") return t("admin.none")
  if (typeof value === "boolean") return t(value ? "admin.yes" : "admin.no")
  return typeof value === "number" ? t.number(value) : String(value)
}
