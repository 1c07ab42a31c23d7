/** One look at a whole chat, so that what a choice will be is known at once, however often it is changed. */

import type { ChatRecord } from "../../reader/conversation.ts"
import type { OutChat, OutChoice } from "../../reader/out/choice.ts"
import type { OutMedia } from "../../reader/out/embedding.ts"
import type { OutEstimate } from "./source.ts"

/** A few bytes for every record. */
interface Surveyed {
    readonly day: string
    readonly sender: number | null
    readonly letters: number
    readonly file: number | null
    readonly picture: boolean
}

export class Survey {
    readonly #media: OutMedia
    readonly #found: readonly Surveyed[]

    private constructor(media: OutMedia, found: readonly Surveyed[]) {
        this.#media = media
        this.#found = found
    }

    static async of(chat: OutChat, media: OutMedia): Promise<Survey> {
        const found: Surveyed[] = []
        // The same day is the same string, thousands of times.
        const days = new Map<string, string>()
        for await (const window of chat.records()) for (const record of window) found.push(surveyed(record, days))
        return new Survey(media, found)
    }

    estimate({ form, from, to, person, media }: OutChoice): OutEstimate {
        let [records, files, bytes, pages] = [0, 0, 3000, 1]
        for (const { day, sender, letters, file, picture } of this.#found) {
            if (person !== null && sender !== person) continue
            if ((from !== null || to !== null) && day === "") continue
            if ((from !== null && day < from) || (to !== null && day > to)) continue
            records += 1
            bytes += letters + around[form]
            pages += 1 / 30 + letters / 5000
            if (file === null || !media || !(form === "html" || (form === "print" && picture))) continue
            files += 1
            // Three bytes are four letters.
            bytes += ((this.#media.facts(file)?.size ?? 0) * 4) / 3
            pages += 1 / 5
        }
        return { records, files, bytes: Math.round(bytes), pages: records === 0 ? 1 : Math.ceil(pages) }
    }
}

/** What a form writes around the words of a record. */
const around: Readonly<Record<OutChoice["form"], number>> = { html: 190, print: 210, json: 110, csv: 60, text: 16 }

const pictures: readonly string[] = ["photo", "sticker", "gif"]

function surveyed({ time, sender, text, attachment }: ChatRecord, days: Map<string, string>): Surveyed {
    const written = time.slice(0, 10)
    const day = days.get(written) ?? written
    if (day === written) days.set(written, written)
    const file = attachment?.file ?? null
    return { day, sender, letters: text.length, file, picture: pictures.includes(attachment?.kind ?? "") }
}
