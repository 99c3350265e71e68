import assert from "node:assert/strict"
import { test } from "node:test"
import { BOT_RECIPES, botRecipeText } from "./botRecipes.ts"

const PLACE = { origin: "https://chat.example", room: "crew", channel: "c1" }

test("every beginning of a bot names its room and its token, and no word stands for a token that is shown", () => {
  for (const id of BOT_RECIPES) {
    const shown = botRecipeText(id, PLACE, "crew_bot1_secret", "whsec_c2VjcmV0")
    const isTold = id === "receiver"
    assert.match(shown, isTold ? /"whsec_c2VjcmV0"/ : /rooms\/crew\/.*/)
    assert.match(shown, isTold ? /hmac/ : /Bearer crew_bot1_secret/)
    assert.match(botRecipeText(id, PLACE, "", ""), isTold ? /"whsec_SECRET"/ : /Bearer TOKEN/)
  }
})

test("a program that hears everything speaks to the socket of the room", () => {
  assert.match(botRecipeText("socket", PLACE, "t", ""), /"wss:\/\/chat\.example\/api\/rooms\/crew\/socket"/)
})

test("a script posts into a channel of the bot, and reads there", () => {
  assert.match(
    botRecipeText("post", PLACE, "t", ""),
    /https:\/\/chat\.example\/api\/rooms\/crew\/channels\/c1\/messages$/,
  )
  assert.match(
    botRecipeText("read", PLACE, "t", ""),
    /"https:\/\/chat\.example\/api\/rooms\/crew\/channels\/c1\/messages\?limit=10"$/,
  )
})
