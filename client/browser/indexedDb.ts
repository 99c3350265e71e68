/** Databases of the browser, as promises: opening one, and doing something in one transaction. */

/** The names of a database's two stores: of records that have an `id`, and of values by keys that are given. */
export type Stores = readonly [string, string]

/** @param onGone the connection has ended; another may be opened. */
export function openDatabase(name: string, version: number, stores: Stores, onGone: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    let refused = false
    const refuse = (reason: unknown) => {
      refused = true
      reject(reason)
    }
    const request = indexedDB.open(name, version)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(stores[0], { keyPath: "id" })
      request.result.createObjectStore(stores[1])
    }
    request.onblocked = () => refuse(new DOMException("held by a page of another version", "BlockedError"))
    request.onerror = () => refuse(request.error)
    request.onsuccess = () => {
      const database = request.result
      // Another page wants to upgrade or delete it, and would wait for this one.
      database.onversionchange = () => {
        database.close()
        onGone()
      }
      database.onclose = onGone
      if (refused) database.close()
      else resolve(database)
    }
  })
}

/** Work on two stores; its value is that of `result` once everything is stored. */
export type Work<T> = (first: IDBObjectStore, second: IDBObjectStore) => { readonly result: T }

export function perform<T>(
  database: IDBDatabase,
  [first, second]: Stores,
  mode: IDBTransactionMode,
  work: Work<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([first, second], mode)
    const done = work(transaction.objectStore(first), transaction.objectStore(second))
    transaction.oncomplete = () => resolve(done.result)
    transaction.onabort = () => reject(transaction.error)
  })
}
