/** When which program is started, how long it may take, and that it ends. */

import { expose } from "comlink"
import { describe, expect, test } from "vitest"
import { type DatabaseDoor, type DatabaseWorker, WorkerDatabases } from "../../src/adapters/databases.ts"
import { noDatabases } from "../../src/adapters/memory-refusals.ts"
import type { ReadDatabases } from "../../src/reader/database/read.ts"
import { asFile, makeDatabase } from "../support/databases.ts"
import { quickClock } from "../support/people.ts"

interface Shop {
    readonly made: string[]
    readonly ended: string[]
    readonly databases: WorkerDatabases
}

/** A clock on which nothing is ever late. */
const patient = { ...quickClock(), sleep: () => new Promise<never>(() => undefined) }

function shop(answers: Readonly<Record<"sqlite" | "python", Partial<DatabaseDoor> | null>>, clock = patient): Shop {
    const made: string[] = []
    const ended: string[] = []
    const maker = (name: "sqlite" | "python") => (): DatabaseWorker => {
        made.push(name)
        const { port1, port2 } = new MessageChannel()
        const answer = answers[name]
        if (answer !== null) expose({ start: async () => undefined, ...answer }, port2)
        const terminate = (): void => {
            ended.push(name)
            port1.close()
            port2.close()
        }
        return Object.assign(port1, { terminate }) as unknown as DatabaseWorker
    }
    return { made, ended, databases: new WorkerDatabases({ sqlite: maker("sqlite"), python: maker("python") }, clock) }
}

const found: ReadDatabases = { kind: "read", parts: [] }
const answering = (answer: ReadDatabases): Partial<DatabaseDoor> => ({ read: async () => answer })
const never = new AbortController().signal
const nothing = (): void => undefined

async function ask({ databases }: Shop, phases: string[] = [], signal = never) {
    const files = [asFile("msgstore.db", await makeDatabase("msgstore"))]
    return await databases.read(files, ["msgstore.db"], (phase) => phases.push(phase), signal)
}

describe("what is started", () => {
    test("nothing at all, where no file is a database", async () => {
        const idle = shop({ sqlite: answering(found), python: answering(found) })
        const files = [
            asFile("a.txt", new TextEncoder().encode("SQLite format 3, they say")),
            asFile("b", new Uint8Array(0)),
        ]
        expect(await idle.databases.read(files, [], nothing, never)).toBeNull()
        expect(await noDatabases.read(files, [], nothing, never)).toBeNull()
        expect(idle.made).toEqual([])
    })

    test("SQLite alone, where it reads the database; then it ends", async () => {
        const phases: string[] = []
        const one = shop({ sqlite: answering(found), python: answering(found) })
        expect(await ask(one, phases)).toEqual([])
        expect([one.made, one.ended, phases]).toEqual([["sqlite"], ["sqlite"], ["starting", "reading"]])
    })

    test("Python after it, and only where it is asked for; SQLite has ended by then", async () => {
        const phases: string[] = []
        const two = shop({ sqlite: answering({ kind: "other" }), python: answering(found) })
        expect(await ask(two, phases)).toEqual([])
        expect([two.made, two.ended]).toEqual([
            ["sqlite", "python"],
            ["sqlite", "python"],
        ])
        expect(phases).toEqual(["starting", "reading", "starting", "reading"])
    })

    test("no Python for what is known to nobody", async () => {
        const one = shop({ sqlite: answering({ kind: "unknown" }), python: answering(found) })
        expect(await ask(one)).toBeNull()
        expect(one.made).toEqual(["sqlite"])
    })
})

describe("what goes wrong", () => {
    test("a program that does not start in two minutes is ended, and named", async () => {
        const clock = quickClock()
        const deaf = shop({ sqlite: null, python: null }, clock as unknown as typeof patient)
        await expect(ask(deaf)).rejects.toMatchObject({ code: "database-reader" })
        expect([clock.waits, deaf.ended]).toEqual([[120_000], ["sqlite"]])
    })

    test("one that breaks off is ended, and none of its words is heard", async () => {
        const read = async (): Promise<never> => {
            throw new TypeError("words that quote what was read")
        }
        const broken = shop({ sqlite: { read }, python: null })
        const error = await ask(broken).catch((refusal: unknown) => refusal)
        expect(error).toMatchObject({ code: "database-reader" })
        expect(String(error)).not.toContain("words")
        expect(broken.ended).toEqual(["sqlite"])
    })

    test("one that is no longer wanted is ended at once", async () => {
        const stop = new AbortController()
        const slow = shop({ sqlite: { read: () => new Promise(() => undefined) }, python: null })
        const asked = ask(slow, [], stop.signal)
        const watched = expect(asked).rejects.toMatchObject({ code: "stopped" })
        setTimeout(() => stop.abort(), 20)
        await watched
        expect(slow.ended).toEqual(["sqlite"])
        await expect(ask(slow, [], stop.signal)).rejects.toMatchObject({ code: "stopped" })
        expect(slow.made).toEqual(["sqlite"])
    })
})

test("the log of a database goes with it, and no other file does", async () => {
    let seen: unknown = null
    const read: DatabaseDoor["read"] = async (pairs) => {
        seen = pairs.map(({ name, log }) => [name, log?.size ?? null])
        return found
    }
    const bytes = await makeDatabase("wa")
    const files = [
        asFile("x/a.db", bytes),
        asFile("x/a.db-wal", new Uint8Array(40)),
        asFile("b.db", bytes),
        asFile("b.db-wal", new Uint8Array(0)),
        asFile("a.jpg", new Uint8Array(9)),
    ]
    await shop({ sqlite: { read }, python: null }).databases.read(files, [], nothing, never)
    expect(seen).toEqual([
        ["x/a.db", 40],
        ["b.db", null],
    ])
})
