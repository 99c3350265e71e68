/**
 * What is downloaded after what: each file of the build that loads later, and the one that is always there before it.
 *
 * esbuild cuts the code wherever two such files share something, which made the page wait for seventeen small files. The
 * build lets each file import the one before it, so that what comes together stays together: it packs better, and is fewer
 * requests.
 */
export const AFTER = /** @type {const} */ ({
  "ui/login/Login.tsx": "main.tsx",
  "ui/login/altcha.ts": "ui/login/Login.tsx",
  "ui/login/RecoveryForm.tsx": "ui/login/Login.tsx",
  "ui/login/LinkForm.tsx": "ui/login/Login.tsx",
  "ui/passkeys/PasskeySignIn.tsx": "ui/login/Login.tsx",
  "ui/join/Join.tsx": "ui/login/Login.tsx",
  "ui/screen/ChatScreen.tsx": "main.tsx",
  "ui/screen/Beside.tsx": "ui/screen/ChatScreen.tsx",
  "ui/screen/seldom.ts": "ui/screen/Beside.tsx",
  "ui/rooms/RoomsDialog.tsx": "ui/screen/Beside.tsx",
  "ui/comings/Comings.tsx": "ui/screen/seldom.ts",
  "ui/composer/Completer.tsx": "ui/screen/Beside.tsx",
  "ui/search/SearchDialog.tsx": "ui/composer/Completer.tsx",
  "ui/later.ts": "ui/composer/Completer.tsx",
  "ui/dialogs/settings.ts": "ui/later.ts",
  "ui/passkeys/Passkeys.tsx": "ui/dialogs/settings.ts",
  "ui/dialogs/StatsDialog.tsx": "ui/dialogs/settings.ts",
  "ui/writing/Tools.tsx": "ui/screen/Beside.tsx",
  "ui/days/Days.tsx": "ui/screen/Beside.tsx",
  "ui/polls/PollCard.tsx": "ui/screen/Beside.tsx",
  "ui/polls/PollDialog.tsx": "ui/later.ts",
  "ui/administration/administration.ts": "ui/dialogs/StatsDialog.tsx",
  "ui/administration/roles.ts": "ui/dialogs/settings.ts",
  "ui/recovery/own.ts": "ui/screen/Beside.tsx",
  "ui/lanes/lanes.ts": "ui/dialogs/settings.ts",
  "ui/profile/profile.ts": "ui/dialogs/settings.ts",
  "ui/invites/invites.ts": "ui/dialogs/settings.ts",
  "ui/programs/programs.ts": "ui/dialogs/settings.ts",
  "ui/welcome/Welcome.tsx": "ui/dialogs/settings.ts",
  "ui/invites/QrCode.tsx": "ui/invites/invites.ts",
  "ui/files/files.ts": "ui/screen/Beside.tsx",
  "ui/files/taking.ts": "ui/files/files.ts",
  "browser/pictures.ts": "ui/files/taking.ts",
  "ui/files/viewing.ts": "ui/files/files.ts",
  "ui/exporting/exporting.ts": "ui/dialogs/settings.ts",
  "core/archive/emojiNames.ts": "ui/exporting/exporting.ts",
  "ui/disturb/disturb.ts": "ui/later.ts",
  "ui/composer/followDrafts.ts": "ui/screen/Beside.tsx",
  "ui/kept/kept.ts": "ui/screen/Beside.tsx",
  "ui/threads/Thread.tsx": "ui/kept/kept.ts",
  "ui/scheduling/scheduling.ts": "ui/kept/kept.ts",
  "ui/emoji/EmojiPicker.tsx": "ui/screen/Beside.tsx",
  "push/device.ts": "ui/screen/ChatScreen.tsx",
  "push/inTab.ts": "push/device.ts",
})

/**
 * @param {string} file below client/
 * @returns {string | undefined}
 */
export function before(file) {
  return Object.entries(AFTER).find(([later]) => later === file)?.[1]
}
