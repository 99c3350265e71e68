/** Whether a component is still on the page, for those whose answer may come when it is not. */
import { type RefObject, useEffect, useRef } from "react"

export function useThere(): RefObject<boolean> {
  const there = useRef(true)
  useEffect(() => {
    there.current = true
    return () => {
      there.current = false
    }
  }, [])
  return there
}
