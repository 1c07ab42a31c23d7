/**
 * A chat as plain text.
 *
 * Days begin lines, and times do; whatever a message says behind its first line is moved in, so that nobody can write a
 * message that looks like several.
 */

import { chosen, dayOf, measure, type OutChat, type OutChoice, type OutSetting } from "./choice.ts"
import { longDay, minuteOf } from "./dates.ts"
import { factsOf } from "./facts.ts"
import { nameOf, type Said, saidOf, withoutTurns } from "./said.ts"
import { type OutText, outTexts } from "./text.ts"

export async function* asText(chat: OutChat, choice: OutChoice, setting: OutSetting): AsyncGenerator<string> {
    const { language } = setting
    const text = outTexts[language]
    const measured = await measure(chat, choice)
    yield `${oneLine(chat.title)}\n\n`
    for (const { name, values } of factsOf(chat, { ...choice, media: false }, setting, measured))
        yield `${name}: ${values.map(oneLine).join("; ")}\n`
    for (const { name, sha256 } of chat.sources) yield `SHA-256 ${sha256 ?? text.noHash}  ${oneLine(name)}\n`
    let day: string | null = null
    for await (const record of chosen(chat, choice)) {
        if (dayOf(record) !== day) {
            day = dayOf(record)
            yield `\n${day === "" ? text.noDay : longDay(language, day)}\n\n`
        }
        const name = nameOf(record.sender, chat.people)
        const said = saidOf(record, chat.people, text).map((one) => lineOf(one, text))
        if (record.edited) said.push(`[${text.edited}]`)
        const head = `${minuteOf(record.time).padEnd(5)}  ${name === null ? "* " : `${withoutTurns(oneLine(name))}: `}`
        yield `${head}${movedIn(said.join("\n"))}\n`
    }
}

function lineOf(said: Said, text: OutText): string {
    switch (said.kind) {
        case "words":
            return said.text
        case "note":
            return `[${said.text}]`
        case "quote":
            return `[${text.answers} ${said.who ?? text.somebody}: ${said.text}]`
        case "attachment": {
            const { kind, name, file } = said.attachment
            return `[${text.kinds[kind]}: ${name}${file === null ? ` – ${text.missing}` : ""}]`
        }
        case "poll": {
            const options = said.poll.options.map(({ text: option, votes }) =>
                votes === null ? `– ${option}` : `– ${option} (${text.votes(votes)})`,
            )
            return [`${text.poll}: ${said.poll.question}`, ...options].join("\n")
        }
        case "reactions":
            return `[${said.reactions.map(({ emoji, count, names }) => [emoji, names.length < count ? count : "", names.join(", ")].filter((part) => part !== "").join(" ")).join("; ")}]`
    }
}

/** Every sign that some program takes for the end of a line. */
const lineEnds = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g

const oneLine = (text: string): string => text.replace(lineEnds, " ")

const movedIn = (text: string): string => text.replace(lineEnds, "\n       ")
