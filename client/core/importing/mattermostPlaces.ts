/** The channels of a Mattermost export, and those of which only posts say that they exist. */

import type { Shaped } from "../shape.ts"
import type { channel, directChannel, directPost, post, team } from "./mattermostShapes.ts"
import { placeName, topicOf } from "./naming.ts"
import type { Place } from "./source.ts"

export function createPlaces() {
  const teams = new Map<string, string>()
  const places = new Map<string, Place & { readonly team: string }>()
  const indexes = new Map<string, number>()

  /** A list after the posts, or a second one, changes what is known of a place, never its index. */
  function put(place: Place & { readonly team: string }): number {
    const known = indexes.get(place.key)
    places.set(place.key, place)
    if (known !== undefined) return known
    indexes.set(place.key, places.size - 1)
    return places.size - 1
  }

  const keyOf = (teamName: string, name: string) => `${teamName}/${name}`
  const directKey = (members: readonly string[]) => `direct/${[...new Set(members)].sort().join(",")}`
  const direct = (members: readonly string[], topic: string) => ({
    key: directKey(members),
    name: "",
    topic: topicOf(topic),
    kind: "direct" as const,
    people: [...new Set(members)],
    archived: false,
    team: "",
  })

  return {
    addTeam: (one: Shaped<typeof team> | null): void => {
      if (one !== null) teams.set(one.name, one.display_name || one.name)
    },
    addChannel: (one: Shaped<typeof channel> | null): void => {
      if (one === null) return
      put({
        key: keyOf(one.team, one.name),
        name: one.display_name || one.name,
        topic: topicOf(one.header || one.purpose),
        kind: one.type === "P" ? "private" : "open",
        people: [],
        archived: one.deleted_at > 0,
        team: one.team,
      })
    },
    addDirect: (one: Shaped<typeof directChannel> | null): void => {
      if (one === null) return
      const members = one.members.length > 0 ? one.members : one.participants.map(({ username }) => username)
      if (members.length > 0) put(direct(members, one.header))
    },
    ofPost: ({ team: teamName, channel: name }: Shaped<typeof post>): number => {
      const key = keyOf(teamName, name)
      return (
        indexes.get(key) ?? put({ key, name, topic: "", kind: "open", people: [], archived: false, team: teamName })
      )
    },
    ofDirect: ({ channel_members: members }: Shaped<typeof directPost>): number =>
      indexes.get(directKey(members)) ?? put(direct(members, "")),
    indexOf: (key: string): number => indexes.get(key) ?? -1,
    title: (): string => topicOf([...teams.values()].join(", ")),
    /** With their team, where there are several. */
    all: (): readonly Place[] =>
      [...places.values()].map(({ team: teamName, ...place }) => {
        const before = teams.size > 1 && teamName !== "" ? `${teams.get(teamName) ?? teamName}: ` : ""
        return place.kind === "direct" ? place : { ...place, name: placeName(before + place.name, place.key) }
      }),
  }
}

export type Places = ReturnType<typeof createPlaces>
