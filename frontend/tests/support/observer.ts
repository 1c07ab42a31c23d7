/** What the server sees of an import, whoever looks: which objects of which size come, which bytes of them are asked for. */

import type { Announcement, Commit, Ports, StoredObject, Ticket } from "../../src/engine/ports.ts"
import { interposed } from "./mishaps.ts"

export interface Observer {
    readonly ports: Ports
    /** One line for each thing that was seen, in this order; ids are chance and become numbers. Times are left aside. */
    readonly trace: string[]
}

export function observed(ports: Ports): Observer {
    const trace: string[] = []
    const seen = new Map<string, string>()
    const nameOf = (id: string): string => seen.get(id) ?? "older"
    const note = (name: string, args: readonly unknown[]): void => {
        const [first, second, third] = args
        switch (name) {
            case "begin":
                for (const { id, kind, size } of first as readonly Announcement[]) {
                    if (!seen.has(id)) seen.set(id, `${kind} ${seen.size}`)
                    trace.push(`announced ${nameOf(id)} ${size}`)
                }
                return
            case "put":
                trace.push(`put ${nameOf((first as Ticket).id)} ${(second as Uint8Array).length}`)
                return
            case "finish":
                trace.push(`asked for ${(first as readonly StoredObject["id"][]).map(nameOf).toSorted().join()}`)
                return
            case "get":
                trace.push(`read ${nameOf(first as string)} ${second as number} ${third as number}`)
                return
            case "commit": {
                const { sealed, add, remove } = first as Commit
                const objects = add.flatMap((one) => [one.snapshot, ...one.objects]).map(nameOf)
                trace.push(`head ${sealed.length} ${objects.toSorted().join()} ${remove.length}`)
                return
            }
            default:
                trace.push(name)
        }
    }
    const around = async (name: string, call: () => Promise<unknown>, args: readonly unknown[]): Promise<unknown> => {
        note(name, args)
        return await call()
    }
    return {
        trace,
        ports: { ...ports, store: interposed(ports.store, around), server: interposed(ports.server, around) },
    }
}

/** Numbers that a trace gives an observer to go by: how much of each sort, how often, and where it begins and ends. */
export function featuresOf(trace: readonly string[]): ReadonlyMap<string, number> {
    const features = new Map<string, number>()
    const counts = new Map<string, number>()
    for (const line of trace) {
        const [deed = ""] = line.split(" ")
        const n = counts.get(deed) ?? 0
        counts.set(deed, n + 1)
        for (const [at, number] of (line.match(/\b\d+\b/g) ?? []).entries()) {
            features.set(`${deed} ${n} ${at}`, Number(number))
            const sum = `${deed} sum ${at}`
            features.set(sum, (features.get(sum) ?? 0) + Number(number))
        }
    }
    for (const [deed, count] of counts) features.set(`${deed} count`, count)
    return features
}
