/**
 * Reads WhatsApp's database on Android, `msgstore.db`, as it has been since 2021: with the table `message`.
 *
 * What a text export lacks stands here: replies, reactions, ids, calls, places with their coordinates. Chats are called by
 * their address, messages by the id that both phones gave them.
 */

import type { PartOfExport, Reaction } from "../conversation.ts"
import { ChatDraft, distinctParts, wordless } from "../parts/chat.ts"
import { WallClock } from "../parts/clock.ts"
import { textOf } from "../parts/json.ts"
import { callTypes, contentOf, silentTypes, systemType } from "./content.ts"
import { MediaFiles } from "./media.ts"
import { Names, numbersOf, ownKey, ownName } from "./names.ts"
import { callText, noticeText } from "./notices.ts"
import * as queries from "./queries.ts"
import { type Database, hasTable, type Row, wholeOf } from "./rows.ts"

export interface Setting {
    readonly fileNames: readonly string[]
    /** Where the database stands among them. */
    readonly from: number
    /** Names by address, out of `wa.db`. */
    readonly contacts: ReadonlyMap<string, string>
    /** IANA: whose clock on the wall is shown. Absent: this device's. */
    readonly zone?: string
}

/** While WhatsApp moved messages to the new table, both were there: the one that has more is the one that is whole. */
export function isMsgstore(database: Database): boolean {
    if (!["message", "chat", "jid"].every((table) => hasTable(database, table))) return false
    const rows = queries.countOf(database, "message")
    return rows > 0 && rows >= queries.countOf(database, "messages")
}

export function readMsgstore(database: Database, setting: Setting): readonly PartOfExport[] {
    return new Reading(database, setting).read()
}

interface Open {
    readonly draft: ChatDraft
    readonly jid: string
    title: string
}

const nowhere = { offset: 0, length: 0 } as const
const none: readonly Row[] = []
const noReactions: readonly Reaction[] = []
/** The same call stands in the chat and in the list of calls, with moments that differ a little. */
const sameCall = 2_000

const momentOf = (jid: string, at: number): string => `${jid}/${Math.floor(at / sameCall)}`

class Reading {
    private readonly database: Database
    private readonly clock: WallClock
    private readonly names: Names
    private readonly files: MediaFiles
    private readonly chats = new Map<string, Open>()
    private readonly called = new Set<string>()
    private readonly addresses: ReadonlyMap<unknown, string>

    constructor(database: Database, { fileNames, from, contacts, zone }: Setting) {
        this.database = database
        this.clock = new WallClock(zone)
        this.names = new Names(contacts, numbersOf(database))
        this.files = new MediaFiles(fileNames, from)
        this.addresses = queries.addressesIn(database)
    }

    read(): readonly PartOfExport[] {
        const { database } = this
        const reactions = queries.byMessage(queries.reactionsIn(database))
        const cards = queries.byMessage(queries.cardsIn(database))
        const options = queries.byMessage(queries.optionsIn(database))
        const affected = queries.byMessage(queries.affectedIn(database))
        const details = queries.detailsIn(database)
        const chats = queries.chatsIn(database)
        const opened = new Map<unknown, Open | null>()
        const waiting = this.callsByChat()
        for (const message of queries.messagesIn(database)) {
            const number = message["row"]
            const place = message["chat"]
            let chat = opened.get(place)
            if (chat === undefined) {
                const listed = chats.get(place)
                chat = this.open(this.addresses.get(listed?.["jid"]), textOf(listed?.["subject"]))
                opened.set(place, chat)
            }
            const type = wholeOf(message["type"]) ?? 0
            if (chat === null || silentTypes.has(type)) continue
            const more = details.get(number)
            const row = more === undefined ? message : { ...message, ...more }
            const calls = waiting.get(chat.jid)
            this.callsUntil(chat, calls, wholeOf(row["at"]) ?? 0)
            if (type === systemType) this.addNotice(chat, row, affected.get(number) ?? none)
            else if (callTypes.has(type)) this.addMissed(chat, row)
            else {
                const beside = { cards: cards.get(number) ?? none, options: options.get(number) ?? none }
                this.addMessage(chat, row, contentOf(row, beside, this.files), reactions.get(number) ?? none)
            }
        }
        for (const [jid, calls] of waiting) {
            const chat = this.open(jid, "")
            if (chat !== null) this.callsUntil(chat, calls, Number.POSITIVE_INFINITY)
        }
        const parts = [...this.chats.values()].filter(({ draft }) => !draft.isEmpty)
        return distinctParts(parts.map(({ draft, jid, title }) => draft.settle(title, jid, ownKey, this.names.of(jid))))
    }

    private open(address: unknown, subject: string): Open | null {
        const jid = this.names.address(textOf(address))
        if (jid === "") return null
        const known = this.chats.get(jid)
        if (known !== undefined) return known
        const chat: Open = { draft: new ChatDraft(), jid, title: subject || this.names.of(jid) }
        this.chats.set(jid, chat)
        return chat
    }

    /** In a chat of two, the other one is not named beside each message. */
    private person({ draft, jid }: Open, own: unknown, address: unknown): number {
        if (wholeOf(own) === 1) return draft.crowd.index(ownKey, ownName)
        const other = this.names.address(textOf(address)) || jid
        return draft.crowd.index(other, this.names.of(other))
    }

    private time = (at: unknown): string | null => this.clock.read(wholeOf(at))

    private addMessage(chat: Open, row: Row, content: ReturnType<typeof contentOf>, reactions: readonly Row[]): void {
        const quoted = textOf(row["quoted_id"])
        chat.draft.add({
            kind: content.kind,
            text: content.text,
            files: content.files,
            poll: content.poll,
            sender: this.person(chat, row["own"], this.addresses.get(row["sender"])),
            time: this.time(row["at"]),
            raw: nowhere,
            id: textOf(row["id"]),
            edited: (wholeOf(row["edited"]) ?? 0) > 0,
            forwarded: (wholeOf(row["forwarded"]) ?? 0) > 0,
            reactions: reactions.length === 0 ? noReactions : this.reactionsOf(chat, reactions),
            answers:
                quoted === ""
                    ? null
                    : {
                          id: quoted,
                          sender: this.person(chat, row["quoted_own"], this.addresses.get(row["quoted_sender"])),
                          text: textOf(row["quoted_text"]),
                      },
        })
    }

    /** Whoever takes a reaction back leaves an empty one. */
    private reactionsOf(chat: Open, rows: readonly Row[]): readonly Reaction[] {
        return rows
            .filter(({ emoji }) => textOf(emoji) !== "")
            .map(({ emoji, own, sender }) => ({ emoji: textOf(emoji), person: this.person(chat, own, sender) }))
    }

    private addNotice(chat: Open, row: Row, affected: readonly Row[]): void {
        const { names } = this
        const sender = this.addresses.get(row["sender"]) ?? ""
        const who = wholeOf(row["own"]) === 1 ? ownName : sender === "" ? "" : names.of(sender)
        const whom = affected.map(({ person }) => names.of(textOf(person))).filter(Boolean)
        const notice = { action: wholeOf(row["action"]) ?? 0, who, whom, words: textOf(row["text"]) }
        const said = chat.jid.endsWith("@g.us") || whom.length > 0 ? notice : { ...notice, whom: [names.of(chat.jid)] }
        this.addWords(chat, row, "system", null, noticeText(said))
    }

    private addMissed(chat: Open, row: Row): void {
        const at = wholeOf(row["at"]) ?? 0
        // It stands in the list of calls, and was added just now or comes next.
        if ([-sameCall, 0, sameCall].some((distance) => this.called.has(momentOf(chat.jid, at + distance)))) return
        const call = { video: wholeOf(row["missed"]) === 1, own: wholeOf(row["own"]) === 1, seconds: 0, result: null }
        this.addWords(
            chat,
            row,
            "call",
            this.person(chat, row["own"], this.addresses.get(row["sender"])),
            callText(call),
        )
    }

    private callsByChat(): Map<string, Row[]> {
        const found = new Map<string, Row[]>()
        for (const call of queries.callsIn(this.database)) {
            const jid = this.names.address(textOf(call["group_chat"]) || textOf(call["sender"]))
            const before = found.get(jid)
            if (before === undefined) found.set(jid, [call])
            else before.push(call)
            this.called.add(momentOf(jid, wholeOf(call["at"]) ?? 0))
        }
        return found
    }

    /** Adds what was called before this moment. */
    private callsUntil(chat: Open, calls: Row[] | undefined, until: number): void {
        while (calls?.[0] !== undefined && (wholeOf(calls[0]["at"]) ?? 0) <= until) {
            const [call] = calls.splice(0, 1)
            if (call === undefined) return
            const own = wholeOf(call["own"]) === 1
            const seconds = wholeOf(call["seconds"]) ?? 0
            const video = wholeOf(call["video"]) === 1
            const text = callText({ own, seconds, video, result: wholeOf(call["result"]) })
            this.addWords(chat, call, "call", this.person(chat, call["own"], call["sender"]), text)
        }
    }

    private addWords(chat: Open, row: Row, kind: "system" | "call", sender: number | null, text: string): void {
        chat.draft.add({
            ...wordless(kind, text),
            sender,
            time: this.time(row["at"]),
            raw: nowhere,
            id: textOf(row["id"]),
            edited: false,
            forwarded: false,
            reactions: [],
            answers: null,
        })
    }
}
