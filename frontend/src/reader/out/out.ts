/** The door of this room: a chat in the form that was chosen, piece by piece, and the name of its file. */

import type { OutChat, OutChoice, OutForm, OutSetting } from "./choice.ts"
import { asCsv } from "./csv.ts"
import { asFile } from "./document.ts"
import { type OutMedia, savedName } from "./embedding.ts"
import { asJson } from "./json.ts"
import { type PageLook, pageOf } from "./page.ts"
import { asText } from "./plain.ts"
import { printOf } from "./print.ts"
import { nameOf } from "./said.ts"
import { outTexts } from "./text.ts"

export function asHtml(
    chat: OutChat,
    choice: OutChoice,
    setting: OutSetting,
    media: OutMedia,
    look: PageLook = {},
): AsyncGenerator<string> {
    return asFile(pageOf(chat, choice, setting, media, look))
}

export function asPrint(
    chat: OutChat,
    choice: OutChoice,
    setting: OutSetting,
    media: OutMedia,
): AsyncGenerator<string> {
    return asFile(printOf(chat, choice, setting, media))
}

export function written(
    chat: OutChat,
    choice: OutChoice,
    setting: OutSetting,
    media: OutMedia,
    look: PageLook = {},
): AsyncGenerator<string> {
    switch (choice.form) {
        case "html":
            return asHtml(chat, choice, setting, media, look)
        case "print":
            return asPrint(chat, choice, setting, media)
        case "json":
            return asJson(chat, choice, setting)
        case "csv":
            return asCsv(chat, choice)
        case "text":
            return asText(chat, choice, setting)
    }
}

/** Small pieces are joined: a disk wants few large ones. */
const fewLetters = 1 << 18

export async function* asBytes(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const encoder = new TextEncoder()
    let held: string[] = []
    let length = 0
    for await (const piece of pieces) {
        held.push(piece)
        length += piece.length
        if (length < fewLetters) continue
        yield encoder.encode(held.join(""))
        held = []
        length = 0
    }
    if (length > 0) yield encoder.encode(held.join(""))
}

const endings: Readonly<Record<OutForm, string>> = {
    html: "html",
    print: "html",
    json: "json",
    csv: "csv",
    text: "txt",
}

export function fileNameOf(
    chat: Pick<OutChat, "title" | "people">,
    choice: OutChoice,
    { language }: OutSetting,
): string {
    const { form, from, to, person } = choice
    const parts = [
        chat.title.slice(0, 80),
        nameOf(person, chat.people)?.slice(0, 40) ?? "",
        from === null && to === null ? "" : `${from ?? ""}…${to ?? ""}`,
        form === "print" ? outTexts[language].printed : "",
    ]
    return savedName(`${parts.filter((part) => part !== "").join(" – ")}.${endings[form]}`)
}
