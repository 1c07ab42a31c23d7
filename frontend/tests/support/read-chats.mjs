/** Reads chats for another program: one JSON array of exports in, one JSON array of conversations out. */
import { resolve } from "node:path"
import { json } from "node:stream/consumers"
import { runnerImport } from "vite"

const reader = resolve(import.meta.dirname, "../../src/reader/parse-whatsapp.ts")
const { module } = await runnerImport(reader, { configFile: false, logLevel: "silent" })
const { findChatText, parseWhatsApp, recogniseWhatsApp, titleFromNames } = module

const read = ({ text, fileNames, outer, dayFirst }) => {
    const textName = findChatText(fileNames)
    const title = titleFromNames(outer, textName ?? outer)
    const recognised = recogniseWhatsApp(text, fileNames)
    return { ...parseWhatsApp(text, { fileNames, title, dayFirst }), textName, recognised }
}
process.stdout.write(JSON.stringify((await json(process.stdin)).map(read)))
