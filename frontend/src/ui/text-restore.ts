/** What is said about getting files back: what, as what, where to, how far it is, and what came of it. */

import { number, plural } from "./language.ts"

const filesEn = (count: number) => `${number("en", count)} ${plural("en", count, "file", "files")}`
const filesDe = (count: number) => `${number("de", count)} ${plural("de", count, "Datei", "Dateien")}`

export const restoreEn = {
    title: "Get files back",
    all: "Get everything back",
    allWords: "As the files that you once added.",
    words: "Your files come back exactly as you added them. They are opened in this browser, and every byte is checked on the way.",
    what: "What?",
    thisExport: (name: string) => `This export: ${name}`,
    chat: (name: string, exports: number) =>
        exports === 1 ? `The chat “${name}”` : `The chat “${name}”, all ${number("en", exports)} exports`,
    everything: (chats: number) => `Everything: ${number("en", chats)} ${plural("en", chats, "chat", "chats")}`,
    form: "As what?",
    files: "The original files",
    filesHelp: "In a folder of yours, a folder inside for every export.",
    filesAlone: "In a folder of yours.",
    noFolders: "This browser cannot write into folders; Chrome and Edge on a computer can.",
    zip: "One zip file",
    zipHelp: "Every computer and phone opens it.",
    asItWas: "The file as it was",
    once: "What several exports hold, only once",
    onceHelp: "The newest export is whole; older ones then hold only what is in no newer one. Saves room.",
    counting: "Counting …",
    estimate: (files: number, exports: number, size: string) =>
        `${filesEn(files)} from ${number("en", exports)} ${plural("en", exports, "export", "exports")}, ${size}`,
    chooseFolder: "Choose a folder",
    choosePlace: "Choose where to save it",
    download: "Prepare a download",
    stays: "The files lie there unsealed: whoever can use this device can read them.",
    phases: {
        looking: "Looking at what is there already",
        restoring: "Fetching, opening, checking, writing",
        finishing: "Finishing",
    },
    progress: (done: string, total: string) => `${done} of ${total}`,
    filesDone: (files: number, total: number) => `${number("en", files)} of ${filesEn(total)}`,
    there: (size: string) => `${size} were there already`,
    mayLeave: "You can read chats meanwhile. If you close this page, you can go on later.",
    stop: "Stop",
    stopping: "Stopping …",
    running: (name: string) => `Getting “${name}” back`,
    runningAll: "Getting everything back",
    doneTitle: "Everything is back",
    done: (files: number, size: string) =>
        `${filesEn(files)}, ${size}: all of it is written, and every byte was checked against what you added.`,
    alreadyThere: (files: number) =>
        `${filesEn(files)} of them ${plural("en", files, "was", "were")} there from an earlier try, and ${plural("en", files, "was", "were")} checked again.`,
    downloadAgain: "Save it again",
    downloadWords: "The download has begun. If your browser did not ask where to, look in your downloads.",
    renamed: (count: number) => `${filesEn(count)} got another name, because this one is taken, or no disk allows it:`,
    renamedPair: (from: string, to: string) => `${from} → ${to}`,
    more: (count: number) => `… and ${number("en", count)} more`,
    partTitle: "Not everything came back",
    refused: (count: number) =>
        `${filesEn(count)} did not come back as ${plural("en", count, "it was", "they were")} added. Nothing wrong was written in ${plural("en", count, "its", "their")} place:`,
    refusedNext: "Try again later. If it stays, tell the people who run the server, and keep your original exports.",
    goOnTitle: "Not finished",
    stoppedWords: "What is written is whole and stays. Going on checks it and fetches only the rest.",
    stoppedZip: "Going on checks what is prepared and fetches only the rest.",
    stoppedPlace: "A zip in a place of yours begins anew, because browsers throw an unfinished file away.",
    pending: (name: string) => `“${name}” is not all back yet`,
    pendingAll: "Not everything is back yet",
    begun: (when: string) => `begun ${when}`,
    goOn: "Go on",
    forget: "Leave it",
    noLeave: "The browser may not write there without your leave. Press “Go on” and allow it, or choose another place.",
    again: "Back to the choice",
    toChats: "To the chats",
}

export const restoreDe: typeof restoreEn = {
    title: "Dateien zurückholen",
    all: "Alles zurückholen",
    allWords: "Als die Dateien, die du einmal hinzugefügt hast.",
    words: "Deine Dateien kommen genau so zurück, wie du sie hinzugefügt hast. Geöffnet werden sie in diesem Browser, und jedes Byte wird dabei geprüft.",
    what: "Was?",
    thisExport: (name) => `Diesen Export: ${name}`,
    chat: (name, exports) =>
        exports === 1 ? `Den Chat „${name}“` : `Den Chat „${name}“, alle ${number("de", exports)} Exporte`,
    everything: (chats) => `Alles: ${number("de", chats)} ${plural("de", chats, "Chat", "Chats")}`,
    form: "Als was?",
    files: "Die ursprünglichen Dateien",
    filesHelp: "In einen Ordner von dir, darin ein Ordner für jeden Export.",
    filesAlone: "In einen Ordner von dir.",
    noFolders: "Dieser Browser kann nicht in Ordner schreiben; Chrome und Edge auf einem Computer können es.",
    zip: "Eine Zip-Datei",
    zipHelp: "Jeder Computer und jedes Telefon öffnet sie.",
    asItWas: "Die Datei, wie sie war",
    once: "Was mehrere Exporte enthalten, nur einmal",
    onceHelp:
        "Der neueste Export ist vollständig; ältere enthalten dann nur, was in keinem neueren ist. Das spart Platz.",
    counting: "Wird gezählt …",
    estimate: (files, exports, size) =>
        `${filesDe(files)} aus ${number("de", exports)} ${plural("de", exports, "Export", "Exporten")}, ${size}`,
    chooseFolder: "Ordner wählen",
    choosePlace: "Speicherort wählen",
    download: "Als Download vorbereiten",
    stays: "Dort liegen die Dateien unversiegelt: Wer dieses Gerät benutzen kann, kann sie lesen.",
    phases: {
        looking: "Es wird nachgesehen, was schon da ist",
        restoring: "Holen, öffnen, prüfen, schreiben",
        finishing: "Wird abgeschlossen",
    },
    progress: (done, total) => `${done} von ${total}`,
    filesDone: (files, total) => `${number("de", files)} von ${filesDe(total)}`,
    there: (size) => `${size} waren schon da`,
    mayLeave: "Du kannst inzwischen Chats lesen. Schließt du diese Seite, kannst du später weitermachen.",
    stop: "Anhalten",
    stopping: "Wird angehalten …",
    running: (name) => `„${name}“ wird zurückgeholt`,
    runningAll: "Alles wird zurückgeholt",
    doneTitle: "Alles ist zurück",
    done: (files, size) =>
        `${filesDe(files)}, ${size}: Alles ist geschrieben, und jedes Byte wurde mit dem verglichen, was du hinzugefügt hast.`,
    alreadyThere: (files) =>
        `${filesDe(files)} davon ${plural("de", files, "war", "waren")} von einem früheren Versuch schon da und ${plural("de", files, "wurde", "wurden")} noch einmal geprüft.`,
    downloadAgain: "Noch einmal speichern",
    downloadWords: "Der Download hat begonnen. Hat dein Browser nicht gefragt, wohin, sieh bei deinen Downloads nach.",
    renamed: (count) =>
        `${filesDe(count)} ${plural("de", count, "hat", "haben")} einen anderen Namen bekommen, weil er vergeben ist oder kein Datenträger ihn erlaubt:`,
    renamedPair: (from, to) => `${from} → ${to}`,
    more: (count) => `… und ${number("de", count)} weitere`,
    partTitle: "Nicht alles kam zurück",
    refused: (count) =>
        `${filesDe(count)} ${plural("de", count, "kam", "kamen")} nicht so zurück, wie du sie hinzugefügt hast. Falsches wurde an ${plural("de", count, "ihrer", "ihrer")} Stelle nicht geschrieben:`,
    refusedNext:
        "Versuche es später noch einmal. Bleibt es so, sag es den Menschen, die den Server betreiben, und behalte deine ursprünglichen Exporte.",
    goOnTitle: "Nicht fertig",
    stoppedWords:
        "Was geschrieben ist, ist vollständig und bleibt. Beim Weitermachen wird es geprüft und nur der Rest geholt.",
    stoppedZip: "Beim Weitermachen wird geprüft, was vorbereitet ist, und nur der Rest geholt.",
    stoppedPlace: "Eine Zip-Datei an einem Ort von dir beginnt von vorn, weil Browser eine unfertige Datei wegwerfen.",
    pending: (name) => `„${name}“ ist noch nicht ganz zurück`,
    pendingAll: "Noch ist nicht alles zurück",
    begun: (when) => `begonnen ${when}`,
    goOn: "Weitermachen",
    forget: "Dabei belassen",
    noLeave:
        "Ohne deine Erlaubnis darf der Browser dort nicht schreiben. Drücke „Weitermachen“ und erlaube es, oder wähle einen anderen Ort.",
    again: "Zurück zur Auswahl",
    toChats: "Zu den Chats",
}
