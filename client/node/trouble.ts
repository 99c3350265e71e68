/** What keeps a tool from doing its work, in words for whoever has started it. Its message is shown; nothing else is. */
export class Trouble extends Error {
  override readonly name = "Trouble"
}
