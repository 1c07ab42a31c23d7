/** What is said about encrypted copies: saving one, opening one, and the page that opens one without any site. */

import { number, plural } from "./language.ts"

export const copyEn = {
    title: "Encrypted copy",
    link: "A file of your own with everything in it, sealed: for your drive, for a stick, for the worst case.",
    all: "Save or open a copy",
    save: {
        title: "Save a copy",
        words: "One file with all your chats, sealed as they are here. Put it into iCloud Drive or Google Drive, or on a stick: whoever finds it there cannot read it.",
        needs: "To open it you need your recovery code. This site is not needed for that, nor is your password: keep the sheet in another place than the copy.",
        button: "Save an encrypted copy",
        again: "Save another",
        running: "Fetching and checking",
        progress: (done: string, total: string) => `${done} of ${total}`,
        stop: "Stop",
        doneTitle: "The copy is saved",
        doneWords: (name: string, size: string, exports: number) =>
            `${name}: ${size}, ${number("en", exports)} ${plural("en", exports, "export", "exports")}. Every part was checked on its way, and the finished file was read back.`,
        doneNext: "It stays as it is today: save another one now and then.",
        stopped: "Stopped. No copy was saved.",
        fileName: (day: string) => `Backupweb copy ${day}.zip`,
    },
    open: {
        title: "Open a copy",
        words: "What is in the copy and not here comes in. Nothing that is here is changed or taken away.",
        newWords:
            "It becomes the library of this account, with all its chats. Its recovery code opens it from then on.",
        newLink: "I have an encrypted copy",
        choose: "Choose a copy",
        another: "Choose another copy",
        reading: (name: string) => `Looking into ${name} …`,
        locked: "This copy was sealed with another key than the one that is open here. Type the recovery code that was valid when the copy was saved.",
        from: (site: string) => `It says that it was saved at ${site}.`,
        written: (when: string, sequence: number) => `State ${number("en", sequence)}, of ${when}.`,
        exports: (count: number) => `${number("en", count)} ${plural("en", count, "export", "exports")}`,
        same: (count: number, size: string) =>
            `${plural("en", count, "One export in it is", `${number("en", count)} exports in it are`)} missing here: ${size}.`,
        sameNothing: "Everything in it is here already.",
        intoNew:
            "This account takes the library over. Its recovery code opens it from now on; a password has to be set anew, and passkeys come along only to the site they were made for.",
        intoOther: "Its chats are sealed anew with your key. What is here already is not sent again.",
        empty: "There is no chat in it.",
        bringIn: "Bring it in",
        running: "Bringing in",
        waiting: "No connection. It goes on by itself when the network is back.",
        stop: "Stop",
        doneTitle: "It is in",
        doneWords: (exports: number, chunks: number) =>
            `${number("en", exports)} ${plural("en", exports, "export", "exports")}: the server confirmed every pack, and ${number("en", chunks)} ${plural("en", chunks, "piece was", "pieces were")} read back and opened as a check.`,
        doneNothing: "Everything in it was here already. Nothing was changed.",
        toChats: "To my chats",
        over: (missing: string) => `There is not enough room: ${missing} are missing. What came in before stays.`,
        stopped: "Stopped. What came in stays; open the copy again to go on.",
        damaged:
            "Something in this copy is not what was saved: it was refused. Fetch the copy again from where it lies, or take another one.",
        missing: "A part of this copy is missing. Fetch the copy again from where it lies, or take another one.",
    },
    page: {
        title: "A page for the worst case",
        words: "This one file opens a copy on any computer, without this site and without internet: with your recovery code it shows your chats and gives your original files back. Keep it beside the copy.",
        button: "Download the page",
        kit: "Page for the worst case",
        hash: "SHA-256 of the page",
        hashWords: "So that you can tell later that nobody exchanged it.",
        sheet: (address: string) => `To open an encrypted copy without this site: save ${address} beside it.`,
    },
    readme: (page: string, hash: string) =>
        [
            "This is an encrypted copy of a Backupweb library: exported chats, sealed so that only their owner can read them.",
            "",
            "To open it you need its recovery code, 64 digits on a sheet of paper or in a password manager. Without it nobody can open it.",
            "",
            `- Without any site: open the page backupweb-open.html in a browser, and choose this file. The page is at ${page}`,
            `  (SHA-256 ${hash}).`,
            "- At any site that runs Backupweb: Settings, Encrypted copy, Open a copy.",
            "- On the command line: backupweb-client --help.",
            "",
            "The layout is described in docs/format.md of Backupweb, section 9.",
        ].join("\r\n"),
}

export const offlineEn = {
    title: "Open an encrypted copy",
    words: "This page opens a copy on this computer. It cannot reach the internet, so nothing can leave it; switch your network off if you like.",
    choose: "Choose the copy",
    chooseHelp: "A zip file, as Backupweb saved it: “Backupweb copy …”. You can drop it here, too.",
    reading: "Looking into the copy …",
    opened: (chats: number) => `${number("en", chats)} ${plural("en", chats, "chat", "chats")} in this copy`,
    nothing: "There is no chat in this copy.",
    saveZip: "Save the original",
    read: "Read",
    showFiles: "Single files",
    hideFiles: "Hide the files",
    saving: (done: string, total: string) => `Opening and checking ${done} of ${total}`,
    saved: (name: string) => `${name} is saved.`,
    close: "Close the copy",
    why: "A password and a passkey need their site. Here the recovery code opens.",
}

export const copyDe: typeof copyEn = {
    title: "Verschlüsselte Kopie",
    link: "Eine eigene Datei mit allem darin, versiegelt: für dein Laufwerk, für einen Stick, für den schlimmsten Fall.",
    all: "Kopie sichern oder öffnen",
    save: {
        title: "Kopie sichern",
        words: "Eine Datei mit allen deinen Chats, versiegelt wie hier. Leg sie in iCloud Drive oder Google Drive oder auf einen Stick: Wer sie dort findet, kann sie nicht lesen.",
        needs: "Zum Öffnen brauchst du deinen Wiederherstellungscode. Diese Seite ist dazu nicht nötig und dein Passwort auch nicht: Bewahre das Blatt woanders auf als die Kopie.",
        button: "Verschlüsselte Kopie sichern",
        again: "Noch eine sichern",
        running: "Wird geholt und geprüft",
        progress: (done, total) => `${done} von ${total}`,
        stop: "Anhalten",
        doneTitle: "Die Kopie ist gesichert",
        doneWords: (name, size, exports) =>
            `${name}: ${size}, ${number("de", exports)} ${plural("de", exports, "Export", "Exporte")}. Jedes Stück wurde unterwegs geprüft und die fertige Datei noch einmal gelesen.`,
        doneNext: "Sie bleibt, wie sie heute ist: Sichere ab und zu eine neue.",
        stopped: "Angehalten. Es wurde keine Kopie gesichert.",
        fileName: (day) => `Backupweb-Kopie ${day}.zip`,
    },
    open: {
        title: "Kopie öffnen",
        words: "Was in der Kopie ist und hier nicht, kommt dazu. Was hier ist, bleibt, wie es ist.",
        newWords:
            "Sie wird die Bibliothek dieses Kontos, mit allen ihren Chats. Ihr Wiederherstellungscode öffnet sie von da an.",
        newLink: "Ich habe eine verschlüsselte Kopie",
        choose: "Kopie wählen",
        another: "Andere Kopie wählen",
        reading: (name) => `${name} wird angesehen …`,
        locked: "Diese Kopie ist mit einem anderen Schlüssel versiegelt als dem, der hier offen ist. Gib den Wiederherstellungscode ein, der galt, als die Kopie gesichert wurde.",
        from: (site) => `Sie gibt an, bei ${site} gesichert worden zu sein.`,
        written: (when, sequence) => `Stand ${number("de", sequence)}, vom ${when}.`,
        exports: (count) => `${number("de", count)} ${plural("de", count, "Export", "Exporte")}`,
        same: (count, size) =>
            `${plural("de", count, "Ein Export darin fehlt", `${number("de", count)} Exporte darin fehlen`)} hier: ${size}.`,
        sameNothing: "Alles darin ist schon hier.",
        intoNew:
            "Dieses Konto übernimmt die Bibliothek. Ihr Wiederherstellungscode öffnet sie von nun an; ein Passwort setzt du neu, und Passkeys kommen nur auf die Seite mit, für die sie gemacht sind.",
        intoOther:
            "Die Chats darin werden mit deinem Schlüssel neu versiegelt. Was schon hier ist, wird nicht noch einmal gesendet.",
        empty: "Es ist kein Chat darin.",
        bringIn: "Hereinholen",
        running: "Wird hereingeholt",
        waiting: "Keine Verbindung. Es geht von selbst weiter, sobald das Netz wieder da ist.",
        stop: "Anhalten",
        doneTitle: "Es ist hier",
        doneWords: (exports, chunks) =>
            `${number("de", exports)} ${plural("de", exports, "Export", "Exporte")}: Der Server hat jeden Packen bestätigt, und zur Probe ${plural("de", chunks, "wurde", "wurden")} ${number("de", chunks)} ${plural("de", chunks, "Stück", "Stücke")} zurückgelesen und geöffnet.`,
        doneNothing: "Alles darin war schon hier. Nichts wurde geändert.",
        toChats: "Zu meinen Chats",
        over: (missing) => `Der Platz reicht nicht: Es fehlen ${missing}. Was vorher hereinkam, bleibt.`,
        stopped: "Angehalten. Was hereinkam, bleibt; öffne die Kopie noch einmal, um weiterzumachen.",
        damaged:
            "Etwas in dieser Kopie ist nicht das, was gesichert wurde: Es wurde abgewiesen. Hol die Kopie noch einmal von dort, wo sie liegt, oder nimm eine andere.",
        missing:
            "Ein Teil dieser Kopie fehlt. Hol die Kopie noch einmal von dort, wo sie liegt, oder nimm eine andere.",
    },
    page: {
        title: "Eine Seite für den schlimmsten Fall",
        words: "Diese eine Datei öffnet eine Kopie auf jedem Computer, ohne diese Seite und ohne Internet: Mit deinem Wiederherstellungscode zeigt sie deine Chats und gibt die ursprünglichen Dateien heraus. Bewahre sie bei der Kopie auf.",
        button: "Seite herunterladen",
        kit: "Seite für den schlimmsten Fall",
        hash: "SHA-256 der Seite",
        hashWords: "Damit du später weißt, dass niemand sie ausgetauscht hat.",
        sheet: (address) => `Um eine verschlüsselte Kopie ohne diese Seite zu öffnen: ${address} neben ihr sichern.`,
    },
    readme: (page, hash) =>
        [
            "Das ist eine verschlüsselte Kopie einer Backupweb-Bibliothek: exportierte Chats, so versiegelt, dass nur ihr Besitzer sie lesen kann.",
            "",
            "Zum Öffnen braucht es ihren Wiederherstellungscode, 64 Ziffern auf einem Blatt Papier oder in einem Passwortmanager. Ohne ihn kann sie niemand öffnen.",
            "",
            `- Ohne jede Website: die Seite backupweb-open.html in einem Browser öffnen und diese Datei wählen. Die Seite liegt bei ${page}`,
            `  (SHA-256 ${hash}).`,
            "- Bei jeder Website, auf der Backupweb läuft: Einstellungen, Verschlüsselte Kopie, Kopie öffnen.",
            "- Auf der Kommandozeile: backupweb-client --help.",
            "",
            "Wie die Datei aufgebaut ist, steht in docs/format.md von Backupweb, Abschnitt 9.",
        ].join("\r\n"),
}

export const offlineDe: typeof offlineEn = {
    title: "Eine verschlüsselte Kopie öffnen",
    words: "Diese Seite öffnet eine Kopie auf diesem Computer. Sie kommt nicht ins Internet, also kann nichts hinaus; schalte dein Netz ruhig ab.",
    choose: "Kopie wählen",
    chooseHelp:
        "Eine Zip-Datei, wie Backupweb sie gesichert hat: „Backupweb-Kopie …“. Du kannst sie auch hierher ziehen.",
    reading: "Die Kopie wird angesehen …",
    opened: (chats) => `${number("de", chats)} ${plural("de", chats, "Chat", "Chats")} in dieser Kopie`,
    nothing: "In dieser Kopie ist kein Chat.",
    saveZip: "Original sichern",
    read: "Lesen",
    showFiles: "Einzelne Dateien",
    hideFiles: "Dateien verbergen",
    saving: (done, total) => `${done} von ${total} geöffnet und geprüft`,
    saved: (name) => `${name} ist gesichert.`,
    close: "Kopie schließen",
    why: "Ein Passwort und ein Passkey brauchen ihre Website. Hier öffnet der Wiederherstellungscode.",
}
