/**
 * What the head remembers of checks that found nothing wrong, for all devices (docs/format.md §7):
 *
 *     checked: "<time> <pieces opened>/<pieces in all>"
 */

export interface LastCheck {
    readonly at: string
    readonly opened: number
    readonly pieces: number
}

export const checkedSetting = "checked"
const spelling = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (0|[1-9]\d{0,9})\/([1-9]\d{0,9})$/

/** Null: none was noted, or not in a way that is understood. */
export function lastCheck(settings: Readonly<Record<string, string>>): LastCheck | null {
    const [, at, opened, pieces] = spelling.exec(settings[checkedSetting] ?? "") ?? []
    if (at === undefined || Number(opened) > Number(pieces)) return null
    return { at, opened: Number(opened), pieces: Number(pieces) }
}

export function writtenCheck({ at, opened, pieces }: LastCheck): string {
    return `${at} ${opened}/${pieces}`
}
