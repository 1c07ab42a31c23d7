/** The page's end of the engine: a worker behind comlink, where only plain values and codes cross the border. */

import { proxy, wrap } from "comlink"
import { errorOf, refuse } from "./border.ts"
import { EngineError } from "./errors.ts"
import type { Engine } from "./protocol.ts"

/** `server`: the signed-in person's library. `memory`: a library in this page alone, gone when it closes. */
export interface EngineOptions {
    readonly store: "server" | "memory"
}

/** What a worker cannot read itself. */
export interface PageSide {
    /** The value of the cookie `csrftoken`, as it is now: signing in changes it. */
    readonly csrfToken: () => Promise<string>
}

/** What the worker exposes. */
export interface EngineDoor {
    start(options: EngineOptions, csrfToken: PageSide["csrfToken"]): Promise<void>
    /** Arguments one by one: listeners among them are handed over as such. */
    call(name: keyof Engine, ...args: readonly unknown[]): Promise<unknown>
}

const calls = {
    state: true,
    prepareLibrary: true,
    createLibrary: true,
    unlock: true,
    proveRecoveryCode: true,
    setStayUnlocked: true,
    ways: true,
    passwordStrength: true,
    setPassword: true,
    removePassword: true,
    unlockWithPassword: true,
    provePassword: true,
    unlockWithPasskey: true,
    addPasskey: true,
    provePasskey: true,
    removePasskey: true,
    prepareKeyChange: true,
    takePasskeyAlong: true,
    changeKey: true,
    reseal: true,
    stopReseal: true,
    tidyPlan: true,
    tidy: true,
    stopTidy: true,
    receiveByPicture: true,
    receiveByCode: true,
    giveByPicture: true,
    giveByCode: true,
    answerPairing: true,
    stopPairing: true,
    lock: true,
    rawRecord: true,
    openPart: true,
    placeOf: true,
    daysOf: true,
    mediaOf: true,
    search: true,
    searchAll: true,
    stopSearch: true,
    statisticsOf: true,
    transcripts: true,
    keepTranscript: true,
    bookmarks: true,
    keepBookmark: true,
    removeBookmark: true,
    joinChats: true,
    splitImport: true,
    setClocks: true,
    inspect: true,
    openBackup: true,
    startImport: true,
    stopImport: true,
    pendingImports: true,
    rememberHandle: true,
    pendingHandle: true,
    discardPending: true,
    chats: true,
    openChat: true,
    wholeChat: true,
    records: true,
    openFile: true,
    closeChat: true,
    setSelf: true,
    renameChat: true,
    deleteImport: true,
    deleteChat: true,
    judge: true,
    setRule: true,
    weigh: true,
    deleteImports: true,
    estimateRestore: true,
    restore: true,
    stopRestore: true,
    pendingRestore: true,
    discardRestore: true,
    checkBackup: true,
    stopCheck: true,
    askDrill: true,
    takeDrill: true,
    callOffDrill: true,
    saveCopy: true,
    examineCopy: true,
    unlockCopy: true,
    bringInCopy: true,
    stopCopy: true,
    closeCopy: true,
    quota: true,
    onChange: true,
} satisfies Record<keyof Engine, true>

/** Starts the worker. Rejects with an `EngineError` when this browser cannot run it. */
export async function connectEngine(options: EngineOptions): Promise<Engine> {
    const worker = new Worker(new URL("../entry/engine.worker.ts", import.meta.url), { type: "module", name: "engine" })
    const broken = new Promise<never>((_, reject) => {
        worker.addEventListener("error", () => reject(new EngineError("unexpected")), { once: true })
    })
    const door = wrap<EngineDoor>(worker)
    await Promise.race([door.start(options, proxy(csrfCookie)), broken])
    return faceOf((name, ...args) => Promise.race([door.call(name, ...args), broken]))
}

/** An `Engine` that hands every call over. Listeners stay here and are called from there. */
export function faceOf(call: EngineDoor["call"]): Engine {
    const handOver =
        (name: keyof Engine) =>
        async (...args: readonly unknown[]): Promise<unknown> => {
            try {
                return await call(name, ...args.map(asProxy))
            } catch (error) {
                throw errorOf(error)
            }
        }
    const names = Object.keys(calls) as (keyof Engine)[]
    return Object.fromEntries(names.map((name) => [name, handOver(name)])) as unknown as Engine
}

/** The worker's end: runs the call and lets nothing of an error out but its code. */
export function doorOf(start: (options: EngineOptions & PageSide) => Promise<Engine>): EngineDoor {
    let engine: Promise<Engine> | null = null
    return {
        async start(options, csrfToken) {
            engine = start({ ...options, csrfToken })
            await engine.catch(refuse)
        },
        async call(name, ...args) {
            if (engine === null || !Object.hasOwn(calls, name)) refuse(new EngineError("unexpected"))
            const method = (await engine)[name] as (...args: readonly unknown[]) => Promise<unknown>
            return await method(...args.map(asQuiet)).catch(refuse)
        },
    }
}

/** The page's cookie, as it is now. */
export async function csrfCookie(): Promise<string> {
    const cookies = document.cookie.split("; ").map((cookie) => cookie.split("="))
    return cookies.find(([name]) => name === "csrftoken")?.[1] ?? ""
}

function asProxy(argument: unknown): unknown {
    return typeof argument === "function" ? proxy(argument) : argument
}

/** A listener whose page is gone is no reason to stop what it listens to. */
function asQuiet(argument: unknown): unknown {
    if (typeof argument !== "function") return argument
    return (...values: readonly unknown[]): void => {
        Promise.resolve(argument(...values)).catch(() => undefined)
    }
}
