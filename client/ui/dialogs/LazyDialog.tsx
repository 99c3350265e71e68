/** A part that is a dialog: until it is here, a dialog with its title says what is the matter. */
import { Dialog } from "../kit/Dialog.tsx"
import { type LazyProps, Waiting } from "../kit/Lazy.tsx"
import { usePart } from "../kit/part.ts"

interface LazyDialogProps<P> extends LazyProps<P> {
  readonly title: string
}

export function LazyDialog<P extends { onClose: () => void }>({ part: wanted, props, title }: LazyDialogProps<P>) {
  const { Ready, ...waiting } = usePart(wanted)
  if (Ready !== null) return <Ready {...props} />
  return (
    <Dialog title={title} wide={wanted.wide === true} onClose={props.onClose}>
      <Waiting {...waiting} />
    </Dialog>
  )
}
