import fc from "fast-check"
import { test } from "vitest"
import { MemoryServer } from "../../src/adapters/memory-store.ts"
import { createEngine } from "../../src/engine/engine.ts"
import type { Engine } from "../../src/engine/protocol.ts"
import { chatExport, zipContents } from "../support/exports.ts"
import { HonestVault } from "../support/honest-vault.ts"
import { closingAt } from "../support/mishaps.ts"
import { addExport, aliceAtHome, makeDesk, quickClock, saveOriginal } from "../support/people.ts"

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
    | { readonly kind: "change" }
    | { readonly kind: "reseal" }
    | { readonly kind: "cut-off"; readonly at: number; readonly when: "before" | "after" }
    | { readonly kind: "elsewhere"; readonly file: number }
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
    fc.record({ kind: fc.constant("change" as const) }),
    fc.record({ kind: fc.constant("reseal" as const) }),
    fc.record({
        kind: fc.constant("cut-off" as const),
        at: fc.integer({ min: 1, max: 60 }),
        when: fc.constantFrom("before" as const, "after" as const),
    }),
    fc.record({ kind: fc.constant("elsewhere" as const), file }),
    fc.record({ kind: fc.constant("collect" as const) }),
    fc.record({ kind: fc.constant("reload" as const) }),
)

test("whatever is added, deleted, cut off, sealed anew and collected: every import that is listed comes back whole", async () => {
    const wanted = await Promise.all(exports.map(zipContents))
    await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
            const alice = await aliceAtHome(new MemoryServer(), { vault: new HonestVault() })
            let engine: Engine = alice.engine
            let code = alice.code
            const other = createEngine(makeDesk(alice.server, undefined, { vault: alice.ports.vault }).ports)
            const reload = (): void => {
                engine = createEngine({ ...alice.ports, clock: quickClock() })
            }
            const stay = { stay: true }
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
                    case "change": {
                        const sheet = await engine.prepareKeyChange()
                        await engine.changeKey()
                        code = sheet.code
                        break
                    }
                    case "reseal": {
                        const outcome = await engine.reseal(() => undefined)
                        if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome))
                        break
                    }
                    case "cut-off": {
                        const closing = createEngine(closingAt(alice.ports, taken.at, taken.when).ports)
                        await closing.reseal(() => undefined).catch(() => null)
                        break
                    }
                    case "elsewhere": {
                        // A device that may have slept over a change of the key.
                        if ((await other.chats().catch(() => null)) === null) await other.unlock(code, stay)
                        const outcome = await addExport(other, exports[taken.file] as File)
                        if (outcome.kind !== "done") throw new Error(outcome.kind)
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
            const state = await engine.state()
            if (state.kind !== "unlocked") throw new Error("this device does not open its library any more")
            for (const { importId } of await imports()) {
                const saved = await zipContents(await saveOriginal(engine, importId))
                const whole = JSON.stringify(saved)
                if (!wanted.some((one) => JSON.stringify(one) === whole)) throw new Error("came back otherwise")
            }
        }),
        { numRuns: 60 },
    )
})
