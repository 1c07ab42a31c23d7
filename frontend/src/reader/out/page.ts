/** A chat as a page to read: bubbles by day, own ones on the other side, with the media within. */

import type { Attachment, ChatRecord } from "../conversation.ts"
import {
    chosen,
    dayOf,
    type Measure,
    measure,
    numberOf,
    type OutChat,
    type OutChoice,
    type OutSetting,
} from "./choice.ts"
import { longDay, minuteOf, monthOf } from "./dates.ts"
import type { OutDocument } from "./document.ts"
import { type Embedded, embed, noMedia, type OutMedia, whatIsNamed } from "./embedding.ts"
import { aboutList, factList, sourceList } from "./head.ts"
import { close, type Element, element, type Markup, open, type Part, whole } from "./markup.ts"
import { coloursStyle, type NameColour, pageStyle } from "./page-style.ts"
import { type Piece, pieceMarkup } from "./pieces.ts"
import { nameOf, type Said, saidOf } from "./said.ts"
import { type OutText, outTexts } from "./text.ts"

export interface PageLook {
    /** Without it words stand as they were written. */
    readonly format?: (text: string) => readonly Piece[]
    /** One for each person. */
    readonly colours?: readonly NameColour[]
}

export function pageOf(
    chat: OutChat,
    choice: OutChoice,
    setting: OutSetting,
    media: OutMedia = noMedia,
    look: PageLook = {},
): OutDocument {
    return {
        title: chat.title,
        language: setting.language,
        style: pageStyle + coloursStyle(look.colours ?? []),
        parts: () => new Page(chat, choice, setting, choice.media ? media : null, look).parts(),
    }
}

/** After a longer silence the same person begins anew. */
const silence = 20 * 60 * 1000

class Page {
    readonly #chat: OutChat
    readonly #choice: OutChoice
    readonly #setting: OutSetting
    readonly #media: OutMedia | null
    readonly #look: PageLook
    readonly #text: OutText
    readonly #self: number
    /** Names are for the ear alone where only one other person writes. */
    readonly #named: boolean
    readonly #months = new Set<string>()

    constructor(chat: OutChat, choice: OutChoice, setting: OutSetting, media: OutMedia | null, look: PageLook) {
        this.#chat = chat
        this.#choice = choice
        this.#setting = setting
        this.#media = media
        this.#look = look
        this.#text = outTexts[setting.language]
        this.#self = chat.self === null ? -1 : chat.people.indexOf(chat.self)
        this.#named = this.#self < 0 || chat.people.length > 2
    }

    async *parts(): AsyncGenerator<Part> {
        const measured = await measure(this.#chat, this.#choice)
        yield whole(this.#head(measured))
        yield open("main")
        if (measured.records === 0) yield whole(element("p", { class: "notice" }, this.#text.nothing))
        let before: ChatRecord | null = null
        for await (const record of chosen(this.#chat, this.#choice)) {
            const day = dayOf(record)
            const newDay = before === null || dayOf(before) !== day
            const newRun = newDay || before === null || !belongTogether(before, record)
            if (before !== null && newRun) yield close("div")
            if (newDay) {
                if (before !== null) yield close("section")
                yield open("section", { class: "day", ...this.#monthId(day) })
                const words = day === "" ? this.#text.noDay : longDay(this.#setting.language, day)
                yield whole(element("h2", {}, words))
            }
            if (newRun) yield* this.#beginRun(record)
            yield whole(await this.#entry(record))
            before = record
        }
        if (before !== null) {
            yield close("div")
            yield close("section")
        }
        yield close("main")
        yield whole(this.#foot())
    }

    /** The first time that a month comes by; a chat that steps back in time comes by it again. */
    #monthId(day: string): { readonly id?: string } {
        const month = day.slice(0, 7)
        if (month === "" || this.#months.has(month)) return {}
        this.#months.add(month)
        return { id: `month-${month}` }
    }

    #head(measured: Measure): Element {
        const { language } = this.#setting
        const months = [...new Set(measured.months)].map((month) =>
            element("li", {}, element("a", { href: `#month-${month}` }, monthOf(language, month))),
        )
        return element(
            "header",
            {},
            element("h1", { dir: "auto" }, this.#chat.title),
            factList(this.#chat, this.#choice, this.#setting, measured),
            ...(months.length < 2
                ? []
                : [
                      element(
                          "details",
                          { class: "months" },
                          element("summary", {}, this.#text.months),
                          element("nav", { "aria-label": this.#text.months }, element("ul", {}, ...months)),
                      ),
                  ]),
        )
    }

    #foot(): Element {
        return element(
            "footer",
            {},
            element("h2", {}, this.#text.sources),
            sourceList(this.#chat, this.#setting),
            element("h2", {}, this.#text.about),
            aboutList(this.#setting),
        )
    }

    async *#beginRun(record: ChatRecord): AsyncGenerator<Part> {
        if (record.sender === null) {
            yield open("div", { class: "run centred" })
            return
        }
        const own = record.sender === this.#self
        const name = nameOf(record.sender, this.#chat.people) ?? ""
        yield open("div", { class: own ? "run own" : "run" })
        const heard = own || !this.#named
        yield whole(
            element("p", { class: heard ? "name heard" : `name person-${record.sender}` }, element("bdi", {}, name)),
        )
    }

    async #entry(record: ChatRecord): Promise<Element> {
        const id = `m${numberOf(record)}`
        const said: Markup[] = []
        for (const one of saidOf(record, this.#chat.people, this.#text)) said.push(await this.#said(one))
        if (record.sender === null) return element("div", { class: "notice", id }, ...said)
        const time = element("time", { datetime: record.time }, minuteOf(record.time))
        const edited = record.edited ? [`${this.#text.edited} `] : []
        return element(
            "article",
            { class: this.#isBare(record) ? "bubble bare" : "bubble", id },
            ...said,
            element("div", { class: "meta" }, ...edited, time),
        )
    }

    async #said(said: Said): Promise<Markup> {
        const text = this.#text
        switch (said.kind) {
            case "words":
                return element(
                    "div",
                    { class: isEmoji(said.text) ? "text emoji" : "text", dir: "auto" },
                    ...this.#words(said.text),
                )
            case "note":
                return element("div", { class: "note", dir: "auto" }, said.text)
            case "quote":
                return element(
                    "blockquote",
                    {},
                    element("b", {}, element("bdi", {}, said.who ?? text.somebody)),
                    element("div", { class: "text", dir: "auto" }, said.text),
                )
            case "attachment": {
                const found = await embed(said.attachment, this.#media, this.#setting, "everything")
                return found.kind === "named"
                    ? element("div", { class: "absent" }, ...whatIsNamed(found, this.#setting))
                    : element("figure", {}, found.element, ...this.#caption(found, said.attachment))
            }
            case "poll": {
                const most = Math.max(1, ...said.poll.options.map(({ votes }) => votes ?? 0))
                const options = said.poll.options.map(({ text: option, votes }) =>
                    element(
                        "li",
                        {},
                        element("span", { dir: "auto" }, option),
                        ...(votes === null
                            ? []
                            : [
                                  element("span", { class: "facts" }, text.votes(votes)),
                                  element("meter", { min: "0", max: String(most), value: String(votes) }),
                              ]),
                    ),
                )
                return element(
                    "div",
                    { class: "poll" },
                    element("div", { class: "facts" }, text.poll),
                    element("div", { class: "text question", dir: "auto" }, ...this.#words(said.poll.question)),
                    element("ul", {}, ...options),
                )
            }
            case "reactions":
                return element(
                    "ul",
                    { class: "reactions", "aria-label": text.reactions },
                    ...said.reactions.map(({ emoji, count, names }) =>
                        element(
                            "li",
                            { title: names.join(", ") },
                            element("bdi", {}, emoji),
                            ...(count > 1 ? [` ${count}`] : []),
                            element("span", { class: "heard" }, ` ${names.join(", ")}`),
                        ),
                    ),
                )
        }
    }

    /** On paper nothing plays: the name stands there instead. */
    #caption(found: Embedded, { kind, name }: Attachment): readonly Markup[] {
        if (found.kind !== "shown" || found.as === "img") return []
        return [element("figcaption", {}, `${this.#text.kinds[kind]}: `, element("bdi", {}, name))]
    }

    /** Stickers and large emoji stand on the paper itself. */
    #isBare({ attachment, kind, text, quote, forwarded }: ChatRecord): boolean {
        if (quote !== undefined || forwarded === true) return false
        if (attachment === null) return kind === "message" && isEmoji(text)
        return attachment.kind === "sticker" && attachment.file !== null && this.#media !== null && text === ""
    }

    #words(text: string): readonly Markup[] {
        return this.#look.format === undefined ? [text] : this.#look.format(text).map(pieceMarkup)
    }
}

function belongTogether(before: ChatRecord, after: ChatRecord): boolean {
    if (before.sender !== after.sender) return false
    return !(Date.parse(`${after.time}Z`) - Date.parse(`${before.time}Z`) > silence)
}

const one = String.raw`(?:\p{RI}{2}|\p{Extended_Pictographic}(?:\uFE0F|\p{EMod})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{EMod})?)*)`
const emoji = new RegExp(`^(?:${one}){1,3}$`, "u")

/** One to three emoji and nothing else are shown large. */
const isEmoji = (text: string): boolean => text.length <= 40 && emoji.test(text)
