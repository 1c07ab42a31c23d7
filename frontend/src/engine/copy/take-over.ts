/**
 * Takes a library over into an account that has none: the ways to unlock that can move, and the settings of the whole library.
 *
 * Slots stay sealed as they are. A password's slot lies in the vault of the old server and cannot come along; a passkey gives its
 * output to the site it was made for only, so its slots come along to the same host and nowhere else.
 */

import { slotKinds } from "../../keyring/slot.ts"
import type { KeyringRecord, NewSlot, Ports, SlotRecord } from "../ports.ts"
import type { Patience } from "../retry.ts"
import { createSession, provenSettings, type Unlocked } from "../session.ts"
import type { OpenedCopy } from "./opened-copy.ts"

/** `site`: the origin of this page. The code was typed just now: it counts as proven. */
export async function takeOver(
    ports: Ports,
    account: string,
    { file, library, secret }: OpenedCopy,
    options: { readonly site: string; readonly stay: boolean },
    patience: Patience,
): Promise<Unlocked> {
    const keyring = movable(file.facts.keyring, hostOf(file.facts.site) === hostOf(options.site))
    const prepared = { secret, keyring, code: "" }
    const session = await createSession(ports, account, prepared, { proven: true, stay: options.stay }, patience)
    const settings = ofTheLibrary(library.opened.head.settings)
    if (Object.keys(settings).length > 0)
        await session.library.commit(patience, async (opened) => ({
            head: { settings: { ...settings, ...opened?.head.settings } },
            add: [],
            remove: [],
        }))
    return session
}

function movable({ library, epoch, check, slots }: KeyringRecord, sameHost: boolean): KeyringRecord<NewSlot> {
    const moving = (slot: SlotRecord): readonly NewSlot[] => {
        const { id, kind, parameters, sealed, label } = slot
        if (kind === slotKinds.recoveryCode || (kind === slotKinds.passkey && sameHost))
            return [{ id, kind, parameters, sealed, label }]
        return []
    }
    return { library, epoch, check, slots: slots.flatMap(moving) }
}

/** What speaks of no chat, no import and no slot: those come with what they speak of, or not at all. */
function ofTheLibrary(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const stays = new Set<string>([provenSettings.password, provenSettings.recoveryCode])
    return Object.fromEntries(Object.entries(settings).filter(([name]) => !name.includes("/") && !stays.has(name)))
}

function hostOf(site: string): string | null {
    return URL.canParse(site) ? new URL(site).hostname : null
}
