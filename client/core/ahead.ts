/**
 * Work that is done before it is asked for, one run at a time: a run that begins while another is on would end that one.
 *
 * Each result is given once, and not when it is older than `kept_ms`.
 */
export function ahead<T>(run: () => Promise<T>, kept_ms: number, now: () => number): (fresh: boolean) => Promise<T> {
  const begin = () => {
    const result = run()
    // Nobody may ever ask for it.
    result.catch(() => undefined)
    return { result, since: now() }
  }
  let next = begin()
  let turn: Promise<unknown> = Promise.resolve()

  const take = async (fresh: boolean) => {
    const failed = await next.result.then(
      () => false,
      () => true,
    )
    if (failed || fresh || now() - next.since > kept_ms) next = begin()
    const { result } = next
    try {
      return await result
    } finally {
      next = begin()
    }
  }
  return (fresh) => {
    const taken = turn.then(() => take(fresh))
    turn = taken.catch(() => undefined)
    return taken
  }
}
