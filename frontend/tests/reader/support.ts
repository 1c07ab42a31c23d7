/** What the reader's tests share: a short way to a chat, and tables of headers and bodies. */
import type { ChatRecord } from "../../src/reader/conversation.ts"
import { parseWhatsApp } from "../../src/reader/parse-whatsapp.ts"

export function records(
    text: string,
    fileNames: readonly string[] = [],
): (ChatRecord & { readonly by: string | null })[] {
    const chat = parseWhatsApp(text, { fileNames })
    return chat.records.map((record) => ({
        ...record,
        by: record.sender === null ? null : (chat.people[record.sender] ?? ""),
    }))
}

/** One header of each way in which phones write them, and how it is read. */
export const dialects: readonly (readonly [header: string, time: string, sender: string, text: string])[] = [
    ["9/19/26, 9:52\u202fAM - Anna: Hi", "2026-09-19T09:52:00", "Anna", "Hi"],
    ["9/19/26, 12:52 AM - Anna: Hi", "2026-09-19T00:52:00", "Anna", "Hi"],
    ["9/19/26, 12:52 PM - Anna: Hi", "2026-09-19T12:52:00", "Anna", "Hi"],
    ["19/09/26, 9:52\u202fpm - Anna: Hi", "2026-09-19T21:52:00", "Anna", "Hi"],
    ["2026-09-19, 9:05 a.m. - Anna: Hi", "2026-09-19T09:05:00", "Anna", "Hi"],
    ["19/9/26, 2:43 p.\u00a0m. - Ana: Hola", "2026-09-19T14:43:00", "Ana", "Hola"],
    ["19/09/2026 21:21 - Ana: Oi", "2026-09-19T21:21:00", "Ana", "Oi"],
    ["19/09/2017 à 22:35 - Anne: Salut", "2017-09-19T22:35:00", "Anne", "Salut"],
    ["19-09-2026 14:56 - Anna: Hoi", "2026-09-19T14:56:00", "Anna", "Hoi"],
    ["19.9.2026 klo 21.25 - Anna: Hei", "2026-09-19T21:25:00", "Anna", "Hei"],
    ["2026/09/19, 14:30 - 花子: こんにちは", "2026-09-19T14:30:00", "花子", "こんにちは"],
    ["2026/09/19 午後2:30 - 花子: はい", "2026-09-19T14:30:00", "花子", "はい"],
    ["19/09/26 18.00 - Ani: Halo", "2026-09-19T18:00:00", "Ani", "Halo"],
    ["2026. 09. 19. 14:05 - Anna: Szia", "2026-09-19T14:05:00", "Anna", "Szia"],
    ["19.09.2026 г., 14:05 – Ана: Здравей", "2026-09-19T14:05:00", "Ана", "Здравей"],
    ["[19.09.26, 09:52:10] Anna: Hallo", "2026-09-19T09:52:10", "Anna", "Hallo"],
    ["[9/19/26, 9:52:10\u202fAM] Anna: Hi", "2026-09-19T09:52:10", "Anna", "Hi"],
    ["[9/19/26 21.41.55] Ani: Halo", "2026-09-19T21:41:55", "Ani", "Halo"],
    ["[21:41:35, 9/19/26] An: Chào", "2026-09-19T21:41:35", "An", "Chào"],
    ["[\u200f19\u200f/9\u200f/2026، 14:56:01] ليلى: مرحبا", "2026-09-19T14:56:01", "ليلى", "مرحبا"],
    ["[١٩\u200f/٩\u200f/٢٠٢٦، ٢:٥٦:٠٠\u00a0م] ليلى: مرحبا", "2026-09-19T14:56:00", "ليلى", "مرحبا"],
    ["[9/19/2569 BE, 14:56:01] Anna: Hi", "2026-09-19T14:56:01", "Anna", "Hi"],
    ["[9/19/R8, 14:56:01] Anna: Hi", "2026-09-19T14:56:01", "Anna", "Hi"],
    ["23.03.15 13:31:10: Anna: Hallo", "2015-03-23T13:31:10", "Anna", "Hallo"],
]

const android = "19.09.26, 09:52 - "
const ios = "[19.09.26, 09:52:10] "

/** One record of each kind, and what it is read as. */
export const kinds: readonly (readonly [text: string, expected: object])[] = [
    [
        `${android}Ann: a (1).pdf (file attached)`,
        { attachment: { name: "a (1).pdf", kind: "document", file: 0 }, text: "" },
    ],
    [`${android}Ann: a (1).pdf (file attached).pdf (Datei angehängt)`, { attachment: { file: 1 } }],
    [`${android}Ann: PTT-20260919-WA0002.opus (quelque chose)`, { attachment: { kind: "voice", file: 2 } }],
    [`${android}Ann: STK-20260919-WA0005.webp (file attached)`, { attachment: { kind: "sticker", file: null } }],
    [`${android}Ann: DOC-20260919-WA0006. (file attached)`, { attachment: { kind: "document", file: null } }],
    [`${android}Ann: see you (at nine)`, { kind: "message", attachment: null, text: "see you (at nine)" }],
    [
        `${ios}Ann: \u200e<attached: 00000042-Ben Muster.vcf>`,
        { attachment: { name: "00000042-Ben Muster.vcf", kind: "contact", file: null } },
    ],
    [
        `${ios}Ann: \u200e<添付ファイル：00000001-GIF-2026-09-19-09-52-10.mp4>`,
        { attachment: { kind: "gif", file: null } },
    ],
    [`${ios}Ann: if a < b: c > d`, { kind: "message", attachment: null, text: "if a < b: c > d" }],
    [
        `${android}Ann: ABSTIMMUNG:\nWann?\nOPTION: Samstag (2 Stimmen)\nOPTION: So (früh)`,
        {
            kind: "poll",
            poll: {
                question: "Wann?",
                options: [
                    { text: "Samstag", votes: 2 },
                    { text: "So (früh)", votes: null },
                ],
            },
        },
    ],
    [
        `${ios}Ann: \u200ePOLL:\n\u200eOPTION: a (0 votes)`,
        { kind: "poll", text: "", poll: { question: "", options: [{ text: "a", votes: 0 }] } },
    ],
    [`${android}Ann: POLL: who comes?`, { kind: "message" }],
    [
        `${android}Ann: Standort: https://maps.google.com/?q=47.421,10.985`,
        { kind: "location", text: "https://maps.google.com/?q=47.421,10.985" },
    ],
    [`${android}Ann: we meet here: https://maps.google.com/?q=1,2`, { kind: "message" }],
    [`${android}Ann: `, { kind: "view-once", text: "" }],
    [`${android}Ann: <View once voice message omitted>`, { kind: "view-once" }],
    [`${android}Ann: <Videonachricht weggelassen>`, { kind: "omitted", omitted: "video" }],
    [`${ios}Ann: \u200eimage omitted`, { kind: "omitted", omitted: "photo" }],
    [`${ios}Ann: \u200eContact card omitted`, { kind: "omitted", omitted: "contact" }],
    [`${android}Ann: Diese Nachricht wurde gelöscht`, { kind: "deleted" }],
    [`${android}Ann: Bin da <Diese Nachricht wurde bearbeitet.>`, { kind: "message", edited: true, text: "Bin da" }],
    [`${ios}Ann: ok \u200e<This message was edited>`, { kind: "message", edited: true, text: "ok" }],
    [`${android}Ben was added`, { kind: "system", by: null, text: "Ben was added" }],
    [`${android}Missed video call`, { kind: "call", by: null }],
    [`${ios}Ben: \u200eMissed voice call, \u200eTap to call back`, { kind: "call", by: "Ben" }],
    [`${ios}Ben: \u200e\u200eSomething new the app says`, { kind: "system", by: null }],
    [`${ios}Ben: Missed voice call was a great film`, { kind: "message", by: "Ben" }],
    [`${android}Waiting for this message. This may take a while.`, { kind: "system" }],
    [`${android}Ann: Waiting for this message. This may take a while.`, { kind: "omitted", omitted: null }],
]
