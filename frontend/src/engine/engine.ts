/**
 * The engine as the page knows it: joins session, imports, chats and saving over whatever ports it is given.
 *
 * One long function on purpose: it holds the few things that change, and each call is a line or two over a room of its own.
 */

import { deleteImports } from "./delete.ts"
import { codeOf, EngineError } from "./errors.ts"
import { Imports } from "./imports.ts"
import type { Library } from "./library.ts"
import type { Ports } from "./ports.ts"
import type { Engine, LibraryState } from "./protocol.ts"
import { listChats, OpenedChat } from "./read.ts"
import { saveOriginal } from "./restore.ts"
import { type Patience, persist } from "./retry.ts"
import {
    beginSession,
    createSession,
    lockSession,
    proveCode,
    type Session,
    stateOf,
    stayUnlocked,
    type Unlocked,
    unlockedOf,
    unlockSession,
} from "./session.ts"
import { utcTime } from "./times.ts"
import { type PreparedLibrary, prepareLibrary } from "./unlock.ts"

/** A person waits for the answer: a few tries, then the page says that the network is away. */
const triesOfCalls = 3

export function createEngine(ports: Ports): Engine {
    const imports = new Imports(ports)
    const chats = new Map<string, OpenedChat>()
    const listeners = new Set<() => void>()
    let session: Session | null = null
    let beginning: Promise<Session> | null = null
    let prepared: PreparedLibrary | null = null
    void ports.scratch.tidy().catch(() => undefined)

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
        await here.refresh(patience()).catch((error: unknown) => {
            if (codeOf(error) !== "network") throw error
        })
        return here
    }
    const noticed = (sequence: number): void => {
        if (session?.kind !== "unlocked" || sequence <= session.library.opened.head.sequence) return
        const tell = (): void => {
            for (const listener of listeners) listener()
        }
        // Also when the new head is refused: asked for its chats, the engine then says why.
        session.library.refresh(patience()).then(tell, tell)
    }
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
            const before = await current()
            if (before.kind === "absent") throw new EngineError("library-absent")
            const opened = await unlockSession(ports, before, code, stay, patience())
            return opened === null ? { kind: "wrong-code" } : { kind: "opened", state: enter(opened) }
        },

        async proveRecoveryCode(code) {
            const here = await unlocked()
            if (!(await proveCode(ports, here, code, patience()))) return { kind: "wrong-code" }
            return { kind: "opened", state: stateOf(here) }
        },

        setStayUnlocked: async (stay) => enter(await stayUnlocked(ports, await unlocked(), stay)),

        async lock() {
            imports.forget()
            chats.clear()
            prepared?.secret.wipe()
            prepared = null
            const before = await current()
            return enter(before.kind === "unlocked" ? await lockSession(ports, before) : before)
        },

        inspect: async (file, dayFirst) => imports.inspect(file, dayFirst ?? null, await refreshed(), patience()),
        startImport: async (choices, onProgress) => imports.start(choices, await library(), onProgress),
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

        records: async (chatId, from, to) => chat(chatId).records(from, to),
        openFile: async (chatId, index) => chat(chatId).file(index, patience()),

        async closeChat(chatId) {
            chats.delete(chatId)
        },

        setSelf: async (conversation, self) => changeConversation(conversation, { self }),
        renameChat: async (conversation, name) => changeConversation(conversation, { name }),
        deleteImport: async (importId) => deleteImports(await library(), ({ id }) => id === importId, patience()),
        deleteChat: async (conversation) =>
            deleteImports(await library(), (snapshot) => snapshot.conversation === conversation, patience()),
        saveOriginal: async (importId, onProgress) =>
            saveOriginal(ports, await library(), importId, patience(), onProgress),

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
