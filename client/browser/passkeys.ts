/** Whether passkeys can work here: the browser has them, and the chat has a host name that they can belong to. */
export function passkeysWork(): boolean {
  return "PublicKeyCredential" in globalThis && !/^[\d.]+$|:/.test(location.hostname)
}
