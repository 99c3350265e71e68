/**
 * A browser that translates the page puts words of its own in the place of ours (`<font>`), which stay when ours change: a
 * count, a name, why a login failed. Here what has changed takes its place back, and is translated anew.
 */
export function outliveTranslation(page: Node): void {
  const standIns = new WeakMap<Node, ChildNode>()
  const observer = new MutationObserver((changes) => {
    for (const { type, target, removedNodes, addedNodes, previousSibling, nextSibling } of changes) {
      if (type === "characterData") {
        const standIn = standIns.get(target)
        standIns.delete(target)
        if (standIn?.isConnected && target instanceof Text) standIn.replaceWith(target)
        continue
      }
      const near = [...addedNodes, previousSibling, nextSibling]
      const standIn = near.find((node) => node instanceof HTMLElement && node.localName === "font")
      for (const words of removedNodes) {
        if (!(words instanceof Text && standIn instanceof HTMLElement)) continue
        standIns.set(words, standIn)
        observer.observe(words, { characterData: true })
      }
    }
  })
  observer.observe(page, { childList: true, subtree: true })
}
