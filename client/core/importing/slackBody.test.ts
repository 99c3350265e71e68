import assert from "node:assert/strict"
import { test } from "node:test"
import { bodyOf } from "./slackBody.ts"

const NAMES: Readonly<Record<string, string>> = { U1: "Anna", U2: "Boris B" }
const read = (text: string) =>
  bodyOf(text, { person: (id) => NAMES[id] ?? id, channel: (id) => (id === "C1" ? "general" : undefined) })

test("Slack's marks become ours", () => {
  for (const [text, body] of [
    ["*a* _b_ ~c~ `d&lt;e`", "**a** _b_ ~~c~~ `d<e`"],
    ["_*both*_ and *_both_*", "_**both**_ and **_both_**"],
    ["2 * 3 * 4, a*b*c, ~/src ~ and *.ts", "2 * 3 * 4, a*b*c, ~/src ~ and *.ts"],
    ['(*a*), "*b*"!', '(**a**), "**b**"!'],
    ["```x = 1 &lt; 2```", "```\nx = 1 < 2\n```"],
    ["Look: ```a\nb``` there", "Look: \n```\na\nb\n```\n there"],
    ["```*a* <https://a.example|a.example> &amp;amp;```", "```\n*a* a.example &amp;\n```"],
    ["`*a*` and `<b>`", "`*a*` and `b`"],
    ["&gt; a\n&gt; *b*", "> a\n> **b**"],
    ["a\n&gt;&gt;&gt; b\nc", "a\n> b\n> c"],
    ["• one\n    ◦ two\n&gt; • three", "- one\n    - two\n> - three"],
    ["1. one\n2. two", "1. one\n2. two"],
    ["&amp;lt; &amp;amp;", "&lt; &amp;"],
    [":+1: :wave::skin-tone-3: :partyparrot: 10:30:45 `:+1:`", "👍 👋🏼 :partyparrot: 10:30:45 `:+1:`"],
    [":constructor: :__proto__:", ":constructor: :__proto__:"],
    ["a\r\nb", "a\nb"],
    ["\uE0000\uE001 stays", "0 stays"],
  ] as const) {
    assert.equal(read(text).body, body, text)
  }
})

test("addresses stand alone where they are links by themselves, and else with their text", () => {
  for (const [text, body] of [
    ["<https://a.example/b>", "https://a.example/b"],
    ["<https://a.example/|https://a.example>", "https://a.example"],
    ["<https://a.example/?a=1&amp;b=2>", "https://a.example/?a=1&b=2"],
    ["<https://a.example/b|the page>", "[the page](https://a.example/b)"],
    ["*<https://a.example|page>*", "**[page](https://a.example)**"],
    ["<mailto:a@b.example|a@b.example>", "a@b.example"],
    ["<mailto:a@b.example|write>", "[write](mailto:a@b.example)"],
    ["<https://a.example/b|a ] [b>", "a ] [b (https://a.example/b)"],
    [
      "<https://a.example/b|`x`> <https://a.example/c|the `y`>",
      "[`x`](https://a.example/b) [the `y`](https://a.example/c)",
    ],
    ["`a ```b``` c`", "`a \n```\nb\n```\n c`"],
    ["<https://a.example/b_(c)|d>", "[d](https://a.example/b_(c))"],
    ["<https://a.example/b)c|d>", "d (https://a.example/b)c)"],
    ["<https://a.example/b c|d>", "d (https://a.example/b c)"],
    ["<javascript:alert(1)|press>", "press"],
    ["<slack://open>", "<slack://open>"],
  ] as const) {
    assert.equal(read(text).body, body, text)
  }
})

test("people are mentioned by their names, each once, and channels and groups become text", () => {
  assert.deepEqual(read("<@U1> and <@U2|boris>, <@U1>: <@U9>"), {
    body: "@Anna and @Boris B, @Anna: @U9",
    mentions: ["U1", "U2", "U9"],
  })
  assert.deepEqual(read("<#C1> <#C2|other> <#C3> <!here> <!channel|channel> <!subteam^S1|@devs>"), {
    body: "#general #other #C3 @here channel @devs",
    mentions: [],
  })
  assert.equal(read("<!date^1392734382^{date}|Feb 18>").body, "Feb 18")
  assert.deepEqual(read("`<@U1>`").mentions, [])
})

test("a long text takes time in proportion to its length", () => {
  for (const sign of ["*", "~", "`", "<", "&lt;", ":a", "```", "*a ", "<@", ">", "• ", "_*~"]) {
    const from = performance.now()
    read(sign.repeat(100_000))
    assert.ok(performance.now() - from < 2_000, `${sign} ${performance.now() - from}`)
  }
})
