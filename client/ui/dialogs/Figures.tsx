/** What the room's statistics look like. */
import type { Stats } from "../../core/stats.ts"
import { useChat, useWords } from "../context.ts"

const HALF_A_DAY_MS = 43_200_000
const MEGABYTE = 1_000_000

export function Figures({ stats }: { stats: Stats }) {
  const t = useWords()
  const now = useChat().clock.now()
  const { messages, push, files } = stats
  const most = Math.max(1, ...messages.map(({ count }) => count))
  const of = (part: number, all: number) => `${t.number(part)} / ${t.number(all)}`
  const megabytes = (part: number, all: number) => of(Math.ceil(part / MEGABYTE), Math.floor(all / MEGABYTE))
  const figures = [
    [t("stats.sockets"), t.number(stats.sockets)],
    [t("stats.online"), of(stats.online, stats.members)],
    [t("stats.storage"), megabytes(stats.storage_bytes, stats.storage_limit_bytes)],
    [t("stats.files"), files === null ? "—" : megabytes(files.bytes, files.room_file_bytes)],
    [t("stats.cleanUp"), stats.clean_up_at === null ? "—" : t.moment(stats.clean_up_at)],
    [t("stats.push"), push === null ? t("stats.noPush") : failures(push)],
  ]
  function failures({ failures, since, last_status }: NonNullable<Stats["push"]>): string {
    if (since === null) return t.number(failures)
    return t("stats.failures", { count: failures, since: t.moment(since), status: String(last_status ?? "—") })
  }
  return (
    <>
      <dl className="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <table className="figures">
        <caption>{t("stats.messages")}</caption>
        <tbody>
          {messages.map(({ at, count }) => (
            <tr key={at}>
              {/* Its noon: the same date wherever one looks from. */}
              <th scope="row">{t.day(at + HALF_A_DAY_MS, now)}</th>
              <td>{t.number(count)}</td>
              <td>
                <progress aria-hidden="true" max={most} value={count} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
