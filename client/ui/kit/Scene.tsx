/**
 * A drawing of the harbour (public/scenes.svg). It says nothing that the words beside it do not say; its paints are the
 * page's own (`--scene-…`), so that each drawing has both hours.
 */
export function Scene({ of }: { of: "harbour" | "buoy" | "net" | "lighthouse" | "mooring" }) {
  return (
    <svg className={`scene scene--${of}`} aria-hidden="true">
      <use href={`/scenes.svg#${of}`} />
    </svg>
  )
}
