/** Members who are named in a message stand out, one's own name most. */
import { type ReactNode, useMemo } from "react"
import { type Block, parseMarkdown } from "../../core/markdown.ts"
import { namesOf, withMentions } from "../../core/mentions.ts"
import { useChatList, useChatState } from "../context.ts"

/** A message as a tree, with those whom it mentions. */
export function useMarked(body: string, mentions: readonly string[]): readonly Block[] {
  const blocks = useMemo(() => parseMarkdown(body), [body])
  const named = useChatList(({ room }) => mentions.flatMap((id) => room.members[id] ?? []))
  return useMemo(() => withMentions(blocks, namesOf(named)), [blocks, named])
}

export function Mention({ member, children }: { member: string; children: ReactNode }) {
  const isMe = useChatState(({ room }) => room.me.id === member)
  return (
    <span className={isMe ? "mention mention--me" : "mention"} data-member={member}>
      {children}
    </span>
  )
}
