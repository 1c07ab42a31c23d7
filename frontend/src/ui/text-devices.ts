/** What is said about signed-in devices, about what happens to the password, and while it is asked whether one still knows it. */

import { plural } from "./language.ts"

export const devicesEn = {
    title: "Devices",
    words: "Where you are signed in.",
    current: "this device",
    lastSeen: (when: string) => `last seen ${when}`,
    away: "Your devices cannot be listed just now.",
    rename: "Rename",
    renameTitle: "Rename the device",
    nameLabel: "Name",
    actionsFor: (name: string) => `Actions for ${name}`,
    signOut: "Sign out",
    signOutTitle: (name: string) => `Sign out “${name}”?`,
    signOutWords:
        "It can fetch nothing any more, at once, and locks itself when it hears of it. What this cannot undo: if it never goes online again, what it has loaded stays readable there, and whoever copied its key keeps it.",
    signedOut: (name: string) => `“${name}” is signed out.`,
    activity: "Security events",
    activityWords: "Who signed in when, and who tried to unlock.",
    everywhere: "Sign out everywhere else",
    all: "Devices and security events",
}

export const devicesDe: typeof devicesEn = {
    title: "Geräte",
    words: "Wo du angemeldet bist.",
    current: "dieses Gerät",
    lastSeen: (when) => `zuletzt gesehen ${when}`,
    away: "Deine Geräte lassen sich gerade nicht auflisten.",
    rename: "Umbenennen",
    renameTitle: "Gerät umbenennen",
    nameLabel: "Name",
    actionsFor: (name) => `Aktionen für ${name}`,
    signOut: "Abmelden",
    signOutTitle: (name) => `„${name}“ abmelden?`,
    signOutWords:
        "Es kann ab sofort nichts mehr holen und sperrt sich, sobald es davon hört. Was das nicht rückgängig macht: Geht es nie wieder ins Netz, bleibt dort lesbar, was es geladen hat, und wer seinen Schlüssel kopiert hat, behält ihn.",
    signedOut: (name) => `„${name}“ ist abgemeldet.`,
    activity: "Ereignisse",
    activityWords: "Wer sich wann angemeldet und wer zu entsperren versucht hat.",
    everywhere: "Überall sonst abmelden",
    all: "Geräte und Ereignisse",
}

export const newsEn = {
    guess: (left: number) =>
        `Somebody tried the password for your chats. ${left} ${plural("en", left, "guess is", "guesses are")} left; nothing was opened. If that was you, all is well.`,
    look: "Look at the security events",
    erased: (when: string) =>
        `The password for your chats was erased on ${when} after too many wrong guesses. Your chats are safe, and your other ways go on opening them.`,
    setNew: "Set a new one",
    dismiss: "All right",
    renewed: "That was the last guess, and it was right. Your password is set up anew, with all its guesses.",
    revokedTitle: "This device was signed out",
    revokedWords:
        "Another of your devices ended its access, and the key is forgotten here. If that was you, all is well. Otherwise sign in and look at your devices.",
    signIn: "Sign in again",
}

export const newsDe: typeof newsEn = {
    guess: (left) =>
        `Jemand hat das Passwort für deine Chats probiert. Es ${plural("de", left, "bleibt", "bleiben")} ${left} ${plural("de", left, "Versuch", "Versuche")}; geöffnet wurde nichts. Warst das du, ist alles gut.`,
    look: "Ereignisse ansehen",
    erased: (when) =>
        `Das Passwort für deine Chats wurde am ${when} nach zu vielen falschen Versuchen gelöscht. Deine Chats sind sicher, und deine anderen Wege öffnen sie weiter.`,
    setNew: "Neues einrichten",
    dismiss: "In Ordnung",
    renewed: "Das war der letzte Versuch, und er war richtig. Dein Passwort ist neu eingerichtet, mit allen Versuchen.",
    revokedTitle: "Dieses Gerät wurde abgemeldet",
    revokedWords:
        "Ein anderes deiner Geräte hat ihm den Zugang genommen, und der Schlüssel ist hier vergessen. Warst das du, ist alles gut. Sonst melde dich an und sieh dir deine Geräte an.",
    signIn: "Wieder anmelden",
}

export const stillEn = {
    password: "Still know your password?",
    passwordWords: (left: number) =>
        `Try it while nothing depends on it. The right one restores all guesses, a wrong one costs one; you have ${left}.`,
    code: "Is your recovery code still at hand?",
    codeWords: "Type it once while nothing depends on it, and you know that your sheet is where you think it is.",
    try: "Try it",
    check: "Check",
    skip: "Not now",
    right: "You do. Good to know.",
    codeRight: "It is. Good to know.",
    wrong: (left: number) =>
        `That was not it; ${left} ${plural("en", left, "guess is", "guesses are")} left. If it is gone, set a new one: here you can.`,
    erased: "That was the last guess, and the password is erased now. Your chats are open here; set a new one.",
    setNew: "Set a new password",
}

export const stillDe: typeof stillEn = {
    password: "Weißt du dein Passwort noch?",
    passwordWords: (left) =>
        `Probier es, solange nichts davon abhängt. Das richtige bringt alle Versuche zurück, ein falsches kostet einen; du hast ${left}.`,
    code: "Liegt dein Wiederherstellungscode bereit?",
    codeWords:
        "Tippe ihn einmal ab, solange nichts davon abhängt, dann weißt du, dass dein Blatt da ist, wo du es vermutest.",
    try: "Probieren",
    check: "Prüfen",
    skip: "Jetzt nicht",
    right: "Ja, du weißt es. Gut zu wissen.",
    codeRight: "Ja, er ist es. Gut zu wissen.",
    wrong: (left) =>
        `Das war es nicht; es ${plural("de", left, "bleibt", "bleiben")} ${left} ${plural("de", left, "Versuch", "Versuche")}. Ist es weg, richte ein neues ein: Hier kannst du das.`,
    erased: "Das war der letzte Versuch, das Passwort ist jetzt gelöscht. Deine Chats sind hier offen; richte ein neues ein.",
    setNew: "Neues Passwort einrichten",
}
