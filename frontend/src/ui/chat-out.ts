/** What of an open chat can go out: which exports it was made from, and the hashes of their texts. */

import type { ChatSummary } from "../engine/protocol.ts"
import type { OutFile } from "../reader/out/choice.ts"
import type { ChatSource } from "./chat/source.ts"
import type { Language } from "./language.ts"
import { pageZone } from "./language.ts"
import { outSourceOf } from "./out/of-chat.ts"
import type { OutSource } from "./out/source.ts"

/** Reads the text of each export once: its SHA-256 is what a stranger can compare. */
export async function outOfChat(summary: ChatSummary, source: ChatSource, language: Language): Promise<OutSource> {
    const { chat } = source
    const sources = await Promise.all(
        chat.imports.map(async ({ importId, text }): Promise<OutFile> => {
            const { fileName = "", added = "" } = summary.imports.find((one) => one.importId === importId) ?? {}
            const name = chat.files.find(({ index }) => index === text)?.name ?? ""
            const sha256 = text === null ? null : await hashOf(source, text)
            return { name: name === "" || name === fileName ? fileName : `${name} (${fileName})`, sha256, added }
        }),
    )
    const days = await source.days()
    return outSourceOf(source, {
        title: chat.title,
        first: days[0]?.day ?? null,
        last: days.at(-1)?.day ?? null,
        sources,
        setting: () => ({ language, made: new Date().toISOString(), zone: pageZone(), program: "Backupweb" }),
    })
}

async function hashOf(source: ChatSource, file: number): Promise<string | null> {
    const opened = await source.openFile(file)
    if (opened.kind === "refused") return null
    const digest = await crypto.subtle.digest("SHA-256", await opened.blob.arrayBuffer())
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")
}
