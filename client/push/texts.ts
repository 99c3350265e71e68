/** The words of the service worker, in both languages: it has no page to ask, and needs few. */
import type { Language } from "../i18n/translate.ts"

/** One; and with a number before it: two to four, five to ten. */
type Counted = readonly [one: string, few: string, many: string]

const en = {
  message: "{sender} in #{channel}",
  mention: "{sender} to you in #{channel}",
  more: "and {count} more",
  one: "New message",
  several: "New messages: {count}",
  pictures: ["A picture", "pictures", "pictures"] as Counted,
  files: ["A file", "files", "files"] as Counted,
  test: "Notifications work. New messages will look like this.",
}

const ru: typeof en = {
  message: "{sender} в #{channel}",
  mention: "{sender} вам в #{channel}",
  more: "и ещё {count}",
  one: "Новое сообщение",
  several: "Новых сообщений: {count}",
  pictures: ["Картинка", "картинки", "картинок"],
  files: ["Файл", "файла", "файлов"],
  test: "Уведомления работают. Так будут выглядеть новые сообщения.",
}

export const TEXTS: Readonly<Record<Language, typeof en>> = { en, ru }
