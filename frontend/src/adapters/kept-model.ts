/**
 * The speech model that this browser keeps, in its private folder. It is no secret: anybody can have the same file.
 *
 *     speech-model / content, facts.json
 *
 * The facts are written last: content without them was never finished, and is overwritten by the next.
 */

import type { KeptModel, SpeechModel } from "../engine/transcriber.ts"
import { fields, flag, hash, text, whole } from "./answers.ts"

export const folderName = "speech-model"
export const contentName = "content"
export const factsName = "facts.json"

export const speechModel = fields<SpeechModel>({ name: text, size: whole, sha256: hash, multilingual: flag })

/** Null: there is none, or this browser has no private folder. */
export async function keptModel(): Promise<KeptModel | null> {
    try {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(folderName)
        const facts = await (await folder.getFileHandle(factsName)).getFile()
        const model = speechModel(JSON.parse(await facts.text()))
        const content = await (await folder.getFileHandle(contentName)).getFile()
        return content.size === model.size ? { ...model, content } : null
    } catch {
        return null
    }
}

export async function forgetModel(): Promise<void> {
    const root = await navigator.storage.getDirectory()
    await root.removeEntry(folderName, { recursive: true }).catch(() => undefined)
}
