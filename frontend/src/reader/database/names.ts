/** What people are called whom a database knows by their addresses: the contact's name, else the number. */

import type { Database } from "./rows.ts"

/** Who made the backup, where the database does not say: a sign, and no word of any language. */
const nobody = "●"

export class Names {
    readonly own: string
    readonly #contacts: ReadonlyMap<string, string>
    readonly #numbers = new Map<string, string>()

    constructor(database: Database, contacts: ReadonlyMap<string, string>) {
        this.#contacts = contacts
        // Newer versions write hidden addresses, and keep the numbers beside them.
        if (database.columns("jid_map").size > 0)
            for (const { hidden, number } of database.rows(`
                select l.raw_string hidden, p.raw_string number from jid_map m
                    join jid l on l._id = m.lid_row_id join jid p on p._id = m.jid_row_id`))
                if (typeof hidden === "string" && typeof number === "string") this.#numbers.set(hidden, number)
        this.own = this.#ownOf(database)
    }

    of(jid: string): string {
        const number = this.#numbers.get(jid) ?? jid
        const name = this.#contacts.get(jid) ?? this.#contacts.get(number)
        if (name !== undefined && name !== "") return name
        const [user = "", server = ""] = number.split("@")
        return server.startsWith("s.whatsapp") && /^\d{6,}$/.test(user) ? `+${user}` : user || number
    }

    #ownOf(database: Database): string {
        if (!database.columns("props").has("key")) return nobody
        for (const { value } of database.rows("select value from props where key in ('user_push_name', 'push_name')"))
            if (typeof value === "string" && value !== "") return value
        return nobody
    }
}

/** Out of `wa.db`: names that the phone's address book has, else those that people gave themselves. */
export function contactsOf(database: Database): ReadonlyMap<string, string> {
    const contacts = new Map<string, string>()
    const columns = database.columns("wa_contacts")
    if (!columns.has("jid")) return contacts
    const named = ["display_name", "wa_name", "given_name"].filter((column) => columns.has(column))
    if (named.length === 0) return contacts
    const name = `coalesce(${named.map((column) => `nullif(${column}, '')`).join(", ")}, '')`
    for (const row of database.rows(`select jid, ${name} name from wa_contacts`))
        if (typeof row["jid"] === "string" && typeof row["name"] === "string" && row["name"] !== "")
            contacts.set(row["jid"], row["name"])
    return contacts
}
