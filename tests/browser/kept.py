"""What the page has put into the storage of its browser."""

from tests.browser.visitor import Visitor, until

_KEPT = """async () => {
  const stored = (request) => new Promise((done) => { request.onsuccess = () => done(request.result) })
  const contents = []
  for (const {name} of await indexedDB.databases()) {
    const database = await stored(indexedDB.open(name))
    for (const each of database.objectStoreNames) {
      contents.push(await stored(database.transaction(each).objectStore(each).getAll()))
    }
    database.close()
  }
  return JSON.stringify(contents)
}"""


def kept(visitor: Visitor) -> str:
    """All that is kept for the next visit, as JSON."""
    return str(visitor.page.evaluate(_KEPT))


def until_kept(visitor: Visitor, text: str) -> None:
    """Until this is kept: it is written a little later than shown."""
    until(visitor.page, lambda: text in kept(visitor))
