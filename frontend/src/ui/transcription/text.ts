/** Every sentence about voice notes as text, in every language; the same keys by type. */

import type { EngineErrorCode } from "../../engine/errors.ts"
import { bytes, type Language, number } from "../language.ts"

const en = {
    asText: "As text",
    asTextOf: (who: string, when: string) => `Voice message from ${who}, ${when}, as text`,
    waiting: "Waits for its turn",
    asking: "Waits for a speech model",
    loading: "Getting ready",
    listening: "Listening",
    heard: "Written down by this device, which may have misheard.",
    heardBy: (model: string) => `Speech model: ${model}`,
    nothing: "No words were recognised.",
    again: "Try again",

    stop: "Stop",
    choose: "Speech model …",
    all: "All voice messages as text",
    allProgress: (done: number, total: number) =>
        `Voice messages as text: ${number("en", done)} of ${number("en", total)}`,
    title: "Voice messages as text",
    words: "Your device listens and writes down what it understands. Neither the sound nor the text leaves it unencrypted. For this it needs a speech model, once.",
    offered: "From this site",
    facts: (size: number, multilingual: boolean) =>
        `${bytes("en", size)} · ${multilingual ? "many languages" : "English only"}`,
    largerIsBetter: "A larger model understands more, and takes longer.",
    nothingOffered: "This site offers no speech model. You can use a file of your own.",
    notAsked: "What this site offers could not be loaded.",
    take: "Use",
    takeNamed: (name: string) => `Use ${name}`,
    own: "A file of your own",
    ownWords: "A model for whisper.cpp (ggml, .bin), up to 1 GB. It stays on this device.",
    pick: "Choose a file …",
    taking: (name: string) => `${name} is being made ready`,
    kept: "On this device",
    inUse: "in use",
    remove: "Remove",
    removeNamed: (name: string) => `Remove ${name} from this device`,
    looking: "One moment …",
    close: "Close",
    goOn: "Go on",
}

export type TranscriptionText = typeof en

const de: TranscriptionText = {
    asText: "Als Text",
    asTextOf: (who, when) => `Sprachnachricht von ${who}, ${when}, als Text`,
    waiting: "Kommt noch dran",
    asking: "Wartet auf ein Sprachmodell",
    loading: "Wird vorbereitet",
    listening: "Hört zu",
    heard: "Von diesem Gerät aufgeschrieben. Es kann sich verhört haben.",
    heardBy: (model) => `Sprachmodell: ${model}`,
    nothing: "Es waren keine Worte zu erkennen.",
    again: "Noch einmal versuchen",

    stop: "Anhalten",
    choose: "Sprachmodell …",
    all: "Alle Sprachnachrichten als Text",
    allProgress: (done, total) => `Sprachnachrichten als Text: ${number("de", done)} von ${number("de", total)}`,
    title: "Sprachnachrichten als Text",
    words: "Dein Gerät hört zu und schreibt auf, was es versteht. Weder der Ton noch der Text verlassen es unverschlüsselt. Dafür braucht es einmal ein Sprachmodell.",
    offered: "Von dieser Seite",
    facts: (size, multilingual) => `${bytes("de", size)} · ${multilingual ? "viele Sprachen" : "nur Englisch"}`,
    largerIsBetter: "Ein größeres Modell versteht mehr und braucht länger.",
    nothingOffered: "Diese Seite bietet kein Sprachmodell an. Du kannst eine eigene Datei nehmen.",
    notAsked: "Was diese Seite anbietet, ließ sich nicht laden.",
    take: "Nehmen",
    takeNamed: (name) => `${name} nehmen`,
    own: "Eine eigene Datei",
    ownWords: "Ein Modell für whisper.cpp (ggml, .bin), höchstens 1 GB. Es bleibt auf diesem Gerät.",
    pick: "Datei wählen …",
    taking: (name) => `${name} wird bereitgelegt`,
    kept: "Auf diesem Gerät",
    inUse: "wird benutzt",
    remove: "Entfernen",
    removeNamed: (name) => `${name} von diesem Gerät entfernen`,
    looking: "Einen Moment …",
    close: "Schließen",
    goOn: "Weiter",
}

export const transcriptionTexts: Readonly<Record<Language, TranscriptionText>> = { de, en }

/** What can go wrong while a model is made ready or a note is listened to; everything else is `unexpected`. */
const troubles = {
    "no-threads": {
        en: "This browser cannot do this. Current versions of Chrome, Edge, Firefox and Safari can.",
        de: "Dieser Browser kann das nicht. Aktuelle Versionen von Chrome, Edge, Firefox und Safari können es.",
    },
    "not-a-model": {
        en: "This file cannot be used as a speech model. It has to be one for whisper.cpp, and whole.",
        de: "Diese Datei taugt nicht als Sprachmodell. Es muss eines für whisper.cpp sein, und vollständig.",
    },
    "not-a-recording": {
        en: "This browser cannot play this recording, so it cannot listen to it either.",
        de: "Dieser Browser kann die Aufnahme nicht abspielen und deshalb auch nicht anhören.",
    },
    "file-unreadable": {
        en: "This recording could not be opened.",
        de: "Diese Aufnahme ließ sich nicht öffnen.",
    },
    "too-long": {
        en: "This recording is too long to be written down here.",
        de: "Diese Aufnahme ist zu lang, um hier aufgeschrieben zu werden.",
    },
    "wrong-hash": {
        en: "What arrived is not the model that was offered. Try again; if it stays, tell the people who run the server.",
        de: "Was ankam, ist nicht das angebotene Modell. Versuch es noch einmal; bleibt es so, sag es denen, die den Server betreiben.",
    },
    missing: {
        en: "This is not offered any more. Choose another one.",
        de: "Das wird nicht mehr angeboten. Wähle etwas anderes.",
    },
    network: {
        en: "The connection broke off. Try again.",
        de: "Die Verbindung ist abgerissen. Versuch es noch einmal.",
    },
    "session-expired": {
        en: "You are signed out. Load the page again and sign in.",
        de: "Du bist abgemeldet. Lade die Seite neu und melde dich an.",
    },
    "storage-full": {
        en: "This device has no room left for the model. Make some, then try again.",
        de: "Auf diesem Gerät ist kein Platz mehr für das Modell. Schaffe welchen und versuch es noch einmal.",
    },
    unexpected: {
        en: "This did not work. The device may have too little memory: a smaller model needs less.",
        de: "Das hat nicht geklappt. Vielleicht hat das Gerät zu wenig Speicher: Ein kleineres Modell braucht weniger.",
    },
} as const satisfies Partial<Record<EngineErrorCode, Readonly<Record<Language, string>>>>

export function troubleWords(language: Language, code: EngineErrorCode): string {
    return (Object.hasOwn(troubles, code) ? troubles[code as keyof typeof troubles] : troubles.unexpected)[language]
}
