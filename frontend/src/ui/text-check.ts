/** What is said about checking the backup, and about the drill on another device. */

import { number, plural } from "./language.ts"

const en = "en"
const de = "de"

export const checkEn = {
    heading: "Is it all there?",
    title: "Check my backup",
    open: "Check this chat …",
    words: "Reads back what the server keeps, opens it here, and tells you everything that is not as it should be. Nothing is changed.",
    nothing: "There is nothing to check yet: add a chat first.",
    never: "Not checked yet.",
    lastAll: (when: string) => `Checked ${when}: everything.`,
    lastSample: (when: string, read: number, of: number) =>
        `Checked ${when}: a sample, ${number(en, read)} of ${number(en, of)} pieces.`,
    today: "today",
    yesterday: "yesterday",
    on: (day: string) => `on ${day}`,
    nudgeNever: "What you store here was never read back as a whole.",
    nudgeLong: (when: string) => `Your backup was last checked ${when}.`,
    nudgeCheck: "Check it",
    how: "How much",
    sample: "A sample",
    sampleHelp:
        "Every table of contents, the server's word on every pack, and so many pieces, drawn by lot, that damage to one piece in a hundred is found in 99 of 100 checks. At most 120 MB are read.",
    everything: "Everything",
    everythingHelp: "Every byte is read back. You can stop, and go on later.",
    which: "Which chats",
    all: "All chats",
    second: "Ask a second program as well",
    secondHelp:
        "Another program in another language, Python, opens the same pieces by itself, in this browser. About 6 MB are loaded the first time. It gets your key for as long as it reads, and ends.",
    start: "Check now",
    goOn: "Go on where it stopped",
    again: "Check again",
    phases: {
        listing: "Reading the tables of contents",
        asking: "Asking the server about every pack",
        waking: "Starting the second program",
        reading: "Reading back and opening",
    },
    found: (count: number) =>
        `${number(en, count)} ${plural(en, count, "finding", "findings")} so far. It goes on, so that you hear of everything at once.`,
    mayLeave: "You can read meanwhile. If you close this page, a check of everything can go on later.",
    stoppedTitle: "Stopped",
    stoppedWords: "Nothing was found wrong with what was read so far.",
    failedTitle: "The check came to no end",
    goodTitle: "It is all there",
    goodWords: (pieces: number, size: string) =>
        `All ${number(en, pieces)} ${plural(en, pieces, "piece was", "pieces were")} read back and opened (${size}).`,
    sampleTitle: "The sample is right",
    sampleWords: (read: number, pieces: number, size: string) =>
        `${number(en, read)} of ${number(en, pieces)} pieces were read back and opened (${size}), and so was every table of contents. What the server says of every pack fits.`,
    chance: (percent: number) =>
        `If one piece in a hundred were damaged, ${number(en, percent)} of 100 such samples would have shown it. Only reading everything is certain.`,
    badTitle: "Not all of it is right",
    badWords: (opened: number, pieces: number) =>
        `${number(en, opened)} of ${number(en, pieces)} pieces were read back and opened. What is listed here is not as it was stored.`,
    unnamed: "an export whose name cannot be read",
    whole: "Nothing of this export opens.",
    files: (count: number) => `${number(en, count)} ${plural(en, count, "file does", "files do")} not open:`,
    moreFiles: (count: number) => `and ${number(en, count)} more`,
    unharmed: "All that is needed of it opens, but not all is as it was stored.",
    gone: "The server no longer has it.",
    changed: "The server gives something else than was stored.",
    nextTitle: "What to do now",
    steps: [
        "Keep your original exports, and the chats on your phone, until this is cleared up.",
        "Tell the people who run the server, with the names under “For them”: they may be able to bring it back from a copy.",
        "If they cannot, delete the damaged exports here and add the originals again.",
    ],
    forThem: "For them",
    opinionTitle: "Second opinion",
    same: (pieces: number) =>
        `Two independent programs opened the same ${number(en, pieces)} ${plural(en, pieces, "piece", "pieces")} and found the same.`,
    differs: (differing: number, pieces: number) =>
        `Two programs do not agree about ${number(en, differing)} of ${number(en, pieces)} pieces. Keep your originals, and tell the people who make Backupweb.`,
    refused: (code: string) =>
        `The second program does not open what this one opens (${code}). Keep your originals, and tell the people who make Backupweb.`,
    browser: "This page",
    python: "Python",
}

export const checkDe: typeof checkEn = {
    heading: "Ist alles da?",
    title: "Sicherung prüfen",
    open: "Diesen Chat prüfen …",
    words: "Liest zurück, was der Server aufbewahrt, öffnet es hier und sagt dir alles, was nicht so ist, wie es sein soll. Geändert wird nichts.",
    nothing: "Hier gibt es noch nichts zu prüfen: Füge zuerst einen Chat hinzu.",
    never: "Noch nicht geprüft.",
    lastAll: (when) => `${when} geprüft: alles.`,
    lastSample: (when, read, of) =>
        `${when} geprüft: eine Stichprobe, ${number(de, read)} von ${number(de, of)} Stücken.`,
    today: "Heute",
    yesterday: "Gestern",
    on: (day) => `Am ${day}`,
    nudgeNever: "Was du hier aufbewahrst, wurde noch nie im Ganzen zurückgelesen.",
    nudgeLong: (when) => `Deine Sicherung ist lange nicht geprüft worden. ${when} war das letzte Mal.`,
    nudgeCheck: "Prüfen",
    how: "Wie viel",
    sample: "Eine Stichprobe",
    sampleHelp:
        "Jedes Inhaltsverzeichnis, die Auskunft des Servers über jedes Paket und so viele ausgeloste Stücke, dass ein Schaden an einem von hundert in 99 von 100 Prüfungen auffällt. Höchstens 120 MB werden gelesen.",
    everything: "Alles",
    everythingHelp: "Jedes Byte wird zurückgelesen. Du kannst anhalten und später weitermachen.",
    which: "Welche Chats",
    all: "Alle Chats",
    second: "Auch ein zweites Programm fragen",
    secondHelp:
        "Ein anderes Programm in einer anderen Sprache, Python, öffnet dieselben Stücke für sich, in diesem Browser. Beim ersten Mal werden etwa 6 MB geladen. Es bekommt deinen Schlüssel, solange es liest, und endet dann.",
    start: "Jetzt prüfen",
    goOn: "Weitermachen, wo angehalten wurde",
    again: "Noch einmal prüfen",
    phases: {
        listing: "Inhaltsverzeichnisse werden gelesen",
        asking: "Der Server wird nach jedem Paket gefragt",
        waking: "Das zweite Programm wird gestartet",
        reading: "Zurücklesen und öffnen",
    },
    found: (count) =>
        `Bisher ${number(de, count)} ${plural(de, count, "Befund", "Befunde")}. Es geht weiter, damit du alles auf einmal erfährst.`,
    mayLeave:
        "Du kannst inzwischen lesen. Schließt du diese Seite, lässt sich eine Prüfung von allem später fortsetzen.",
    stoppedTitle: "Angehalten",
    stoppedWords: "An dem, was bis hierher gelesen wurde, war nichts auszusetzen.",
    failedTitle: "Die Prüfung kam nicht zum Ende",
    goodTitle: "Es ist alles da",
    goodWords: (pieces, size) =>
        `${plural(de, pieces, "Das eine Stück wurde", `Alle ${number(de, pieces)} Stücke wurden`)} zurückgelesen und geöffnet (${size}).`,
    sampleTitle: "Die Stichprobe stimmt",
    sampleWords: (read, pieces, size) =>
        `${number(de, read)} von ${number(de, pieces)} Stücken wurden zurückgelesen und geöffnet (${size}), ebenso jedes Inhaltsverzeichnis. Was der Server über jedes Paket sagt, passt.`,
    chance: (percent) =>
        `Wäre eines von hundert Stücken beschädigt, hätten es ${number(de, percent)} von 100 solchen Stichproben gezeigt. Sicher ist nur, alles zu lesen.`,
    badTitle: "Nicht alles stimmt",
    badWords: (opened, pieces) =>
        `${number(de, opened)} von ${number(de, pieces)} Stücken wurden zurückgelesen und geöffnet. Was hier steht, ist nicht so, wie es gespeichert wurde.`,
    unnamed: "ein Export, dessen Name sich nicht lesen lässt",
    whole: "Von diesem Export lässt sich nichts öffnen.",
    files: (count) => `${number(de, count)} ${plural(de, count, "Datei lässt", "Dateien lassen")} sich nicht öffnen:`,
    moreFiles: (count) => `und ${number(de, count)} weitere`,
    unharmed: "Alles, was davon gebraucht wird, lässt sich öffnen, aber nicht alles ist so, wie es gespeichert wurde.",
    gone: "Der Server hat es nicht mehr.",
    changed: "Der Server gibt etwas anderes heraus, als gespeichert wurde.",
    nextTitle: "Was jetzt zu tun ist",
    steps: [
        "Behalte deine Original-Exporte und die Chats auf deinem Telefon, bis das geklärt ist.",
        "Sag es den Menschen, die den Server betreiben, mit den Namen unter „Für sie“: Vielleicht können sie es aus einer Kopie zurückholen.",
        "Können sie es nicht, lösche hier die beschädigten Exporte und füge die Originale noch einmal hinzu.",
    ],
    forThem: "Für sie",
    opinionTitle: "Zweite Meinung",
    same: (pieces) =>
        `Zwei unabhängige Programme haben ${plural(de, pieces, "dasselbe Stück", `dieselben ${number(de, pieces)} Stücke`)} geöffnet und dasselbe gefunden.`,
    differs: (differing, pieces) =>
        `Zwei Programme sind sich über ${number(de, differing)} von ${number(de, pieces)} Stücken nicht einig. Behalte deine Originale und sag es denen, die Backupweb machen.`,
    refused: (code) =>
        `Das zweite Programm öffnet nicht, was dieses öffnet (${code}). Behalte deine Originale und sag es denen, die Backupweb machen.`,
    browser: "Diese Seite",
    python: "Python",
}

export const drillEn = {
    title: "Restore drill",
    words: "A backup is worth what comes out of it. Read one chat on another device or in another browser; both compare what they found. It takes about five minutes.",
    never: "Not tried yet.",
    last: (when: string) => `Another device last read what is kept here: ${when}.`,
    which: "Which chat",
    nothing: "There is nothing to read yet: add a chat first.",
    start: "Begin",
    firstStep: (address: string) => `On the other device, open ${address}.`,
    steps: [
        "Sign in, and open your chats with the recovery code from your sheet, not from this device.",
        "Above your chats it says “Restore drill”. Choose “Read it”.",
    ],
    picture: "The address as a QR picture",
    waiting: (chat: string) => `Waiting for another device to read “${chat}” …`,
    number: "Both devices then show this number:",
    callOff: "Call it off",
    worksTitle: "It works",
    worksCode:
        "Another device was opened with the recovery code alone, fetched the chat, and found the same as this one. Your sheet is enough.",
    worksOther:
        "Another device fetched and opened the chat, and found the same as this one. It had not been opened with the recovery code: next time, use the sheet.",
    again: "Once more",
    invited: (chat: string) => `Another device asks whether “${chat}” can be read here.`,
    read: "Read it",
    reading: "Fetching and opening …",
    readTitle: "This device can read it",
    readWords: (chat: string) =>
        `“${chat}” was fetched and opened here. It is the same as on the other device, which shows`,
    readOther:
        "This device had not been opened with the recovery code. Type it once, and you know that your sheet is enough.",
    toCode: "Check the code",
    open: "Read the chat",
    failedTitle: "It could not be read here",
}

export const drillDe: typeof drillEn = {
    title: "Übung: Wiederherstellen",
    words: "Eine Sicherung ist so viel wert, wie aus ihr wieder herauskommt. Lies einen Chat auf einem anderen Gerät oder in einem anderen Browser; beide vergleichen, was sie gefunden haben. Das dauert etwa fünf Minuten.",
    never: "Noch nicht probiert.",
    last: (when) => `Zuletzt hat ein anderes Gerät gelesen, was hier aufbewahrt ist: ${when}.`,
    which: "Welcher Chat",
    nothing: "Hier gibt es noch nichts zu lesen: Füge zuerst einen Chat hinzu.",
    start: "Anfangen",
    firstStep: (address) => `Öffne auf dem anderen Gerät ${address}.`,
    steps: [
        "Melde dich an und öffne deine Chats mit dem Wiederherstellungscode von deinem Blatt, nicht von diesem Gerät.",
        "Über deinen Chats steht dort „Übung: Wiederherstellen“. Wähle „Lesen“.",
    ],
    picture: "Die Adresse als QR-Bild",
    waiting: (chat) => `Es wird darauf gewartet, dass ein anderes Gerät „${chat}“ liest …`,
    number: "Beide Geräte zeigen dann diese Zahl:",
    callOff: "Übung beenden",
    worksTitle: "Es klappt",
    worksCode:
        "Ein anderes Gerät wurde allein mit dem Wiederherstellungscode geöffnet, hat den Chat geholt und dasselbe gefunden wie dieses. Dein Blatt genügt.",
    worksOther:
        "Ein anderes Gerät hat den Chat geholt, geöffnet und dasselbe gefunden wie dieses. Geöffnet war es nicht mit dem Wiederherstellungscode: Nimm nächstes Mal das Blatt.",
    again: "Noch einmal",
    invited: (chat) => `Ein anderes Gerät fragt, ob sich „${chat}“ hier lesen lässt.`,
    read: "Lesen",
    reading: "Wird geholt und geöffnet …",
    readTitle: "Dieses Gerät kann es lesen",
    readWords: (chat) =>
        `„${chat}“ wurde hier geholt und geöffnet. Es ist dasselbe wie auf dem anderen Gerät; dort steht`,
    readOther:
        "Dieses Gerät war nicht mit dem Wiederherstellungscode geöffnet worden. Tippe ihn einmal ein, dann weißt du, dass dein Blatt genügt.",
    toCode: "Code prüfen",
    open: "Den Chat lesen",
    failedTitle: "Es ließ sich hier nicht lesen",
}
