/**
 * The engine as the page knows it: joins session, imports, chats and saving over whatever ports it is given.
 *
 * One long function on purpose: it holds the few things that change, and each call is a line or two over a room of its own.
 */

import type { RootSecret } from "../crypto/root-secret.ts"
import { DamagedObjectError } from "../format/errors.ts"
import type { PairingRole } from "../pairing/state.ts"
import { joinChats, setClocks, splitImport } from "./arrange.ts"
import { bookmarksOf, keepBookmark, removeBookmark } from "./bookmarks.ts"
import { listChats } from "./chat-list.ts"
import { checkLibrary } from "./check-library.ts"
import type { Copies } from "./copy/copies.ts"
import { openBackup } from "./database-import.ts"
import { deleteImports } from "./delete.ts"
import type { DrillKey } from "./drill.ts"
import { askDrill, callOffDrill, takeDrill } from "./drill-run.ts"
import { codeOf, EngineError, unlessNetwork } from "./errors.ts"
import { Holdings } from "./holdings.ts"
import { Imports } from "./imports.ts"
import { judge, setRule, weigh } from "./keep.ts"
import type { Library } from "./library.ts"
import { OpenedChat } from "./opened-chat.ts"
import type { Receiving } from "./pair-new.ts"
import type { Giving } from "./pair-old.ts"
import type { PairingRun } from "./pairing-run.ts"
import { addPasskeySlot, notePasskey, openWithTouch, provePasskeySlot, removePasskeySlot } from "./passkeys.ts"
import type { KeyringRecord, Ports, ServerEvent } from "./ports.ts"
import type {
    Change,
    Engine,
    ImportOutcome,
    LibraryState,
    PairingOutcome,
    PairingStep,
    ResealOutcome,
    Ways,
} from "./protocol.ts"
import { Restores } from "./restores.ts"
import { type Patience, persist } from "./retry.ts"
import { Searches } from "./searches.ts"
import {
    beginSession,
    createSession,
    freshKeyring,
    type Locked,
    lockSession,
    proveCode,
    type Session,
    sameLibrary,
    stateOf,
    stayUnlocked,
    type Unlocked,
    unlockedOf,
    unlockSession,
    unlockWith,
} from "./session.ts"
import { utcTime } from "./times.ts"
import { keepTranscript, transcriptsOf } from "./transcripts.ts"
import { type PreparedKey, prepareLibrary } from "./unlock.ts"
import { waysOf } from "./ways.ts"

/** A person waits for the answer: a few tries, then the page says that the network is away. */
const triesOfCalls = 3

/** OPAQUE and the words of a password's strength are large: loaded when they are needed. */
const passwords = () => import("./password-session.ts")

/** Done once in years. */
const keyChanges = () => import("./key-change.ts")

export function createEngine(ports: Ports): Engine {
    const imports = new Imports(ports)
    const restores = new Restores(ports)
    const chats = new Map<string, OpenedChat>()
    const searches = new Searches(ports)
    const holdings = new Holdings()
    const listeners = new Set<(what: Change) => void>()
    let session: Session | null = null
    let beginning: Promise<Session> | null = null
    let prepared: PreparedKey | null = null
    let preparedChange: PreparedKey | null = null
    /** Sealing anew or tidying up: one of them at a time. */
    let replacing: AbortController | null = null
    /** This engine changes the key itself: what it hears of that meanwhile is no news. */
    let changing = false
    let pairing: PairingRun | null = null
    let checking: AbortController | null = null
    /** How this engine was opened: what a drill proves depends on it. */
    let openedBy: DrillKey = "other"
    let copies: Copies | null = null
    void ports.destinations.tidy().catch(() => undefined)

    const patience = (): Patience => ({
        clock: ports.clock,
        signal: new AbortController().signal,
        tries: triesOfCalls,
        onNetwork: () => undefined,
    })
    /** Two calls at the start share one beginning; one that failed is begun anew. */
    const current = async (): Promise<Session> => {
        if (session !== null) return session
        beginning ??= beginSession(ports, patience()).finally(() => {
            beginning = null
        })
        session ??= await beginning
        return session
    }
    const unlocked = async (): Promise<Unlocked> => unlockedOf(await current())
    const library = async (): Promise<Library> => (await unlocked()).library
    const enter = (next: Session): LibraryState => {
        session = next
        return stateOf(next)
    }
    /** The newest head, or without a network the one that is here. Damage is not passed over: it blocks. */
    const refreshed = async (): Promise<Library> => {
        const here = await library()
        await here.refresh(patience()).catch(async (error: unknown) => {
            if (codeOf(error) === "key-changed") renew()
            if (codeOf(error) !== "network") throw error
        })
        return here
    }
    /** The key was changed elsewhere: what is held here opens nothing any more, and everything is begun anew. */
    const renew = (): void => {
        if (session?.kind !== "unlocked" || changing) return
        close()
        session.secret.wipe()
        session = null
        tell({ kind: "key-changed" })
    }
    /** Work that a change of the key elsewhere brought to its end. */
    const heeding = <Outcome extends ImportOutcome | ResealOutcome>(outcome: Outcome): Outcome => {
        if (outcome.kind === "failed" && outcome.code === "key-changed") renew()
        return outcome
    }
    const replace = async (work: (signal: AbortSignal) => Promise<ResealOutcome>): Promise<ResealOutcome> => {
        if (replacing !== null) throw new EngineError("import-running")
        const running = new AbortController()
        replacing = running
        try {
            return heeding(await work(running.signal))
        } finally {
            replacing = null
        }
    }
    /** Whatever is under way or open with the key that is here. */
    const close = (): void => {
        imports.forget()
        restores.stop()
        chats.clear()
        searches.forget()
        holdings.forget()
        prepared?.secret.wipe()
        prepared = null
        preparedChange?.secret.wipe()
        preparedChange = null
        pairing?.stop()
        replacing?.abort()
    }
    const tell = (what: Change): void => {
        for (const listener of listeners) listener(what)
    }
    const newHead = (sequence: number): void => {
        if (session?.kind !== "unlocked" || sequence <= session.library.opened.head.sequence) return
        const told = (): void => tell({ kind: "head" })
        // Also when the new head is refused: asked for its chats, the engine then says why.
        session.library.refresh(patience()).then(told, (error: unknown) => {
            if (codeOf(error) === "key-changed") renew()
            else told()
        })
    }
    const noticed = (event: ServerEvent): void => {
        if (event.kind === "head") newHead(event.sequence)
        // Told only when it is done, and told also when nothing was there to be forgotten.
        else if (event.kind === "revoked") {
            const told = (): void => tell(event)
            forget().then(told, told)
        } else tell(event)
    }
    /** Forgets every key here and on this device. */
    const forget = async (): Promise<LibraryState> => {
        close()
        checking?.abort()
        copies?.forget()
        openedBy = "other"
        const before = session ?? (await current())
        return enter(before.kind === "absent" ? before : await lockSession(ports, before))
    }
    /** The keyring as other devices left it. What was locked meanwhile stays locked. */
    const adopt = <Known extends Locked | Unlocked>(known: Known, keyring: KeyringRecord): Known => {
        if (!sameLibrary(keyring, known.keyring)) throw new DamagedObjectError("wrong-library")
        const adopted = { ...known, keyring }
        if (session === known) session = adopted
        return adopted
    }
    const refreshedKeyring = async (): Promise<Locked | Unlocked> => {
        const known = await current()
        if (known.kind === "absent") throw new EngineError("library-absent")
        const keyring = await freshKeyring(ports, known, patience()).catch((error: unknown) => {
            if (codeOf(error) !== "key-changed") throw error
            // Locked, it is the keyring that counts.
            if (known.kind === "locked") session = null
            else renew()
            return null
        })
        if (keyring !== null) return adopt(known, keyring)
        if (known.kind === "locked") return await refreshedKeyring()
        throw new EngineError("key-changed")
    }
    const unlockedNow = async (): Promise<Unlocked> => unlockedOf(await refreshedKeyring())
    /** One at a time: a new one ends the one before. */
    const pair = async (
        role: PairingRole,
        onStep: (step: PairingStep) => void,
        play: (run: PairingRun) => Promise<void>,
    ): Promise<PairingOutcome> => {
        const { PairingRun } = await import("./pairing-run.ts")
        pairing?.stop()
        const run = new PairingRun(ports, role, onStep)
        pairing = run
        const outcome = await run.over(() => play(run))
        return outcome.kind === "done" ? { kind: "done", state: stateOf(await current()) } : outcome
    }
    const receiving = async (stay: boolean): Promise<Receiving> => {
        const { account, keyring } = await refreshedKeyring()
        const unlock = async (secret: RootSecret): Promise<void> => {
            enter(await unlockWith(ports, { account, keyring }, secret, stay, patience()))
        }
        return { ports, account, keyring, unlock }
    }
    const giving = async (): Promise<Giving> => {
        const { account, keyring, secret } = unlockedOf(await current())
        return { ports, account, gift: { library: keyring.library, epoch: keyring.epoch, secret } }
    }
    /** Few visits save or open a copy. */
    const copying = async (): Promise<Copies> => {
        const { Copies } = await import("./copy/copies.ts")
        copies ??= new Copies(ports)
        return copies
    }
    const ways = async (known: Locked | Unlocked): Promise<Ways> => waysOf(ports, known, patience())
    const chat = (id: string): OpenedChat => {
        const opened = chats.get(id)
        if (opened === undefined) throw new EngineError("unknown-chat")
        return opened
    }
    const changeConversation = async (
        id: string,
        change: Partial<{ readonly name: string; readonly self: string | null }>,
    ): Promise<void> => {
        await (await library()).commit(patience(), async (opened) => {
            const conversations = opened?.head.conversations ?? []
            if (!conversations.some((one) => one.id === id)) throw new EngineError("unknown-conversation")
            const changed = conversations.map((one) => (one.id === id ? { ...one, ...change } : one))
            return { head: { conversations: changed }, add: [], remove: [] }
        })
    }

    return {
        state: async () => stateOf(await current()),

        async prepareLibrary() {
            prepared?.secret.wipe()
            prepared = await prepareLibrary(ports.random)
            return { code: prepared.code, made: utcTime(ports.clock.now()) }
        },

        async createLibrary(options) {
            if (prepared === null) throw new EngineError("not-prepared")
            const { account } = await current()
            const created = await createSession(ports, account, prepared, options, patience())
            prepared = null
            return enter(created)
        },

        async unlock(code, { stay }) {
            const before = await refreshedKeyring()
            const opened = await unlockSession(ports, before, code, stay, patience())
            if (opened === null) return { kind: "wrong-code" }
            openedBy = "recovery-code"
            return { kind: "opened", state: enter(opened) }
        },

        async proveRecoveryCode(code) {
            const here = await unlocked()
            if (!(await proveCode(ports, here, code, patience()))) return { kind: "wrong-code" }
            openedBy = "recovery-code"
            return { kind: "opened", state: stateOf(here) }
        },

        setStayUnlocked: async (stay) => enter(await stayUnlocked(ports, await unlocked(), stay)),

        ways: async () => ways(await refreshedKeyring()),

        passwordStrength: async (password, hints) => (await passwords()).passwordStrength(password, hints),

        async setPassword(password, hints) {
            const here = await unlockedNow()
            const outcome = await (await passwords()).setPassword(ports, here, password, hints, patience())
            return outcome.kind === "set" ? { kind: "done", ways: await ways(here) } : outcome
        },

        async removePassword() {
            const here = await unlockedNow()
            await (await passwords()).removePasswordRecord(ports, patience().signal)
            return await ways(here)
        },

        async unlockWithPassword(password, { stay }) {
            const before = await refreshedKeyring()
            const outcome = await (await passwords()).unlockWithPassword(ports, before, password, stay, patience())
            if (outcome.kind !== "opened") return outcome
            return { kind: "opened", state: enter(outcome.session), renewed: outcome.renewed }
        },

        async provePassword(password) {
            return await (await passwords()).provePassword(ports, await unlockedNow(), password, patience())
        },

        async unlockWithPasskey(touch, { stay }) {
            const before = await refreshedKeyring()
            const opened = await openWithTouch(before.keyring, touch)
            if (opened.kind === "not-this-one") return opened
            const unlocked = await unlockWith(ports, before, opened.secret, stay, patience())
            await notePasskey(ports, unlocked, opened.slot, patience()).catch(unlessNetwork)
            return { kind: "opened", state: enter(unlocked) }
        },

        async addPasskey(touch, label) {
            const here = await unlockedNow()
            return await ways(adopt(here, await addPasskeySlot(ports, here, touch, label, patience())))
        },

        async provePasskey(touch) {
            const here = await unlockedNow()
            const { proven, keyring } = await provePasskeySlot(ports, here, touch, patience())
            const after = adopt(here, keyring)
            return proven ? { kind: "opened", state: stateOf(after) } : { kind: "not-this-one" }
        },

        async removePasskey(slot) {
            const here = await unlockedNow()
            return await ways(adopt(here, await removePasskeySlot(ports, here.keyring, slot, patience())))
        },

        async prepareKeyChange() {
            preparedChange?.secret.wipe()
            preparedChange = await (await keyChanges()).prepareKeyChange(ports, await unlockedNow())
            return { code: preparedChange.code, made: utcTime(ports.clock.now()) }
        },

        async takePasskeyAlong(touch) {
            const here = await unlocked()
            if (preparedChange === null) throw new EngineError("not-prepared")
            const taken = await (await keyChanges()).takeAlong(ports, here, preparedChange, touch)
            if (taken === null) return { kind: "not-this-one" }
            preparedChange = taken
            return { kind: "opened", state: stateOf(here) }
        },

        async changeKey() {
            const here = await unlocked()
            if (preparedChange === null) throw new EngineError("not-prepared")
            if (changing || replacing !== null || imports.running) throw new EngineError("import-running")
            changing = true
            try {
                const changed = await (await keyChanges()).changeKey(ports, here, preparedChange, patience())
                // What it holds is the session's now.
                preparedChange = null
                close()
                return enter(changed)
            } catch (error) {
                changing = false
                if (codeOf(error) === "key-changed") renew()
                throw error
            } finally {
                changing = false
            }
        },

        async reseal(onProgress) {
            const { resealAll } = await import("./reseal.ts")
            return await replace(async (signal) => resealAll(ports, await library(), signal, onProgress))
        },

        stopReseal: async () => replacing?.abort(),

        async tidyPlan() {
            const { planCompaction } = await import("./compact.ts")
            const { frees, sends } = await planCompaction(await refreshed(), patience())
            return { frees, sends }
        },

        async tidy(onProgress) {
            const { compactAll } = await import("./compact.ts")
            return await replace(async (signal) => compactAll(ports, await library(), signal, onProgress))
        },

        stopTidy: async () => replacing?.abort(),

        async receiveByPicture({ stay }, onStep) {
            const [{ receiveByPicture }, side] = [await import("./pair-new.ts"), await receiving(stay)]
            return await pair("new-by-picture", onStep, (run) => receiveByPicture(run, side))
        },

        async receiveByCode(code, { stay }, onStep) {
            const [{ receiveByCode }, side] = [await import("./pair-new.ts"), await receiving(stay)]
            return await pair("new-by-code", onStep, (run) => receiveByCode(run, side, code))
        },

        async giveByPicture(payload, onStep) {
            const [{ giveByPicture }, side] = [await import("./pair-old.ts"), await giving()]
            return await pair("old-by-picture", onStep, (run) => giveByPicture(run, side, payload))
        },

        async giveByCode(onStep) {
            const [{ giveByCode }, side] = [await import("./pair-old.ts"), await giving()]
            return await pair("old-by-code", onStep, (run) => giveByCode(run, side))
        },

        answerPairing: async (yes) => pairing?.answer(yes),
        stopPairing: async () => pairing?.stop(),

        lock: forget,

        inspect: async (file, dayFirst) => imports.inspect(file, dayFirst ?? null, await refreshed(), patience()),
        openBackup: async (file, key) => openBackup(file, key),
        startImport: async (choices, onProgress) => heeding(await imports.start(choices, await library(), onProgress)),
        stopImport: async () => imports.stop(),
        pendingImports: async () => imports.pending(await library()),
        rememberHandle: async (previewId, handle) => imports.rememberHandle(previewId, handle, await library()),
        pendingHandle: async (importId) => imports.handle(importId, await library()),
        discardPending: async (importId) => imports.discard(importId, await library(), patience()),

        chats: async () => listChats(await refreshed(), patience()),

        async openChat(conversation, importId) {
            const opened = await OpenedChat.open(ports, await library(), conversation, importId, patience())
            chats.set(opened.summary.chatId, opened)
            return opened.summary
        },

        async wholeChat(chatId) {
            const whole = await chat(chatId).whole()
            chats.set(whole.summary.chatId, whole)
            return whole.summary
        },

        records: async (chatId, from, to) => chat(chatId).records(from, to),
        openFile: async (chatId, index) => chat(chatId).file(index, patience()),
        rawRecord: async (chatId, index) => chat(chatId).raw(index, patience()),

        async openPart(chatId, part) {
            const opened = chat(chatId).part(part)
            chats.set(opened.summary.chatId, opened)
            return opened.summary
        },

        placeOf: async (chatId, id) => chat(chatId).placeOf(id),
        daysOf: async (chatId) => chat(chatId).days(),
        mediaOf: async (chatId) => chat(chatId).media(),
        async search(chatId, query) {
            const opened = chat(chatId)
            return opened.find(query, opened.moreOf(transcriptsOf(await library(), opened.summary.conversation)))
        },
        searchAll: async (query, onFound) => searches.run(await refreshed(), query, patience(), onFound),
        stopSearch: async () => searches.stop(),
        async transcripts(chatId) {
            const opened = chat(chatId)
            const said = transcriptsOf(await library(), opened.summary.conversation)
            return opened.summary.files.flatMap(({ index }) => {
                const transcript = said.get(opened.voiceKey(index) ?? "")
                return transcript === undefined ? [] : [{ file: index, transcript }]
            })
        },

        async keepTranscript(chatId, file, transcript) {
            const opened = chat(chatId)
            const key = opened.voiceKey(file)
            if (key === null) throw new EngineError("unknown-file")
            await keepTranscript(await library(), opened.summary.conversation, { ...transcript, file: key }, patience())
            for (const one of chats.values()) one.forgetIndex()
            searches.forget()
        },

        async statisticsOf(chatId) {
            const { statisticsOf } = await import("../reader/statistics/statistics.ts")
            return statisticsOf(chat(chatId).history)
        },
        bookmarks: async (chatId) =>
            bookmarksOf(await library(), chat(chatId).summary.conversation, chat(chatId).history),
        async keepBookmark(chatId, bookmark) {
            const { summary, history } = chat(chatId)
            return await keepBookmark(ports, await library(), summary.conversation, history, bookmark, patience())
        },
        removeBookmark: async (chatId, id) =>
            removeBookmark(await library(), chat(chatId).summary.conversation, id, patience()),

        async closeChat(chatId) {
            chats.get(chatId)?.close()
            chats.delete(chatId)
        },

        setSelf: async (conversation, self) => changeConversation(conversation, { self }),
        renameChat: async (conversation, name) => changeConversation(conversation, { name }),
        joinChats: async (from, into) => joinChats(await library(), from, into, patience()),
        splitImport: async (importId, name) => splitImport(ports, await library(), importId, name, patience()),
        setClocks: async (clocks) => setClocks(await library(), clocks, patience()),
        deleteImport: async (importId) => deleteImports(await library(), ({ id }) => id === importId, patience()),
        deleteChat: async (conversation) =>
            deleteImports(await library(), (snapshot) => snapshot.conversation === conversation, patience()),
        judge: async (conversation, zone) => judge(await refreshed(), holdings, conversation, zone, patience()),
        setRule: async (conversation, rule) => setRule(await library(), conversation, rule, patience()),
        weigh: async (importIds) => weigh(await library(), holdings, importIds, patience()),
        deleteImports: async (importIds, staying) =>
            deleteImports(await library(), ({ id }) => importIds.includes(id), patience(), staying),
        estimateRestore: async (request) => restores.estimate(request, await refreshed(), patience()),
        restore: async (request, place, onProgress) => restores.run(request, place, await library(), onProgress),
        stopRestore: async () => restores.stop(),
        pendingRestore: async () => restores.pending(await library()),
        discardRestore: async () => restores.discard(await library()),

        async checkBackup(request, onProgress) {
            checking?.abort()
            const mine = new AbortController()
            checking = mine
            try {
                await refreshed()
                return await checkLibrary(ports, await unlocked(), request, mine.signal, onProgress)
            } catch (error) {
                throw mine.signal.aborted ? new EngineError("stopped") : error
            }
        },

        stopCheck: async () => checking?.abort(),
        askDrill: async (conversation) => askDrill(ports, await refreshed(), conversation, patience()),
        takeDrill: async () => takeDrill(ports, await refreshed(), openedBy, patience()),
        callOffDrill: async () => callOffDrill(await library(), patience()),

        saveCopy: async (options, onProgress) => (await copying()).save(await unlockedNow(), options, onProgress),
        examineCopy: async (file) => (await copying()).examine(file, await current(), patience()),
        unlockCopy: async (code) => (await copying()).unlock(code, await current(), patience()),
        bringInCopy: async (options, onProgress) =>
            (await copying()).bringIn(await current(), options, enter, onProgress),
        stopCopy: async () => copies?.stop(),
        closeCopy: async () => copies?.close(),

        async quota() {
            const { server } = ports
            const waiting = patience()
            return (await persist(waiting, () => server.account(waiting.signal))).quota
        },

        async onChange(listener) {
            if (listeners.size === 0) ports.server.watch(noticed)
            listeners.add(listener)
        },
    }
}
