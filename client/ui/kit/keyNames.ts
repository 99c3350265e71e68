/** What stands on the keys of this machine. */

/** Of a shortcut as it is called elsewhere ("Ctrl K") the name that it has on a Mac ("⌘ K"). */
export function keyNames(shortcut: string, platform = navigator.platform): string {
  return /^(Mac|iP)/.test(platform) ? shortcut.replace(/\bCtrl\b/g, "⌘").replace(/\bAlt\b/g, "⌥") : shortcut
}
