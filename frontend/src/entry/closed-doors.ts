/**
 * Takes the ways out of this worker away once everything is loaded, and before a key comes in.
 *
 * What runs here is honest, and large: a mistake in it finds no network and no storage to write to. It is no wall against
 * code that means harm, which could have kept what it was to lose.
 */

const doors = [
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "WebTransport",
    "EventSource",
    "BroadcastChannel",
    "Worker",
    "importScripts",
    "indexedDB",
    "caches",
]

/** `but`: what it cannot do without. */
export function closeDoors(scope: object = globalThis, but: readonly string[] = []): void {
    for (const door of doors.filter((name) => !but.includes(name)))
        Object.defineProperty(scope, door, { value: undefined, writable: false, configurable: false })
}
