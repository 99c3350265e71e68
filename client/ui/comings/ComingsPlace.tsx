/** Where that line is, once it has been downloaded: it takes no room, so nothing moves when it comes. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"
import { Quiet } from "../kit/Quiet.tsx"

const comings = part(
  file(async () => (await Promise.all([import("./Comings.tsx"), loadTexts("comings")]))[0]),
  ({ Comings }) => Comings,
)

export function ComingsPlace(props: { readonly at: number }) {
  return <Quiet part={comings} props={props} />
}
