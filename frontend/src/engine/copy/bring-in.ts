/**
 * Brings the imports of a copy into an account that holds the same library: what is missing is sent as it is, sealed.
 *
 * Only ever a union. Whether the copy is older or newer than the account, nothing of the account is taken away or turned back:
 * its names and settings stay, its head gains imports that it does not list. Each import is one commit, so whatever was brought
 * in before a cut stays, and the rest is found missing by the next try.
 */

import type { Head, OpenedHead } from "../../format/head.ts"
import { checkImport } from "../check.ts"
import { NotStoredError } from "../errors.ts"
import type { HeadChange, Library } from "../library.ts"
import { each, neededBy, sizeOf } from "../needed.ts"
import type { Announcement, Ports } from "../ports.ts"
import { type Patience, persist } from "../retry.ts"
import { Sender } from "../sender.ts"
import type { OpenedCopy } from "./opened-copy.ts"

/** How often what the server gave up in between is sent again before that is given up. */
const mostRounds = 4

export interface BringingIn {
    readonly ports: Ports
    readonly library: Library
    readonly copy: OpenedCopy
    readonly patience: Patience
    /** Sealed bytes that are there, of all that are needed. */
    readonly tell: (done: number, total: number) => void
}

/** Everything that the account's head does not list. */
interface Missing {
    readonly id: string
    readonly objects: readonly Announcement[]
}

export type BroughtIn =
    | { readonly kind: "done"; readonly imports: number; readonly chunksChecked: number }
    /** Before the first byte was sent. */
    | { readonly kind: "over-quota"; readonly missing: number }

export async function bringIn(work: BringingIn): Promise<BroughtIn> {
    const { ports, library, patience, tell } = work
    await library.refresh(patience)
    const missing = await missingIn(work)
    const objects = each(missing.map((one) => one.objects))
    const there = await known(ports, objects, patience)
    // What is expected has its room already: an earlier try reserved it.
    const room = await roomFor(ports, sizeOf(objects.filter(({ id }) => !there.has(id))), patience)
    if (room > 0) return { kind: "over-quota", missing: room }

    const total = sizeOf(objects)
    const stored = new Set([...there].flatMap(([id, state]) => (state === "stored" ? [id] : [])))
    const told = (): void => tell(sizeOf(objects.filter(({ id }) => stored.has(id))), total)
    let chunksChecked = 0
    told()
    for (const one of missing) {
        await inRounds(work, one, stored, told)
        chunksChecked += await checkImport(ports, library, one.id, patience)
    }
    return { kind: "done", imports: missing.length, chunksChecked }
}

export async function missingIn({
    library,
    copy,
    patience,
}: Pick<BringingIn, "library" | "copy" | "patience">): Promise<readonly Missing[]> {
    const listed = new Set(library.opened.head.snapshots.map(({ id }) => id))
    const missing: Missing[] = []
    for (const { id } of copy.library.opened.head.snapshots)
        if (!listed.has(id)) missing.push({ id, objects: await neededBy(copy.library, id, patience) })
    return missing
}

async function known(
    ports: Ports,
    objects: readonly Announcement[],
    patience: Patience,
): Promise<ReadonlyMap<string, "expected" | "stored">> {
    if (objects.length === 0) return new Map()
    const ids = objects.map(({ id }) => id)
    const facts = new Map(objects.map((object) => [object.id, object]))
    const answers = await persist(patience, () => ports.store.finish(ids, patience.signal))
    return new Map(
        answers.map(({ id, state, size, sha256 }) => {
            const same = facts.get(id)?.size === size && facts.get(id)?.sha256 === sha256
            return [id, same ? state : "expected"]
        }),
    )
}

/** Whether all of it fits into an account that has nothing yet: the bytes that are missing, or 0. */
export async function roomForAll({
    ports,
    copy,
    patience,
}: Pick<BringingIn, "ports" | "copy" | "patience">): Promise<number> {
    const needed = []
    for (const { id } of copy.library.opened.head.snapshots) needed.push(await neededBy(copy.library, id, patience))
    return await roomFor(ports, sizeOf(each(needed)), patience)
}

/** Bytes that are missing, or 0. */
async function roomFor(ports: Ports, needed: number, patience: Patience): Promise<number> {
    if (needed === 0) return 0
    const { quota } = await persist(patience, () => ports.server.account(patience.signal))
    return Math.max(0, needed - Math.max(0, quota.limit - quota.used - quota.reserved))
}

async function inRounds(work: BringingIn, missing: Missing, stored: Set<string>, told: () => void): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
        await send(
            work,
            missing.objects.filter(({ id }) => !stored.has(id)),
            (id) => {
                stored.add(id)
                told()
            },
        )
        try {
            await commit(work, missing)
            return
        } catch (error) {
            if (!(error instanceof NotStoredError)) throw error
            for (const { id } of missing.objects) stored.delete(id)
        }
    }
    throw new NotStoredError()
}

async function send(
    { ports, copy, patience }: BringingIn,
    objects: readonly Announcement[],
    confirmed: (id: string) => void,
): Promise<void> {
    const stop = new AbortController()
    const signal = AbortSignal.any([patience.signal, stop.signal])
    const sender = new Sender(ports.store, { ...patience, signal })
    try {
        for (const facts of objects) {
            const bytes = await copy.file.whole(facts, signal)
            await sender.send({
                facts,
                bytes,
                before: async () => undefined,
                left: () => undefined,
                after: async () => confirmed(facts.id),
            })
        }
        await sender.settle()
    } catch (error) {
        // Named before the rest is stopped: then each of them fails, too, of having been stopped.
        const failure = sender.failure ?? error
        stop.abort()
        await sender.settle().catch(() => undefined)
        throw failure
    }
}

async function commit({ library, copy, patience }: BringingIn, { id, objects }: Missing): Promise<void> {
    await library.commit(patience, async (opened): Promise<HeadChange | null> => {
        if (opened?.head.snapshots.some((one) => one.id === id)) return null
        const needed = objects.filter((object) => object.id !== id).map((object) => object.id)
        return {
            head: withImport(opened, copy.library.opened.head, id, new Set(needed)),
            add: [{ snapshot: id, objects: needed }],
            remove: [],
        }
    })
}

function withImport(
    opened: OpenedHead | null,
    copied: Head,
    id: string,
    needed: ReadonlySet<string>,
): HeadChange["head"] {
    const { conversations = [], snapshots = [], catalogs = [], settings = {} } = opened?.head ?? {}
    const added = copied.snapshots.filter((one) => one.id === id)
    const owners = new Set([id, ...added.map(({ conversation }) => conversation)])
    const known = <One extends { readonly id: string }>(list: readonly One[]) => new Set(list.map((one) => one.id))
    const catalogsHere = known(catalogs)
    const conversationsHere = known(conversations)
    return {
        conversations: [
            ...conversations,
            ...copied.conversations.filter((one) => owners.has(one.id) && !conversationsHere.has(one.id)),
        ],
        snapshots: [...snapshots, ...added],
        catalogs: [...catalogs, ...copied.catalogs.filter((one) => needed.has(one.id) && !catalogsHere.has(one.id))],
        // What belongs to the import, or to a chat that was not here; where the account says something it holds.
        settings: {
            ...Object.fromEntries(
                Object.entries(copied.settings).filter(([name]) => {
                    const owner = name.slice(name.lastIndexOf("/") + 1)
                    return owners.has(owner) && !conversationsHere.has(owner)
                }),
            ),
            ...settings,
        },
    }
}
