/** What is said about changing the key, and about sealing anew what the old one sealed. */

import { plural } from "./language.ts"

export const keyEn = {
    title: "Change the key",
    link: "if a device or a sheet was lost",
    why: "Do this when a device that was unlocked is lost or stolen, when somebody may have seen your recovery code, or when you do not know who else can open your chats.",
    happensTitle: "What happens",
    happens: [
        "Your browser makes a new key, and you get a new sheet. When you have checked it, the old recovery code stops working.",
        "Your other devices are locked. They open again with the new code.",
        "The password of your chats is removed. You can set it anew right afterwards.",
        "Then everything you keep is sealed anew under the new key. That takes about as long as adding it did, goes on in the background, and may be interrupted at any time.",
    ],
    limit: "Whoever copied sealed data from the server before, and has the old key, can still read that copy. What is added from now on they cannot.",
    begin: "Make a new key",
    making: "Making a new key …",
    sheetTitle: "Your new recovery code",
    sheetWords:
        "Put it where the old sheet was. Destroy the old one when you are done here; until then it still holds.",
    step: (step: number, of: number) => `Step ${step} of ${of}`,
    next: "Continue",
    change: "Change the key now",
    passkeysTitle: "Your passkeys",
    passkeysWords:
        "A passkey opens the new key too if you touch it once now. One that you leave out goes on signing in, but no longer opens your chats.",
    take: "Take it along",
    taking: "Touch it now …",
    taken: "Comes along",
    leave: "Is left out",
    notThisOne: "This passkey does not open your present key, so it cannot open the new one.",
    touchTrouble: "That did not work. Try once more, or leave it out.",
    changing: "The key is being changed …",
    failedTitle: "The key was not changed yet",
    maybe: "The connection broke off at the last step, so it is not certain whether the key was changed. Try again to find out. If you are asked to unlock instead, use the new code.",
    stays: "As long as it is not changed, the old code holds.",
    changedTitle: "Your key is changed",
    changedWords: "The old recovery code opens nothing any more: destroy the old sheet.",
    changedNext: "Other ways to unlock",
    changedPassword: "Set your password anew, and unlock your other devices with the new code.",
    resealTitle: "Sealing anew",
    resealWords: (count: number) =>
        `${count} ${plural("en", count, "export is", "exports are")} still sealed under the old key. They open as before; only the old key should open nothing any more.`,
    progress: (done: string, total: string) => `${done} of ${total}`,
    left: (count: number) => `${count} ${plural("en", count, "export", "exports")} left`,
    goOn: "Go on",
    pause: "Pause",
    pausing: "Pausing …",
    mayLeave: "You can go on reading meanwhile, or close this page and go on later, here or on another device.",
    waiting: "No connection. It goes on by itself.",
    over: (size: string) =>
        `There is not enough room for the next export: ${size} are missing. What is done stays done. Delete something or ask for more room, then go on.`,
    doneTitle: "Everything is sealed under the new key",
    doneWords: "The old key opens nothing that is still stored.",
    banner: (count: number) =>
        `The key was changed. ${count} ${plural("en", count, "export is", "exports are")} still to be sealed anew.`,
    strip: "Sealing anew",
    elsewhere: "The key was changed on another device. Unlock with the new recovery code.",
}

export const keyDe: typeof keyEn = {
    title: "Schlüssel wechseln",
    link: "wenn ein Gerät oder ein Blatt verloren ging",
    why: "Tu das, wenn ein entsperrtes Gerät verloren ging oder gestohlen wurde, wenn jemand deinen Wiederherstellungscode gesehen haben könnte, oder wenn du nicht weißt, wer deine Chats noch öffnen kann.",
    happensTitle: "Was geschieht",
    happens: [
        "Dein Browser macht einen neuen Schlüssel, und du bekommst ein neues Blatt. Wenn du es geprüft hast, gilt der alte Wiederherstellungscode nicht mehr.",
        "Deine anderen Geräte werden gesperrt. Sie öffnen wieder mit dem neuen Code.",
        "Das Passwort deiner Chats wird entfernt. Du kannst es gleich danach neu setzen.",
        "Dann wird alles, was du aufhebst, unter dem neuen Schlüssel neu versiegelt. Das dauert etwa so lange wie das Hinzufügen, geht im Hintergrund weiter und darf jederzeit unterbrochen werden.",
    ],
    limit: "Wer früher versiegelte Daten vom Server kopiert hat und den alten Schlüssel besitzt, kann diese Kopie weiter lesen. Was ab jetzt hinzukommt, nicht.",
    begin: "Neuen Schlüssel machen",
    making: "Ein neuer Schlüssel entsteht …",
    sheetTitle: "Dein neuer Wiederherstellungscode",
    sheetWords:
        "Lege ihn dorthin, wo das alte Blatt war. Vernichte das alte, wenn du hier fertig bist; bis dahin gilt es noch.",
    step: (step, of) => `Schritt ${step} von ${of}`,
    next: "Weiter",
    change: "Schlüssel jetzt wechseln",
    passkeysTitle: "Deine Passkeys",
    passkeysWords:
        "Ein Passkey öffnet auch den neuen Schlüssel, wenn du ihn jetzt einmal berührst. Einer, den du auslässt, meldet weiter an, öffnet deine Chats aber nicht mehr.",
    take: "Mitnehmen",
    taking: "Jetzt berühren …",
    taken: "Kommt mit",
    leave: "Bleibt zurück",
    notThisOne: "Dieser Passkey öffnet deinen jetzigen Schlüssel nicht, also auch den neuen nicht.",
    touchTrouble: "Das hat nicht geklappt. Versuche es noch einmal, oder lass ihn aus.",
    changing: "Der Schlüssel wird gewechselt …",
    failedTitle: "Der Schlüssel ist noch nicht gewechselt",
    maybe: "Die Verbindung brach beim letzten Schritt ab; deshalb ist nicht sicher, ob der Schlüssel gewechselt wurde. Versuche es noch einmal, dann zeigt es sich. Wirst du stattdessen nach dem Entsperren gefragt, nimm den neuen Code.",
    stays: "Solange er nicht gewechselt ist, gilt der alte Code.",
    changedTitle: "Dein Schlüssel ist gewechselt",
    changedWords: "Der alte Wiederherstellungscode öffnet nichts mehr: Vernichte das alte Blatt.",
    changedNext: "Andere Wege zum Entsperren",
    changedPassword: "Setze dein Passwort neu, und entsperre deine anderen Geräte mit dem neuen Code.",
    resealTitle: "Neu versiegeln",
    resealWords: (count) =>
        `${count} ${plural("de", count, "Export ist", "Exporte sind")} noch unter dem alten Schlüssel versiegelt. Sie öffnen wie bisher; nur soll der alte Schlüssel nichts mehr öffnen.`,
    progress: (done, total) => `${done} von ${total}`,
    left: (count) => `noch ${count} ${plural("de", count, "Export", "Exporte")}`,
    goOn: "Weitermachen",
    pause: "Anhalten",
    pausing: "Wird angehalten …",
    mayLeave:
        "Du kannst währenddessen weiterlesen, oder diese Seite schließen und später weitermachen, hier oder auf einem anderen Gerät.",
    waiting: "Keine Verbindung. Es geht von selbst weiter.",
    over: (size) =>
        `Für den nächsten Export reicht der Platz nicht: Es fehlen ${size}. Was fertig ist, bleibt fertig. Lösche etwas oder bitte um mehr Platz, dann mach weiter.`,
    doneTitle: "Alles ist unter dem neuen Schlüssel versiegelt",
    doneWords: "Der alte Schlüssel öffnet nichts mehr von dem, was noch gespeichert ist.",
    banner: (count) =>
        `Der Schlüssel wurde gewechselt. ${count} ${plural("de", count, "Export ist", "Exporte sind")} noch neu zu versiegeln.`,
    strip: "Wird neu versiegelt",
    elsewhere:
        "Der Schlüssel wurde auf einem anderen Gerät gewechselt. Entsperre mit dem neuen Wiederherstellungscode.",
}
