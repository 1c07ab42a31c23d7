/** What people are called whom a database knows by their addresses: the contact's name, else the number. */

import { textOf } from "../parts/json.ts"
import type { Database } from "./rows.ts"

/** No database says what its owner is called: it is the one person without an address in it. */
export const ownName = "You"
/** In place of an address, for the owner. */
export const ownKey = "self"

export class Names {
    private readonly contacts: ReadonlyMap<string, string>
    private readonly numbers: ReadonlyMap<string, string>

    /** `contacts`: names by address; `numbers`: the address with a number by the one that hides it. */
    constructor(contacts: ReadonlyMap<string, string>, numbers: ReadonlyMap<string, string>) {
        this.contacts = contacts
        this.numbers = numbers
    }

    /** The one address of a person or chat: the same in older databases, which knew no hidden ones. */
    address(jid: string): string {
        return this.numbers.get(jid) ?? jid
    }

    /** What is shown for an address. */
    of(jid: string): string {
        const address = this.address(jid)
        const name = this.contacts.get(address) ?? this.contacts.get(jid)
        if (name !== undefined) return name
        const [user = "", server = ""] = address.split("@")
        return server === "s.whatsapp.net" && /^\d{6,}$/.test(user) ? `+${user}` : user || address
    }
}

/** Since 2024, people in groups stand under addresses that hide their numbers; where both are known, a table joins them. */
export function numbersOf(database: Database): ReadonlyMap<string, string> {
    const numbers = new Map<string, string>()
    const columns = database.columns("jid_map")
    if (!columns.has("lid_row_id") || !columns.has("jid_row_id")) return numbers
    const query = `
        select hidden.raw_string hidden, known.raw_string known from jid_map
            join jid hidden on hidden._id = jid_map.lid_row_id
            join jid known on known._id = jid_map.jid_row_id`
    for (const { hidden, known } of database.rows(query))
        if (textOf(hidden) !== "" && textOf(known) !== "") numbers.set(textOf(hidden), textOf(known))
    return numbers
}

/** Out of `wa.db`: names in the phone's address book, else those that people gave themselves. */
export function contactsOf(database: Database): ReadonlyMap<string, string> {
    const contacts = new Map<string, string>()
    const columns = database.columns("wa_contacts")
    const named = ["display_name", "wa_name", "given_name"].filter((name) => columns.has(name))
    if (!columns.has("jid") || named.length === 0) return contacts
    const name = `coalesce(${named.map((each) => `nullif(${each}, '')`).join(", ")}, null)`
    for (const row of database.rows(`select jid, ${name} name from wa_contacts`))
        if (textOf(row["jid"]) !== "" && textOf(row["name"]) !== "")
            contacts.set(textOf(row["jid"]), textOf(row["name"]))
    return contacts
}
