/** How news look: the same, whether they were pushed to the service worker or came to an open tab. */
import { destination } from "../browser/places.ts"
import type { Language } from "../i18n/translate.ts"
import { bodyOf, type News, titleOf } from "./notification.ts"

export interface Shower {
  showNotification(title: string, options: NotificationOptions): Promise<void>
}

export function show(shower: Shower, news: News, language: Language, more: NotificationOptions = {}): Promise<void> {
  const options = {
    body: bodyOf(news, language),
    lang: language,
    tag: news.tag,
    // As the former one of its channel had, or it would come without a sound.
    ...(news.tag !== "" && { renotify: true }),
    icon: "/icon-192.png",
    badge: "/icon-badge.png",
    data: destination(news, "push"),
    ...more,
  }
  return shower.showNotification(titleOf(news, language), options)
}
