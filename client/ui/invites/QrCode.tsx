/** A link as a picture for cameras, and as a file to print. Dark on white by night, too: that is what cameras expect. */

import { correction, generate } from "lean-qr/nano"
import { Download } from "lucide"
import { useMemo } from "react"
import { useApp } from "../context.ts"
import { Button } from "../kit/Button.tsx"
import { Icon } from "../kit/Icon.tsx"
import { drawingOf, pictureOf, svgOf } from "./drawing.ts"

interface QrCodeProps {
  readonly link: string
  /** It is for the member alone, and soon over: nothing to print. */
  readonly isOwn: boolean
}

export function QrCode({ link, isOwn }: QrCodeProps) {
  const { t, entrance } = useApp()
  const drawing = useMemo(() => drawingOf(generate(link, { minCorrectionLevel: correction.M })), [link])
  const name = `invite-${entrance.room}`
  return (
    <figure className="qr">
      <svg
        className="qr__code"
        viewBox={`0 0 ${drawing.size} ${drawing.size}`}
        role="img"
        aria-label={t("invites.code")}
      >
        <path d={drawing.path} />
      </svg>
      <figcaption className="qr__words">
        <p>{t(isOwn ? "invites.scanOwn" : "invites.scan")}</p>
        {!isOwn && (
          <div className="copy-field__ways">
            <Button small onClick={() => save(new Blob([svgOf(drawing)], { type: "image/svg+xml" }), `${name}.svg`)}>
              <Icon of={Download} /> SVG
            </Button>
            <Button small onClick={() => void pictureOf(drawing).then((picture) => save(picture, `${name}.png`))}>
              <Icon of={Download} /> PNG
            </Button>
          </div>
        )}
      </figcaption>
    </figure>
  )
}

const KEPT_MS = 60_000

function save(file: Blob, name: string): void {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS)
}
