/** What is done about notifications beside everything else: its file is downloaded meanwhile, and nobody waits for it. */
type Device = typeof import("./device.ts")

export function onDevice(work: (device: Device) => Promise<unknown>): void {
  void import("./device.ts").then(work).catch(() => undefined)
}
