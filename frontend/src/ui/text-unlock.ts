/** What the locked page says: the ways to unlock, what is left of the guesses, and what a vault cannot promise. */

import { plural } from "./language.ts"

export const unlockEn = {
    title: "Open your chats",
    words: "Type the recovery code from your sheet. It stays in this browser.",
    submit: "Open",
    opening: "Opening …",
    stay: "Stay unlocked on this device",
    stayHelp: "Then only signing in is asked for here. Not for devices that others use.",
    wrongCode: "This code is well formed, but it belongs to another library. Is it the newest sheet?",
    lost: "None of these works for me",
    lostWords:
        "On a device where your chats are unlocked, they stay readable: download the originals there. Without one of the ways and without such a device nobody can open them, we cannot either.",
    others: "Other ways",
    use: {
        passkey: "Use a passkey",
        password: "Use my password",
        device: "Use another device",
        "recovery-code": "Use my recovery code",
    },
    named: {
        passkey: "your passkey",
        password: "your password",
        device: "another device where they are unlocked",
        "recovery-code": "your recovery code",
    },
    passkeyWords: "One touch of your passkey opens your chats here.",
    passkeyButton: "Open with my passkey",
    passkeyWaiting: "Waiting for your passkey …",
    passkeyCancelled: "Nothing was opened: the window was closed, or time was up.",
    passkeyNotThis:
        "This passkey signs you in, but it does not open your chats. Choose another passkey or another way; afterwards you can add this one in the settings.",
    passkeyNoOutput: "On this device the passkey can sign you in only. Choose another way to open your chats.",
    passkeyFailed: "That did not work with this passkey. Try it again, or choose another way.",
    passwordWords: "The password for your chats, not the one for signing in. It does not leave this browser.",
    passwordLabel: "Password for your chats",
    showPassword: "Show",
    hidePassword: "Hide",
    passwordEmpty: "Type your password first.",
    passwordChecking: "Checking …",
    guesses: (left: number, of: number) => `${left} of ${of} ${plural("en", left, "guess", "guesses")} left`,
    wrongPassword: (left: number) =>
        `That was not it. You have ${left} ${plural("en", left, "guess", "guesses")} left; the right one gives you all of them back.`,
    fewLeft: (left: number) =>
        `${plural("en", left, "One more wrong password", `${left} more wrong passwords`)} and this password is erased for good. Your chats stay: the other ways go on opening them. Take your time.`,
    passwordNone: "No password is set for your chats any more. Choose another way.",
    erasedTitle: "Your password was erased",
    erasedWords: (when: string, guesses: number) =>
        `On ${when}, after ${guesses} wrong guesses, as promised. Your chats are all there.`,
    erasedWays: (ways: string) => `What opens them: ${ways}.`,
    erasedAfter: "Then you can set a new password in the settings.",
    erasedNow: "That was the last guess, and your password is erased now. Your chats are all there.",
    vaultAway:
        "The password cannot be checked just now: the key vault does not answer. Choose another way, or try later.",
    waysAway: "Only some ways are shown: the server does not answer just now.",
    limit: "How safe is the password?",
    limitWords: [
        "It can be tried ten times, then it is erased. Nobody from outside gets around that, and a stolen copy of the database is of no use.",
        "One thing nobody can promise you: this site has a single key vault. Whoever runs it could copy everything it holds before each guess, and so try more often. Then only the strength of your password stands in the way. Recovery code and passkeys do not depend on the vault.",
    ],
}

export const unlockDe: typeof unlockEn = {
    title: "Öffne deine Chats",
    words: "Tippe den Wiederherstellungscode von deinem Blatt ab. Er bleibt in diesem Browser.",
    submit: "Öffnen",
    opening: "Wird geöffnet …",
    stay: "Auf diesem Gerät entsperrt bleiben",
    stayHelp: "Dann musst du dich hier nur noch anmelden. Nicht für Geräte, die auch andere benutzen.",
    wrongCode: "Dieser Code ist richtig geschrieben, gehört aber zu einer anderen Sicherung. Ist es das neueste Blatt?",
    lost: "Bei mir geht keiner davon",
    lostWords:
        "Auf einem Gerät, auf dem deine Chats entsperrt sind, bleiben sie lesbar: Lade dort die Originale herunter. Ohne einen der Wege und ohne ein solches Gerät kann sie niemand öffnen, auch wir nicht.",
    others: "Andere Wege",
    use: {
        passkey: "Mit Passkey",
        password: "Mit Passwort",
        device: "Mit einem anderen Gerät",
        "recovery-code": "Mit Wiederherstellungscode",
    },
    named: {
        passkey: "dein Passkey",
        password: "dein Passwort",
        device: "ein anderes Gerät, auf dem sie entsperrt sind",
        "recovery-code": "dein Wiederherstellungscode",
    },
    passkeyWords: "Eine Berührung deines Passkeys öffnet deine Chats hier.",
    passkeyButton: "Mit Passkey öffnen",
    passkeyWaiting: "Warten auf deinen Passkey …",
    passkeyCancelled: "Nichts wurde geöffnet: Das Fenster wurde geschlossen, oder die Zeit war um.",
    passkeyNotThis:
        "Dieser Passkey meldet dich an, öffnet aber deine Chats nicht. Nimm einen anderen Passkey oder einen anderen Weg; danach kannst du diesen in den Einstellungen einrichten.",
    passkeyNoOutput:
        "Auf diesem Gerät kann der Passkey dich nur anmelden. Nimm einen anderen Weg, um deine Chats zu öffnen.",
    passkeyFailed: "Das hat mit diesem Passkey nicht geklappt. Versuche es noch einmal, oder nimm einen anderen Weg.",
    passwordWords: "Das Passwort für deine Chats, nicht das zum Anmelden. Es verlässt diesen Browser nicht.",
    passwordLabel: "Passwort für deine Chats",
    showPassword: "Zeigen",
    hidePassword: "Verbergen",
    passwordEmpty: "Tippe zuerst dein Passwort.",
    passwordChecking: "Wird geprüft …",
    guesses: (left, of) => `Noch ${left} von ${of} Versuchen`,
    wrongPassword: (left) =>
        `Das war es nicht. Du hast noch ${left} ${plural("de", left, "Versuch", "Versuche")}; mit dem richtigen bekommst du alle zurück.`,
    fewLeft: (left) =>
        `Noch ${plural("de", left, "ein falsches Passwort", `${left} falsche Passwörter`)}, dann wird dieses Passwort für immer gelöscht. Deine Chats bleiben: Die anderen Wege öffnen sie weiter. Lass dir Zeit.`,
    passwordNone: "Für deine Chats ist kein Passwort mehr eingerichtet. Nimm einen anderen Weg.",
    erasedTitle: "Dein Passwort wurde gelöscht",
    erasedWords: (when, guesses) =>
        `Am ${when}, nach ${guesses} falschen Versuchen, so wie versprochen. Deine Chats sind alle da.`,
    erasedWays: (ways) => `Was sie öffnet: ${ways}.`,
    erasedAfter: "Danach kannst du in den Einstellungen ein neues Passwort einrichten.",
    erasedNow: "Das war der letzte Versuch, dein Passwort ist jetzt gelöscht. Deine Chats sind alle da.",
    vaultAway:
        "Das Passwort lässt sich gerade nicht prüfen: Der Schlüsseltresor antwortet nicht. Nimm einen anderen Weg, oder versuche es später.",
    waysAway: "Es stehen nicht alle Wege hier: Der Server antwortet gerade nicht.",
    limit: "Wie sicher ist das Passwort?",
    limitWords: [
        "Es lässt sich zehnmal versuchen, dann wird es gelöscht. Daran kommt von außen niemand vorbei, und eine gestohlene Kopie der Datenbank nützt nichts.",
        "Eines kann dir niemand versprechen: Diese Seite hat einen einzigen Schlüsseltresor. Wer ihn betreibt, könnte vor jedem Versuch alles darin kopieren und so öfter probieren. Dann steht nur noch die Stärke deines Passworts im Weg. Wiederherstellungscode und Passkeys hängen nicht am Tresor.",
    ],
}
