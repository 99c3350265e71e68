/** Sends a part of a file. `fetch` does not say how far it is, so XMLHttpRequest does it. */
import type { Put, Stored } from "../core/files/ports.ts"
import { problemCode } from "../core/problem.ts"

/** A request that does not move for so long has lost its network. */
const STILL_MS = 45_000

export const putPart: Put = (url, ticket, sealed, onProgress, signal) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest()
    const giveUp = () => request.abort()
    let timer = setTimeout(giveUp, STILL_MS)
    const move = () => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, STILL_MS)
    }
    request.open("PUT", url)
    request.setRequestHeader("Content-Type", "application/octet-stream")
    request.setRequestHeader("Upload-Ticket", ticket)
    request.upload.onprogress = ({ loaded }) => {
      move()
      onProgress(loaded)
    }
    request.onloadend = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", giveUp)
      resolve(answerOf(request))
    }
    signal.addEventListener("abort", giveUp)
    request.send(sealed)
  })

function answerOf(request: XMLHttpRequest): Stored {
  const seconds = Number(request.getResponseHeader("Retry-After"))
  return { status: request.status, code: problemCode(request.responseText), retry_after: seconds > 0 ? seconds : null }
}
