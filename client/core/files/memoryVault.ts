/** The vault of files where a browser has no storage: it lasts as long as the page. */
import { type FileVault, type KeptFile, PIECES } from "./ports.ts"

export function memoryFileVault(): FileVault {
  const files = new Map<string, KeptFile>()
  const pieces = new Map<string, Blob>()
  return {
    all: async () => [...files.values()],
    keep: async (file, given = {}) => {
      for (const name of PIECES) {
        const piece = given[name]
        // A file on the disk may change; what was read of it does not.
        if (piece) pieces.set(`${file.id}/${name}`, new Blob([await piece.arrayBuffer()], { type: piece.type }))
        else if (piece === null) pieces.delete(`${file.id}/${name}`)
      }
      files.set(file.id, file)
    },
    piece: async (id, name) => pieces.get(`${id}/${name}`) ?? null,
    change: async (id, change) => {
      const found = files.get(id)
      const changed = found === undefined ? null : change(found)
      if (changed !== null) files.set(id, changed)
      return changed
    },
    drop: async (ids) => {
      for (const id of ids) {
        files.delete(id)
        for (const name of PIECES) pieces.delete(`${id}/${name}`)
      }
    },
    isLasting: () => false,
  }
}
