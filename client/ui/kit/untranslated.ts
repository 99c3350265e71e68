/**
 * A `ref` for names, codes and the like, which a browser's translation must leave as they are. As an attribute React and
 * Preact want it written differently.
 */
export function untranslated(element: HTMLElement | null): void {
  if (element !== null) element.translate = false
}
