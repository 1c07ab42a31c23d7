/** What gets a key finds no way out, unless it kept one. */

import { expect, test } from "vitest"
import { closeDoors } from "../../src/entry/closed-doors.ts"

test("network, storage and other workers are gone, and do not come back", () => {
    class Scope {
        fetch = () => "out"
        indexedDB = {}
        postMessage = () => "to who asked"
    }
    // As in a worker, some are its own and some its prototype's.
    const scope: Record<string, unknown> = Object.create({ WebSocket: class {}, Worker: class {} })
    Object.assign(scope, new Scope())
    closeDoors(scope)
    for (const door of ["fetch", "indexedDB", "WebSocket", "Worker", "importScripts", "XMLHttpRequest"]) {
        expect(scope[door], door).toBeUndefined()
        expect(() => {
            scope[door] = "again"
        }, door).toThrow(TypeError)
    }
    expect(scope["postMessage"]).toBeTypeOf("function")
})

test("one that is needed may stay", () => {
    const scope = { fetch: () => "out", Worker: class {} }
    closeDoors(scope, ["Worker"])
    expect(scope.fetch).toBeUndefined()
    expect(scope.Worker).toBeTypeOf("function")
})
