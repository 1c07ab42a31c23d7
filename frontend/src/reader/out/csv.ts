/**
 * A chat as CSV (RFC 4180), UTF-8 with a byte order mark, for spreadsheets. Columns and kinds have fixed names in every language.
 *
 * [Inert] Spreadsheets calculate what begins with `=`, `+`, `-`, `@`, a tab or a line end, so an apostrophe stands before it.
 * Apostrophes that stand there already get one more: whoever takes one away behind this rule has the exact text again.
 */

import type { ChatRecord } from "../conversation.ts"
import { chosen, numberOf, type OutChat, type OutChoice } from "./choice.ts"
import { nameOf, reactedOf } from "./said.ts"

export const csvColumns = [
    "number",
    "date",
    "time",
    "sender",
    "kind",
    "text",
    "attachment",
    "attachment_kind",
    "attachment_in_export",
    "omitted",
    "edited",
    "forwarded",
    "answers_sender",
    "answers_text",
    "reactions",
    "poll_options",
] as const

export async function* asCsv(chat: OutChat, choice: OutChoice): AsyncGenerator<string> {
    yield `\uFEFF${rowOf(csvColumns)}`
    for await (const record of chosen(chat, choice)) yield rowOf(cellsOf(record, chat.people))
}

/** See [Inert]. The full-width marks count as well: some spreadsheets take them for the others. */
const calculates = /^'*[=+\-@\t\r\n＝＋－＠]/

function rowOf(cells: readonly string[]): string {
    return `${cells.map(cellOf).join(",")}\r\n`
}

function cellOf(text: string): string {
    const inert = calculates.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

function cellsOf(record: ChatRecord, people: readonly string[]): readonly string[] {
    const { attachment, quote, poll, omitted } = record
    return [
        String(numberOf(record)),
        record.time.slice(0, 10),
        record.time.slice(11),
        nameOf(record.sender, people) ?? "",
        record.kind,
        record.text,
        attachment?.name ?? "",
        attachment?.kind ?? "",
        attachment === null ? "" : yesOrNo(attachment.file !== null),
        omitted === undefined ? "" : (omitted ?? "unknown"),
        yesOrNo(record.edited),
        yesOrNo(record.forwarded === true),
        quote === undefined ? "" : (nameOf(quote.sender, people) ?? ""),
        quote?.text ?? "",
        reactedOf(record.reactions ?? [], people)
            .map(({ emoji, count, names }) => `${emoji} ${names.length < count ? count : ""} ${names.join(", ")}`)
            .map((said) => said.replace(/ {2,}/g, " ").trim())
            .join("; "),
        (poll?.options ?? []).map(({ text, votes }) => (votes === null ? text : `${text}: ${votes}`)).join("\n"),
    ]
}

const yesOrNo = (value: boolean): string => (value ? "yes" : "no")
