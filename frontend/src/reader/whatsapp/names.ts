/** What the names of an export say: which file is the chat, and whose chat it is. */
import { cleanName } from "./characters.ts"

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1)
const depth = (path: string): number => path.split("/").length - 1
const isJunk = (path: string): boolean => /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|\._)/.test(path)

/** The title in every language of the app that is known: what stands before the name, and what after it. */
const titles: readonly (readonly [before: string, after: string])[] = [
    ["WhatsApp Chat with ", ""],
    ["WhatsApp Chat - ", ""],
    ["WhatsApp-Chat mit ", ""],
    ["WhatsApp Chat mit ", ""],
    ["Chat de WhatsApp con ", ""],
    ["Conversa do WhatsApp com ", ""],
    ["Conversa no WhatsApp com ", ""],
    ["Discussion WhatsApp avec ", ""],
    ["Chat WhatsApp con ", ""],
    ["WhatsApp-chat met ", ""],
    ["", " ile WhatsApp Sohbeti"],
    ["Чат WhatsApp с контактом ", ""],
    ["Чат WhatsApp с ", ""],
    ["Бесіда WhatsApp з ", ""],
    ["Czat WhatsApp z ", ""],
    ["Chat WhatsApp s uživatelem ", ""],
    ["", " के साथ WhatsApp चैट"],
    ["دردشة واتساب مع ", ""],
    ["צ'אט WhatsApp עם ", ""],
    ["", "とのWhatsAppチャット"],
    ["", "님과의 WhatsApp 대화"],
    ["WhatsApp 与 ", " 的对话"],
    ["WhatsApp 與 ", " 的對話"],
    ["與 ", " 的對話"],
    ["Chat WhatsApp dengan ", ""],
    ["WhatsApp-chatt med ", ""],
    ["WhatsApp chat med ", ""],
    ["WhatsApp-samtale med ", ""],
    ["WhatsApp-keskustelu henkilön ", " kanssa"],
]

function nameWithin(title: string): string | null {
    for (const [before, after] of titles) {
        if (title.length > before.length + after.length && title.startsWith(before) && title.endsWith(after))
            return title.slice(before.length, title.length - after.length).trim()
    }
    return null
}

/** A title with what downloads do to names undone: underscores for spaces, a counter in brackets. */
function asTitle(fileName: string, downloaded: boolean): string {
    let title = cleanName(baseName(fileName).replace(/\.(?:zip|txt)$/i, ""))
    if (downloaded) title = title.replace(/ ?\(\d{1,2}\)$/, "")
    return title.includes(" ") ? title : title.replaceAll("_", " ").trim()
}

const isIosText = (fileName: string): boolean => /^_chat(?: ?\(\d{1,2}\))?\.txt$/i.test(cleanName(baseName(fileName)))

/** Whether the name alone says that a chat of WhatsApp is inside. */
export function isNamedAsChat(fileName: string): boolean {
    return isIosText(fileName) || nameWithin(asTitle(fileName, true)) !== null
}

/** The entry that holds the chat, told by names alone, or null. */
export function findChatText(fileNames: readonly string[]): string | null {
    const texts = fileNames.filter((name) => /\.txt$/i.test(name) && !isJunk(name))
    const nearest = (found: readonly string[]): string | null =>
        found.reduce<string | null>((best, name) => (best === null || depth(name) < depth(best) ? name : best), null)
    const named = nearest(texts.filter(isIosText)) ?? nearest(texts.filter(isNamedAsChat))
    const hinted = named ?? nearest(texts.filter((name) => /whatsapp|واتساب/i.test(baseName(name))))
    if (hinted !== null) return hinted
    const top = Math.min(...texts.map(depth))
    const alone = texts.filter((name) => depth(name) === top)
    return alone.length === 1 && top <= 1 ? (alone[0] ?? null) : null
}

/** The chat's name from the names of the archive and of the text in it; a bare text is given as both. */
export function titleFromNames(zipName: string, textName: string): string {
    const bare = zipName === textName
    const fromText = isIosText(textName) ? null : nameWithin(asTitle(textName, bare))
    if (fromText !== null) return fromText
    const zipTitle = asTitle(zipName, true)
    if (bare || isIosText(textName)) return nameWithin(zipTitle) ?? zipTitle
    return nameWithin(zipTitle) ?? asTitle(textName, false)
}
