/**
 * Reads the threads of a download from Messenger or Instagram.
 *
 * A thread has a file for every ten thousand messages, newest first, and so are the messages in each: all are put together
 * and turned round. Files belong together by the thread's own name, not by their folder, because parts of a download are
 * unpacked into folders of their own.
 */
import type { PartOfExport, Raw } from "../conversation.ts"
import { ChatDraft } from "../parts/chat.ts"
import { WallClock } from "../parts/clock.ts"
import { ExportFiles } from "../parts/files.ts"
import { fieldsOf, isFields, listOf, numberOf, textOf } from "../parts/json.ts"
import { JsonText, parse, unread } from "../parts/scan.ts"
import { download, endToEnd, readMessage, type Sent, type Setting } from "./message.ts"

type Piece = Sent | { readonly broken: string; readonly raw: Raw }

interface ThreadFile {
    readonly text: string
    readonly part: string
    readonly title: string
    /** Oldest first. */
    readonly pieces: readonly Piece[]
    /** Of its oldest message. */
    readonly begins: number
}

export function readMeta(
    fileNames: readonly string[],
    texts: ReadonlyMap<number, string>,
    zone?: string,
): PartOfExport[] {
    const setting = { files: new ExportFiles(fileNames), clock: new WallClock(zone) }
    const threads = new Map<string, ThreadFile[]>()
    for (const [file, text] of texts) {
        const read = readFile(text, file, setting.files.folderOf(file))
        const others = threads.get(read?.part ?? "") ?? []
        // Parts of a download can hold the same file.
        if (read === null || others.some((other) => other.text === text)) continue
        threads.set(read.part, [...others, read])
    }
    return [...threads].flatMap(([part, files]) => {
        const chat = readThread(files, setting)
        const title = files.find((file) => file.title !== "")?.title ?? ""
        return chat.isEmpty ? [] : [chat.settle(title, part, null, "Unknown")]
    })
}

function readThread(files: readonly ThreadFile[], setting: Setting): ChatDraft {
    const chat = new ChatDraft()
    for (const { text, pieces } of files.toSorted((one, other) => one.begins - other.begins)) {
        for (const piece of pieces) {
            if ("broken" in piece) chat.addBroken(text, piece.raw)
            else readMessage(chat, piece, setting)
        }
    }
    return chat
}

function readFile(text: string, file: number, folder: string): ThreadFile | null {
    const json = new JsonText(text)
    const top = json.skip(0)
    if (!json.isObject(top)) return null
    const pieces: Piece[] = []
    const members = new Map<string, unknown>()
    json.eachMember(top, (key, at) => {
        if (key === "messages" && json.isArray(at))
            return json.parseElements(at, (value, offset, length) => {
                const raw = { file, offset, length }
                if (!isFields(value)) pieces.push({ broken: "", raw })
                else pieces.push({ fields: value, raw, file, form: endToEnd.sender in value ? endToEnd : download })
            })
        if (!wanted.has(key)) return unread
        const end = json.endOfValue(at)
        members.set(key, parse(text.slice(at, end)))
        return end
    })
    return { text, ...namesOf(members, folder), ...ordered(pieces) }
}

const wanted: ReadonlySet<string> = new Set(["title", "thread_path", "threadName", "participants"])

/** The end-to-end encrypted form numbers its threads behind their names. */
function namesOf(
    members: ReadonlyMap<string, unknown>,
    folder: string,
): { readonly part: string; readonly title: string } {
    const thread = textOf(members.get("threadName"))
    const { repair } = thread === "" ? download : endToEnd
    const title = repair(textOf(members.get("title"))) || thread.replace(/_\d{1,6}$/, "")
    const people = listOf(members.get("participants")).map((each) =>
        repair(textOf(each) || textOf(fieldsOf(each)["name"])),
    )
    const part = repair(textOf(members.get("thread_path"))) || thread || folder.replace(/\/$/, "") || title
    return { part: part || "thread", title: title || people.filter(Boolean).join(", ") || thread }
}

const momentOf = (piece: Piece): number | null => ("broken" in piece ? null : numberOf(piece.fields[piece.form.time]))

/** Oldest first: turned round where the file begins with the newest, then sorted, which keeps what is alike as it is. */
function ordered(pieces: readonly Piece[]): { readonly pieces: readonly Piece[]; readonly begins: number } {
    const moments = pieces.map(momentOf).filter((moment) => moment !== null)
    const forward = (moments[0] ?? 0) < (moments.at(-1) ?? 0)
    // What has no time stays beside its neighbour.
    let moment = Math.min(...[moments[0], moments.at(-1)].map((each) => each ?? 0))
    const timed = (forward ? pieces : pieces.toReversed()).map((piece) => {
        moment = momentOf(piece) ?? moment
        return { piece, moment }
    })
    timed.sort((one, other) => one.moment - other.moment)
    return { pieces: timed.map(({ piece }) => piece), begins: timed[0]?.moment ?? 0 }
}
