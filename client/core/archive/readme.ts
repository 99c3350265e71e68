/** README.txt of an export: what it is and what is in it, for somebody who has never seen the chat. */
import type { ChannelRecord, Manifest, MemberRecord } from "./records.ts"
import type { Say } from "./words.ts"

const COLUMN = 20

export function readmeOf(
  made: Omit<Manifest, "parts">,
  channels: readonly ChannelRecord[],
  members: readonly MemberRecord[],
  say: Say,
): string {
  const { counts } = made
  const lines = [
    say("export.readme.title", { title: made.title }),
    "",
    say("export.readme.made", {
      title: made.title,
      address: made.address,
      room: made.room,
      name: made.exported_by.name,
      when: dateOf(made.exported_at),
    }),
    say(made.scope === "open" ? "export.readme.open" : "export.readme.seen", { name: made.exported_by.name }),
    say("export.readme.counts", {
      channels: String(counts.channels),
      messages: String(counts.messages),
      files: String(counts.files),
    }),
    ...(made.files === "included" ? [] : [say("export.readme.noFiles")]),
    "",
    say("export.readme.read"),
    "",
    ...(
      [
        ["archive.html", "export.readme.page"],
        ["members.jsonl", "export.readme.members"],
        ["channels.jsonl", "export.readme.channels"],
        ["messages/", "export.readme.messages"],
        ["files/", "export.readme.files"],
        ["manifest.json", "export.readme.manifest"],
      ] as const
    ).map(([name, key]) => `  ${name.padEnd(COLUMN)}${say(key)}`),
    "",
    say("export.readme.format", { format: made.format }),
    ...gapsOf(made, channels, members, say),
    "",
  ]
  return lines.join("\n")
}

function gapsOf(
  { channels, missing_files }: Omit<Manifest, "parts">,
  records: readonly ChannelRecord[],
  members: readonly MemberRecord[],
  say: Say,
): readonly string[] {
  const names = new Map(records.map((record) => [record.id, nameOf(record, members)]))
  const gaps = channels.flatMap(({ id, kept_days, begins_late }) => {
    const channel = names.get(id) ?? id
    return [
      ...(kept_days === null ? [] : [say("export.gap.retention", { channel, days: String(kept_days) })]),
      ...(begins_late ? [say("export.gap.late", { channel })] : []),
    ]
  })
  const missing = missing_files.length === 0 ? [] : [say("export.gap.files", { count: String(missing_files.length) })]
  const all = [...gaps, ...missing].map((line) => `- ${line}`)
  return all.length === 0 ? [] : ["", say("export.readme.gaps"), "", ...all]
}

/** A conversation is called as those who are in it. */
export function nameOf({ kind, name, members }: ChannelRecord, people: readonly MemberRecord[]): string {
  if (kind !== "direct") return kind === "open" ? `#${name}` : name
  const names = new Map(people.map((member) => [member.id, member.name]))
  return members.map((id) => names.get(id) ?? "?").join(", ")
}

/** `2026-11-29 18:05 UTC` */
const dateOf = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`
