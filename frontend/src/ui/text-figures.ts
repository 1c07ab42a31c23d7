/** Every sentence of a chat in numbers, in every language; the same keys by type. */

import type { MediaKind } from "../reader/conversation.ts"
import { number, plural } from "./language.ts"

export const figuresEn = {
    open: "In numbers",
    title: (name: string) => `${name} in numbers`,
    back: "Back to the chat",
    counting: "Counting …",
    failed: "The chat could not be counted.",
    empty: "Nobody wrote anything in this chat.",
    made: "Counted on this device. The server learns nothing of it.",
    messages: "Messages",
    words: "Words",
    media: "Media",
    days: "Days with messages",
    streak: "Longest run of days",
    silence: "Longest silence",
    daysLong: (days: number, from: string, to: string) =>
        `${number("en", days)} ${plural("en", days, "day", "days")}, ${from} to ${to}`,
    over: "Messages over time",
    who: "Who writes how much",
    hours: "When people write",
    topWords: "Words",
    topWordsWhy: "Without the words that every sentence has.",
    topEmoji: "Emoji",
    replies: "How fast people answer",
    repliesWhy: "The first message after one of somebody else, within twelve hours.",
    mediaOver: "Media by month",
    others: "Others",
    person: "Person",
    share: "Share",
    hour: "Hour",
    day: "Day",
    month: "Month",
    times: "Times",
    word: "Word",
    emoji: "Emoji",
    median: "Half of the answers within",
    answers: "Answers",
    bounds: ["within 1 min", "5 min", "30 min", "2 h", "12 h"],
    minutes: (value: number) =>
        value < 1
            ? "less than 1 min"
            : value < 90
              ? `${number("en", Math.round(value))} min`
              : `${number("en", Math.round(value / 6) / 10)} h`,
    none: "–",
    table: "As a table",
    saveSvg: "Save as SVG",
    savePng: "Save as PNG",
    saveOf: (what: string, form: string) => `Save as ${form}: ${what}`,
    kinds: {
        photo: "Photos",
        video: "Videos",
        gif: "GIFs",
        voice: "Voice messages",
        audio: "Audio",
        sticker: "Stickers",
        document: "Documents",
        contact: "Contacts",
    } satisfies Record<MediaKind, string>,
    bar: (what: string, count: number) => `${what}: ${number("en", count)}`,
}

export type FiguresText = typeof figuresEn

export const figuresDe: FiguresText = {
    open: "In Zahlen",
    title: (name) => `${name} in Zahlen`,
    back: "Zurück zum Chat",
    counting: "Es wird gezählt …",
    failed: "Der Chat ließ sich nicht auszählen.",
    empty: "In diesem Chat hat niemand etwas geschrieben.",
    made: "Auf diesem Gerät gezählt. Der Server erfährt davon nichts.",
    messages: "Nachrichten",
    words: "Wörter",
    media: "Medien",
    days: "Tage mit Nachrichten",
    streak: "Längste Folge von Tagen",
    silence: "Längste Stille",
    daysLong: (days, from, to) => `${number("de", days)} ${plural("de", days, "Tag", "Tage")}, ${from} bis ${to}`,
    over: "Nachrichten im Lauf der Zeit",
    who: "Wer wie viel schreibt",
    hours: "Wann geschrieben wird",
    topWords: "Wörter",
    topWordsWhy: "Ohne die Wörter, die in jedem Satz stehen.",
    topEmoji: "Emoji",
    replies: "Wie schnell geantwortet wird",
    repliesWhy: "Die erste Nachricht nach einer von jemand anderem, innerhalb von zwölf Stunden.",
    mediaOver: "Medien nach Monaten",
    others: "Andere",
    person: "Person",
    share: "Anteil",
    hour: "Stunde",
    day: "Tag",
    month: "Monat",
    times: "Mal",
    word: "Wort",
    emoji: "Emoji",
    median: "Die Hälfte der Antworten binnen",
    answers: "Antworten",
    bounds: ["bis 1 Min.", "5 Min.", "30 Min.", "2 Std.", "12 Std."],
    minutes: (value) =>
        value < 1
            ? "weniger als 1 Min."
            : value < 90
              ? `${number("de", Math.round(value))} Min.`
              : `${number("de", Math.round(value / 6) / 10)} Std.`,
    none: "–",
    table: "Als Tabelle",
    saveSvg: "Als SVG speichern",
    savePng: "Als PNG speichern",
    saveOf: (what, form) => `Als ${form} speichern: ${what}`,
    kinds: {
        photo: "Fotos",
        video: "Videos",
        gif: "GIFs",
        voice: "Sprachnachrichten",
        audio: "Audio",
        sticker: "Sticker",
        document: "Dokumente",
        contact: "Kontakte",
    },
    bar: (what, count) => `${what}: ${number("de", count)}`,
}
