/** What is said about storage: how full it is, what can be done about it, and asking for more. */

import { plural } from "./language.ts"

export const roomEn = {
    title: "Storage",
    all: "Storage and more room",
    free: (free: string) => `${free} free`,
    reserved: (size: string) => `${size} of it reserved for what is being sent`,
    plan: (name: string) => `Plan: ${name}`,
    levels: {
        80: {
            title: "Most of your storage is used",
            words: (free: string) => `${free} are left. Nothing needs to be done yet.`,
        },
        95: {
            title: "Your storage is almost full",
            words: (free: string) => `${free} are left. The next export may not fit.`,
        },
    },
    full: {
        title: "Your storage is full",
        words: "Everything stays: you can read, download and delete as before. Only adding has to wait until there is room.",
    },
    look: "What you can do",
    dismiss: "All right",
    largest: "What takes the most",
    largestWords:
        "Of exports that overlap, the newest often holds everything: open a chat and delete older ones there. Their room is free again usually after a day.",
    exports: (count: number) => `${count} ${plural("en", count, "export", "exports")}`,
    nothingYet: "Nothing is here yet.",
    ask: "Ask for more",
    askWords:
        "The people who run this server decide. They see your name, the amount and your words, nothing of your chats.",
    amount: "How much in all?",
    reason: "What for?",
    reasonHelp: "If you like, in a sentence. Everybody who runs the server can read it.",
    send: "Ask for it",
    waiting: (wanted: string, when: string) => `On ${when} you asked for ${wanted}. Nobody has answered yet.`,
    waitingWords: "You hear of the answer here and by e-mail.",
    withdraw: "Take it back",
    granted: (limit: string) => `You asked for more storage, and you have it: ${limit} in all.`,
    refused: (limit: string) =>
        `You asked for more storage. The people who run this server cannot give it to you just now: it stays at ${limit}.`,
    tooManyFor: (seconds: number) => `That was a lot in a short time. Try again ${inEn(seconds)}.`,
}

export const roomDe: typeof roomEn = {
    title: "Speicherplatz",
    all: "Speicherplatz, auch mehr davon",
    free: (free) => `${free} frei`,
    reserved: (size) => `davon ${size} reserviert für das, was gerade gesendet wird`,
    plan: (name) => `Tarif: ${name}`,
    levels: {
        80: {
            title: "Dein Speicherplatz ist zum größten Teil belegt",
            words: (free) => `${free} sind noch frei. Tun musst du noch nichts.`,
        },
        95: {
            title: "Dein Speicherplatz ist fast voll",
            words: (free) => `${free} sind noch frei. Der nächste Export passt vielleicht nicht mehr.`,
        },
    },
    full: {
        title: "Dein Speicherplatz ist voll",
        words: "Alles bleibt: Lesen, Herunterladen und Löschen gehen wie bisher. Nur das Hinzufügen muss warten, bis wieder Platz ist.",
    },
    look: "Was du tun kannst",
    dismiss: "In Ordnung",
    largest: "Was am meisten braucht",
    largestWords:
        "Von Exporten, die sich überschneiden, enthält der neueste oft alles: Öffne einen Chat und lösche dort ältere. Ihr Platz ist meist nach einem Tag wieder frei.",
    exports: (count) => `${count} ${plural("de", count, "Export", "Exporte")}`,
    nothingYet: "Hier ist noch nichts.",
    ask: "Um mehr bitten",
    askWords:
        "Darüber entscheiden die Leute, die diesen Server betreiben. Sie sehen deinen Namen, die Menge und deine Worte, nichts von deinen Chats.",
    amount: "Wie viel insgesamt?",
    reason: "Wofür?",
    reasonHelp: "Wenn du magst, in einem Satz. Alle, die den Server betreiben, können ihn lesen.",
    send: "Darum bitten",
    waiting: (wanted, when) => `Am ${when} hast du um ${wanted} gebeten. Noch hat niemand geantwortet.`,
    waitingWords: "Von der Antwort erfährst du hier und per E-Mail.",
    withdraw: "Zurücknehmen",
    granted: (limit) => `Du hast um mehr Speicherplatz gebeten, und du hast ihn: ${limit} insgesamt.`,
    refused: (limit) =>
        `Du hast um mehr Speicherplatz gebeten. Die Leute, die diesen Server betreiben, können ihn dir gerade nicht geben: Es bleibt bei ${limit}.`,
    tooManyFor: (seconds) => `Das war viel in kurzer Zeit. Versuche es ${inDe(seconds)} noch einmal.`,
}

/** Rounded up: whoever comes back then is not too early. */
function parts(seconds: number): { readonly count: number; readonly unit: "second" | "minute" | "hour" } {
    if (seconds < 60) return { count: seconds, unit: "second" }
    if (seconds <= 90 * 60) return { count: Math.ceil(seconds / 60), unit: "minute" }
    return { count: Math.ceil(seconds / 3600), unit: "hour" }
}

function inEn(seconds: number): string {
    const { count, unit } = parts(seconds)
    return new Intl.RelativeTimeFormat("en").format(count, unit)
}

function inDe(seconds: number): string {
    const { count, unit } = parts(seconds)
    return new Intl.RelativeTimeFormat("de").format(count, unit)
}
