/** Links that let somebody in are made in files of their own, and drawn in another one. */
import { loadTexts } from "../../i18n/load.ts"
import { file, part } from "../kit/part.ts"

const invites = file(
  async () =>
    (await Promise.all([import("./invites.ts"), ...(["beside", "later", "invites"] as const).map(loadTexts)]))[0],
)
const code = file(async () => (await Promise.all([import("./QrCode.tsx"), loadTexts("invites")]))[0])

export const deviceLink = part(invites, ({ DeviceLinkDialog }) => DeviceLinkDialog, true)
export const invitationCard = part(invites, ({ InvitationCard }) => InvitationCard)
export const invitePeople = part(invites, ({ InviteDialog }) => InviteDialog, true)
export const openInvites = part(invites, ({ InviteList }) => InviteList)
export const qrCode = part(code, ({ QrCode }) => QrCode)
