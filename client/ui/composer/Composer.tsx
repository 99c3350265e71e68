/** Where messages are written. Enter sends, Shift+Enter begins a new line; what is not sent waits as a draft. */
import { SendHorizontal } from "lucide"
import type { Channel } from "../../core/protocol.ts"
import type { ReplyTarget } from "../../core/speaking.ts"
import { isEmpty } from "../../core/visible.ts"
import { useWords } from "../context.ts"
import { AttachButton } from "../files/AttachButton.tsx"
import { tray } from "../files/parts.ts"
import { IconButton } from "../kit/IconButton.tsx"
import { Quiet } from "../kit/Quiet.tsx"
import { charactersLeft, replyBar, sendLater, toolsPlace } from "../quiet.ts"
import { channelName } from "../sidebar/ChannelSign.tsx"
import { ComposerHint } from "./ComposerHint.tsx"
import { EmojiButton } from "./EmojiButton.tsx"
import { onGlass } from "./isSendKey.ts"
import { FEW } from "./useCharactersLeft.ts"
import { useComposer } from "./useComposer.ts"

export interface ComposerProps {
  readonly channel: Channel
  readonly replyTo: ReplyTarget | null
  readonly onReply: (message: ReplyTarget | null) => void
  readonly onEditing: (message: string) => void
}

export function Composer(props: ComposerProps) {
  const { channel, replyTo, onReply } = props
  const t = useWords()
  const composer = useComposer(props)
  const { completion, left } = composer
  const { Completer } = completion
  return (
    <form
      className="composer"
      aria-label={t("composer.label", { name: channelName(t, channel) })}
      onSubmit={(event) => {
        event.preventDefault()
        composer.send()
      }}
    >
      {replyTo !== null && (
        <Quiet part={replyBar} props={{ message: composer.quoted, onCancel: () => onReply(null) }} />
      )}
      {Completer !== null && <Completer {...completion.completer} />}
      <ComposerHint
        area={composer.area}
        text={completion.open || left < 0 ? "" : composer.text}
        wasCut={composer.paste.wasCut}
      />
      <div className="composer__box">
        <textarea
          ref={composer.area}
          className="composer__text"
          value={composer.text}
          rows={1}
          placeholder={t("composer.placeholder", { name: channelName(t, channel) })}
          aria-label={t("composer.label", { name: channelName(t, channel) })}
          {...completion.areaProps}
          enterkeyhint={onGlass.matches ? "enter" : "send"}
          onInput={composer.onInput}
          maxLength={composer.paste.most}
          onPaste={composer.paste.onPaste}
          onKeyDown={composer.onKeyDown}
        />
        {composer.attached !== "" && <Quiet part={tray} props={{ channel: channel.id }} />}
        {left < FEW && <Quiet part={charactersLeft} props={{ left }} />}
        <Quiet part={toolsPlace} props={{ area: composer.area, channel: channel.id }} />
        <AttachButton channel={channel.id} />
        <EmojiButton onPick={composer.insert} />
        <IconButton
          className="composer__send"
          icon={SendHorizontal}
          kind="primary"
          type="submit"
          name={t("composer.send")}
          disabled={(isEmpty(composer.text) && composer.attached === "") || left < 0}
          onClick={() => composer.area.current?.focus()}
        />
        <Quiet part={sendLater} props={{}} />
      </div>
    </form>
  )
}
