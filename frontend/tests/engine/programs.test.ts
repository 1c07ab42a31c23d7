import fc from "fast-check"
import { test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { createEngine } from "../../src/engine/engine.ts"
import type { Engine } from "../../src/engine/protocol.ts"
import { chatExport, zipContents } from "../support/exports.ts"
import { closingAt } from "../support/mishaps.ts"
import { addExport, aliceAtHome, quickClock } from "../support/people.ts"

/** A few exports that overlap in every way. */
const exports = [
    chatExport({ to: 60, photos: { 5: 30_000 } }),
    chatExport({ to: 60, photos: { 5: 30_000, 7: 20_000 }, modified: 1 }),
    chatExport({ from: 20, to: 90, photos: { 25: 10_000 }, modified: 2 }),
    chatExport({ to: 60, photos: { 7: 20_000 }, name: "WhatsApp Chat mit Ida.zip" }),
]

type Step =
    | { readonly kind: "add"; readonly file: number }
    | { readonly kind: "crash"; readonly file: number; readonly at: number; readonly when: "before" | "after" }
    | { readonly kind: "delete"; readonly pick: number }
    | { readonly kind: "collect" }
    | { readonly kind: "reload" }

const file = fc.nat(exports.length - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constant("add" as const), file }),
    fc.record({
        kind: fc.constant("crash" as const),
        file,
        at: fc.integer({ min: 1, max: 50 }),
        when: fc.constantFrom("before" as const, "after" as const),
    }),
    fc.record({ kind: fc.constant("delete" as const), pick: fc.nat(5) }),
    fc.record({ kind: fc.constant("collect" as const) }),
    fc.record({ kind: fc.constant("reload" as const) }),
)

test("whatever is added, deleted, cut off and collected: every import that is listed comes back whole", async () => {
    const wanted = await Promise.all(exports.map(zipContents))
    await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
            const alice = await aliceAtHome(new MemoryServer())
            let engine: Engine = alice.engine
            const reload = (): void => {
                engine = createEngine({ ...alice.ports, clock: quickClock() })
            }
            const imports = async () => (await engine.chats()).flatMap((chat) => chat.imports)
            for (const taken of steps) {
                switch (taken.kind) {
                    case "add": {
                        const outcome = await addExport(engine, exports[taken.file] as File)
                        if (outcome.kind !== "done") throw new Error(outcome.kind)
                        break
                    }
                    case "crash": {
                        const closing = createEngine(closingAt(alice.ports, taken.at, taken.when).ports)
                        await addExport(closing, exports[taken.file] as File).catch(() => null)
                        break
                    }
                    case "delete": {
                        const listed = await imports()
                        const chosen = listed[taken.pick % Math.max(1, listed.length)]
                        if (chosen !== undefined) await engine.deleteImport(chosen.importId)
                        break
                    }
                    case "collect":
                        alice.server.collect()
                        break
                    case "reload":
                        reload()
                        break
                }
            }
            alice.server.collect()
            reload()
            for (const { importId } of await imports()) {
                const saved = await zipContents(await engine.saveOriginal(importId, () => undefined))
                const whole = JSON.stringify(saved)
                if (!wanted.some((one) => JSON.stringify(one) === whole)) throw new Error("came back otherwise")
            }
        }),
        { numRuns: 60 },
    )
})
