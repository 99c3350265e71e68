/** What the passwords are, how the operator changes them, and what follows: nobody can do it from here. */
import { useWords } from "../context.ts"

export function Passwords() {
  const t = useWords()
  return (
    <>
      <p>{t("admin.passwordsHow")}</p>
      <section>
        <h3 className="settings__heading">{t("admin.roomPassword")}</h3>
        <p>{t("admin.roomPasswordEnds")}</p>
      </section>
      <section>
        <h3 className="settings__heading">{t("admin.adminPassword")}</h3>
        <p>{t("admin.adminPasswordEnds")}</p>
      </section>
      <p className="field__hint">{t("admin.passwordsSecured")}</p>
    </>
  )
}
