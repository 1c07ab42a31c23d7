/**
 * The restore drill: another device proves that it can read what this one stored.
 *
 *     idle ── ask (first device) ──▸ asked ── take (second device) ──▸ done
 *      ▴                              │
 *      └──────── call off, or a week ─┘
 *
 * Both notes are settings of the head, sealed like everything else (docs/format.md §7):
 *
 *     drill-asked  "<time> <drill id(32)> <import id(32)> <fingerprint(64)>"
 *     drill-done   "<time> <drill id(32)> recovery-code" or "… other": how the second device had been opened
 *
 * The fingerprint is made from what the first device opened. The second one fetches, opens, makes its own, and only writes
 * that it is done when both are the same.
 */

type Settings = Readonly<Record<string, string>>

export interface Drill {
    readonly asked: AskedDrill | null
    readonly done: DoneDrill | null
}

export interface AskedDrill {
    readonly id: string
    readonly at: string
    readonly importId: string
    readonly fingerprint: string
}

export interface DoneDrill {
    readonly id: string
    readonly at: string
    readonly by: DrillKey
}

/** What the second device has read, and how it had been opened. */
export interface TakenDrill {
    readonly asked: AskedDrill
    readonly by: DrillKey
}

/** How the second device had been opened: only the recovery code proves that the sheet is enough. */
export type DrillKey = "recovery-code" | "other"

const askedSetting = "drill-asked"
const doneSetting = "drill-done"
const time = String.raw`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)`
const askedSpelling = new RegExp(`^${time} ([0-9a-f]{32}) ([0-9a-f]{32}) ([0-9a-f]{64})$`)
const doneSpelling = new RegExp(`^${time} ([0-9a-f]{32}) (recovery-code|other)$`)

/** What the head says of drills. What is not understood was not said. */
export function readDrill(settings: Settings): Drill {
    const [, at, id, importId, fingerprint] = askedSpelling.exec(settings[askedSetting] ?? "") ?? []
    const [, doneAt, doneId, by] = doneSpelling.exec(settings[doneSetting] ?? "") ?? []
    return {
        asked: at && id && importId && fingerprint ? { id, at, importId, fingerprint } : null,
        done: doneAt && doneId && by ? { id: doneId, at: doneAt, by: by as DrillKey } : null,
    }
}

/** Where a drill stands, as seen from one device. */
export type DrillStage =
    | { readonly kind: "idle"; readonly last: DoneDrill | null }
    /** This device asked. */
    | { readonly kind: "waiting"; readonly asked: AskedDrill }
    /** Another device asked this one, or any other. */
    | { readonly kind: "invited"; readonly asked: AskedDrill }
    /** What this device asked for has been done. */
    | { readonly kind: "works"; readonly done: DoneDrill }

/** Nobody waits longer than that. */
const askedFor = 7 * 24 * 3_600_000

/** `mine`: the drill that this device asked for last, and has not yet shown the end of. */
export function drillStage({ asked, done }: Drill, mine: string | null, now: number): DrillStage {
    if (mine !== null && done?.id === mine) return { kind: "works", done }
    if (asked === null || now - Date.parse(asked.at) > askedFor) return { kind: "idle", last: done }
    return { kind: asked.id === mine ? "waiting" : "invited", asked }
}

/** Eight digits for two people's eyes: the same on both devices when both opened the same. */
export function drillNumber(fingerprint: string): string {
    const digits = String(Number.parseInt(fingerprint.slice(0, 12), 16) % 100_000_000).padStart(8, "0")
    return `${digits.slice(0, 4)} ${digits.slice(4)}`
}

/** Settings that say that a device asks. */
export function withAsked(settings: Settings, { at, id, importId, fingerprint }: AskedDrill): Settings {
    return { ...settings, [askedSetting]: `${at} ${id} ${importId} ${fingerprint}` }
}

/** Settings that say that it was done, and that nobody asks any more. */
export function withDone(settings: Settings, { at, id, by }: DoneDrill): Settings {
    return { ...withoutAsked(settings), [doneSetting]: `${at} ${id} ${by}` }
}

export function withoutAsked({ [askedSetting]: _, ...others }: Settings): Settings {
    return others
}
