/** A chat for paper: a title page, then every entry with its number, time, sender and words, month by month. */

import type { ChatRecord } from "../conversation.ts"
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
import { instant, longDay, monthOf, plainDay, secondOf } from "./dates.ts"
import type { OutDocument } from "./document.ts"
import { embed, noMedia, type OutMedia, whatIsNamed } from "./embedding.ts"
import { aboutList, factList, sourceList } from "./head.ts"
import { close, type Element, element, type Markup, open, type Part, whole } from "./markup.ts"
import { marginsStyle, printStyle } from "./print-style.ts"
import { nameOf, type Said, saidOf } from "./said.ts"
import { type OutText, outTexts } from "./text.ts"

/** Pictures stand in it, small, where media are chosen; other files are named. */
export function printOf(chat: OutChat, choice: OutChoice, setting: OutSetting, media: OutMedia = noMedia): OutDocument {
    const { language, made, zone, program } = setting
    const text = outTexts[language]
    const margins = {
        title: chat.title,
        made: `${text.made}: ${text.madeBy(instant(language, made, zone), program)}`,
        page: text.page,
        of: text.of,
    }
    return {
        title: chat.title,
        language,
        style: printStyle + marginsStyle(margins),
        parts: () => new Print(chat, choice, setting, media).parts(),
    }
}

class Print {
    readonly #chat: OutChat
    readonly #choice: OutChoice
    readonly #setting: OutSetting
    readonly #media: OutMedia
    readonly #text: OutText

    constructor(chat: OutChat, choice: OutChoice, setting: OutSetting, media: OutMedia) {
        this.#chat = chat
        this.#choice = choice
        this.#setting = setting
        this.#media = media
        this.#text = outTexts[setting.language]
    }

    async *parts(): AsyncGenerator<Part> {
        yield whole(this.#titlePage(await measure(this.#chat, this.#choice)))
        const { language } = this.#setting
        let day: string | null = null
        for await (const record of chosen(this.#chat, this.#choice)) {
            const today = dayOf(record)
            if (day === null || today.slice(0, 7) !== day.slice(0, 7)) {
                if (day !== null) yield* this.#endMonth()
                yield* this.#beginMonth(today === "" ? this.#text.noDay : monthOf(language, today.slice(0, 7)))
                day = null
            }
            if (today !== day) {
                if (day !== null) yield close("tbody")
                day = today
                yield open("tbody")
                const words = today === "" ? this.#text.noDay : longDay(language, today)
                const head = element("th", { colspan: "4", scope: "rowgroup" }, words)
                yield whole(element("tr", { class: "day" }, head))
            }
            yield whole(await this.#row(record))
        }
        if (day !== null) yield* this.#endMonth()
    }

    #titlePage(measured: Measure): Element {
        const text = this.#text
        const { first, last, records } = measured
        const { language } = this.#setting
        const period =
            first === null || last === null ? "" : text.span(plainDay(language, first), plainDay(language, last))
        return element(
            "header",
            {},
            element("p", { class: "kind" }, text.printed),
            element("h1", { dir: "auto" }, this.#chat.title),
            element("p", { class: "period" }, records === 0 ? text.nothing : period),
            factList(this.#chat, this.#choice, this.#setting, measured),
            element("h2", {}, text.sources),
            sourceList(this.#chat, this.#setting),
            element("h2", {}, text.about),
            aboutList(this.#setting),
        )
    }

    async *#beginMonth(name: string): AsyncGenerator<Part> {
        const text = this.#text
        const heads = [text.number, text.time, text.who, text.what]
        yield open("section")
        yield whole(element("h2", {}, name))
        yield open("table")
        yield whole(
            element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
        )
    }

    async *#endMonth(): AsyncGenerator<Part> {
        yield close("tbody")
        yield close("table")
        yield close("section")
    }

    async #row(record: ChatRecord): Promise<Element> {
        const said: Markup[] = []
        for (const one of saidOf(record, this.#chat.people, this.#text)) said.push(...(await this.#said(one)))
        if (record.edited) said.push(element("div", { class: "note" }, this.#text.edited))
        const name = nameOf(record.sender, this.#chat.people)
        return element(
            "tr",
            record.sender === null ? { class: "app" } : {},
            element("td", { class: "number" }, String(numberOf(record))),
            element("td", { class: "time" }, element("time", { datetime: record.time }, secondOf(record.time))),
            element("td", { class: "who" }, element("bdi", {}, name ?? "–")),
            element("td", {}, ...said),
        )
    }

    async #said(said: Said): Promise<readonly Markup[]> {
        const text = this.#text
        switch (said.kind) {
            case "words":
                return [element("div", { class: "text", dir: "auto" }, said.text)]
            case "note":
                return [element("div", { class: "note", dir: "auto" }, said.text)]
            case "quote":
                return [
                    element(
                        "blockquote",
                        {},
                        `${text.answers} `,
                        element("bdi", {}, said.who ?? text.somebody),
                        ": ",
                        element("span", { class: "text", dir: "auto" }, said.text),
                    ),
                ]
            case "attachment":
                return await this.#attachment(said)
            case "poll":
                return [
                    element(
                        "div",
                        { class: "poll" },
                        `${text.poll}: `,
                        element("span", { class: "text", dir: "auto" }, said.poll.question),
                        element(
                            "ul",
                            {},
                            ...said.poll.options.map(({ text: option, votes }) =>
                                element(
                                    "li",
                                    {},
                                    element("bdi", {}, option),
                                    ...(votes === null ? [] : [` (${text.votes(votes)})`]),
                                ),
                            ),
                        ),
                    ),
                ]
            case "reactions":
                return [
                    element(
                        "div",
                        { class: "note" },
                        `${text.reactions}: `,
                        ...said.reactions.flatMap(({ emoji, count, names }, place) => [
                            `${place === 0 ? "" : ", "}${emoji} `,
                            ...(names.length < count ? [String(count)] : []),
                            ...(names.length === 0 ? [] : [element("bdi", {}, names.join(", "))]),
                        ]),
                    ),
                ]
        }
    }

    async #attachment({ attachment }: Extract<Said, { kind: "attachment" }>): Promise<readonly Markup[]> {
        const { file } = attachment
        const facts = file === null ? null : this.#media.facts(file)
        const media = this.#choice.media ? this.#media : null
        const found = await embed(attachment, media, this.#setting, "pictures")
        const named =
            found.kind === "named" ? { ...found, facts: found.facts ?? facts } : { attachment, facts, why: null }
        const hash = facts?.sha256 ?? null
        return [
            ...(found.kind === "named" ? [] : [element("figure", {}, found.element)]),
            element("div", { class: "named" }, ...whatIsNamed(named, this.#setting)),
            ...(hash === null ? [] : [element("div", { class: "hash" }, "SHA-256 ", element("code", {}, hash))]),
        ]
    }
}
