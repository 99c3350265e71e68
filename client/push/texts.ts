/** The words of the service worker, in both languages: it has no page to ask, and needs few. */
import type { Language } from "../i18n/translate.ts"

const en = {
  message: "{sender} in #{channel}",
  mention: "{sender} to you in #{channel}",
  more: "and {count} more",
  one: "New message",
  several: "New messages: {count}",
  test: "This is how it tells you of new messages.",
}

const ru: typeof en = {
  message: "{sender} в #{channel}",
  mention: "{sender} вам в #{channel}",
  more: "и ещё {count}",
  one: "Новое сообщение",
  several: "Новых сообщений: {count}",
  test: "Так чат скажет вам о новых сообщениях.",
}

export const TEXTS: Readonly<Record<Language, typeof en>> = { en, ru }
