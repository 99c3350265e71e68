/** A short sound: two soft notes, made by the browser. */

/** A fifth, the second above the first. */
const NOTES_HZ = [587.33, 880]
const APART_S = 0.09
const LENGTH_S = 0.5
const RISE_S = 0.01
const LOUDNESS = 0.12
const SILENCE = 0.0001

let context: AudioContext | null = null

/** Browsers let a page sound only after somebody has pressed something in it; before that it stays silent. */
export function chime(): void {
  context ??= new AudioContext()
  if (context.state === "suspended") void context.resume().catch(() => undefined)
  const { currentTime, destination } = context
  for (const [index, frequency] of NOTES_HZ.entries()) {
    const start = currentTime + index * APART_S
    const tone = new OscillatorNode(context, { frequency })
    const loudness = new GainNode(context, { gain: 0 })
    loudness.gain.setValueAtTime(SILENCE, start)
    loudness.gain.exponentialRampToValueAtTime(LOUDNESS, start + RISE_S)
    loudness.gain.exponentialRampToValueAtTime(SILENCE, start + LENGTH_S)
    tone.connect(loudness).connect(destination)
    tone.start(start)
    tone.stop(start + LENGTH_S)
  }
}
