/** What may never answer is not waited for without end. */
export class TooLate extends Error {}

export function inTime<T>(work: Promise<T>, limit_ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TooLate()), limit_ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
