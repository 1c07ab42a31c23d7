/** What the beginning of a JSON text says about where it comes from; the text may be cut off anywhere. */
import { type Fields, fieldsOf, isFields } from "./json.ts"
import { JsonText, parse, unread } from "./scan.ts"

/** A list's first element, undefined where it is empty or cut off; and a value that is no list and no object. */
interface Glimpse {
    readonly keys: ReadonlySet<string>
    readonly values: ReadonlyMap<string, unknown>
}

function glimpse(text: string): Glimpse | null {
    const json = new JsonText(text)
    const top = json.skip(0)
    if (!json.isObject(top)) return null
    const keys = new Set<string>()
    const values = new Map<string, unknown>()
    json.eachMember(top, (key, at) => {
        keys.add(key)
        if (json.isArray(at)) {
            const first = json.skip(at + 1)
            values.set(key, parse(text.slice(first, json.endOfValue(first))))
        } else if (!json.isObject(at)) values.set(key, parse(text.slice(at, json.endOfValue(at))))
        return unread
    })
    return { keys, values }
}

export function sourceOf(sample: string): "telegram" | "signal" | "meta" | null {
    if (isSignal(sample)) return "signal"
    const seen = glimpse(sample)
    if (seen === null) return null
    if (isTelegram(seen)) return "telegram"
    return isMeta(seen) ? "meta" : null
}

const frames = ["account", "recipient", "chat", "chatItem"]

/** The first line tells of the backup, and each further one is a frame. */
function isSignal(sample: string): boolean {
    const [head = "", ...lines] = sample
        .slice(0, 60_000)
        .replace(/^\ufeff/, "")
        .split("\n", 4)
    if (!isFields(parse(head)) || !head.includes('"version"')) return false
    return lines.some((line) => isFrame(fieldsOf(parse(line))) || /^\{"(?:account|recipient|chatItem)":\{/.test(line))
}

const isFrame = (frame: Fields): boolean => frames.some((name) => isFields(frame[name]))

const chatTypes =
    /^(?:personal_chat|bot_chat|saved_messages|replies|verify_codes|(?:private|public)_(?:group|supergroup|channel))$/

function isTelegram({ keys, values }: Glimpse): boolean {
    const type = values.get("type")
    const first = fieldsOf(values.get("messages"))
    if (keys.has("messages") && keys.has("id")) {
        if (typeof type === "string" && chatTypes.test(type)) return true
        return "date" in first && ("from_id" in first || "actor_id" in first || "date_unixtime" in first)
    }
    // A whole account begins with words about the export; chats come last, after everything else.
    return keys.has("about") && ["personal_information", "chats", "left_chats"].some((key) => keys.has(key))
}

function isMeta({ keys, values }: Glimpse): boolean {
    if (!keys.has("messages")) return false
    const first = fieldsOf(values.get("messages"))
    if ("sender_name" in first || "senderName" in first) return true
    if (["thread_path", "threadName"].some((key) => keys.has(key))) return keys.has("participants")
    // The first message is longer than the sample.
    return "name" in fieldsOf(values.get("participants")) && values.get("messages") === undefined
}
