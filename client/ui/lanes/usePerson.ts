/** What the room knows of a member whose card is open; null until that is here. Asked for again when their role changes. */
import { useEffect, useState } from "react"
import { fetchPerson, type Person } from "../../core/person.ts"
import { useChat } from "../context.ts"

export function usePerson(id: string, role: string | undefined): Person | null {
  const chat = useChat()
  const [person, setPerson] = useState<Person | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let current = true
    void fetchPerson(chat, id).then((found) => current && setPerson(found))
    return () => {
      current = false
    }
  }, [chat, id, role])
  return person
}
