/** Which messages a member has saved, by place. */

export interface SavedPlace {
  readonly channel: string
  readonly seq: number
}

export const placeOf = ({ channel, seq }: SavedPlace) => `${channel} ${seq}`

/** After a message was saved, or is no longer; what was never asked for stays unknown. */
export function savedAfter(
  saved: ReadonlySet<string> | null,
  place: SavedPlace & { readonly on: boolean },
): ReadonlySet<string> | null {
  if (saved === null) return null
  const next = new Set(saved)
  if (place.on) next.add(placeOf(place))
  else next.delete(placeOf(place))
  return next
}
