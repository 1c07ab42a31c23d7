/**
 * Names out of Signal's frames `account`, `recipient` and `chat`.
 *
 * These frames hold profile keys, group keys and more. Of each only names are kept, the chat's own name as a hash, and the
 * id by which mentions and group changes call a person; the rest is dropped as soon as its line was read.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { toHex } from "../../bytes/hex.ts"
import { type Fields, fieldsOf, isFields, joined, textOf } from "../parts/json.ts"

export const noteToSelf = "Note to Self"
const unknown = "Unknown"

export interface Recipient {
    readonly name: string
    /** The same in every export: ids of recipients and chats are given out anew for each. */
    readonly part: string
    readonly isSelf: boolean
}

export class Recipients {
    private readonly recipients = new Map<string, Recipient>()
    private readonly chats = new Map<string, string>()
    private readonly services = new Map<string, string>()
    private ownName = "You"
    private self: string | null = null

    /** The id of the account's owner among recipients. */
    get selfId(): string | null {
        return this.self
    }

    account(frame: Fields): void {
        const name = joined([textOf(frame["givenName"]), textOf(frame["familyName"])], " ")
        if (name !== "") this.ownName = name
    }

    recipient(frame: Fields): void {
        const id = textOf(frame["id"])
        if (id === "") return
        const isSelf = isFields(frame["self"])
        if (isSelf) this.self = id
        const contact = fieldsOf(frame["contact"])
        this.recipients.set(id, { name: nameOf(frame), part: partOf(frame, id), isSelf })
        const service = textOf(contact["aci"])
        if (service !== "") this.services.set(service, id)
    }

    chat(frame: Fields): void {
        this.chats.set(textOf(frame["id"]), textOf(frame["recipientId"]))
    }

    /** The name of a recipient. */
    name(id: string): string {
        const recipient = this.recipients.get(id)
        if (recipient?.isSelf === true) return this.ownName
        return recipient?.name || unknown
    }

    /** The name behind the id that group changes and mentions use; the owner's is not in the export. */
    nameOfService(service: unknown): string | null {
        const id = this.services.get(textOf(service))
        return id === undefined ? null : this.name(id)
    }

    titleOf(chat: string): string {
        const id = this.chats.get(chat) ?? ""
        return this.recipients.get(id)?.isSelf === true ? noteToSelf : this.name(id)
    }

    partOf(chat: string): string {
        return this.recipients.get(this.chats.get(chat) ?? "")?.part ?? `chat-${chat}`
    }
}

function nameOf(frame: Fields): string {
    const contact = fieldsOf(frame["contact"])
    const nickname = fieldsOf(contact["nickname"])
    const full = (fields: Fields, given: string, family: string): string =>
        joined([textOf(fields[given]), textOf(fields[family])], " ")
    const group = fieldsOf(fieldsOf(fieldsOf(frame["group"])["snapshot"])["title"])
    const list = fieldsOf(fieldsOf(frame["distributionList"])["distributionList"])
    const number = textOf(contact["e164"])
    return (
        full(nickname, "given", "family") ||
        full(contact, "systemGivenName", "systemFamilyName") ||
        textOf(contact["systemNickname"]) ||
        full(contact, "profileGivenName", "profileFamilyName") ||
        textOf(contact["username"]) ||
        (number === "" ? "" : `+${number.replace(/^\+/, "")}`) ||
        textOf(group["title"]) ||
        textOf(list["name"]) ||
        textOf(fieldsOf(frame["callLink"])["name"]) ||
        (isFields(frame["releaseNotes"]) ? "Signal" : "")
    )
}

/** Hashed, because a group's only stable name is the key that opens its state. */
function partOf(frame: Fields, id: string): string {
    const contact = fieldsOf(frame["contact"])
    const group = textOf(fieldsOf(frame["group"])["masterKey"])
    if (isFields(frame["self"])) return "self"
    if (isFields(frame["releaseNotes"])) return "releases"
    if (group !== "") return `group-${hashed(group)}`
    const person = textOf(contact["aci"]) || textOf(contact["pni"]) || textOf(contact["e164"])
    return person === "" ? `recipient-${id}` : `contact-${hashed(person)}`
}

const hashed = (name: string): string =>
    toHex(sha256(new TextEncoder().encode(name)) as Uint8Array<ArrayBuffer>).slice(0, 32)
