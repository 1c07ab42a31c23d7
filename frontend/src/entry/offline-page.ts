/** The page that needs no site: the build lays script, styles and WebAssembly into one HTML file (`frontend/offline.ts`). */

import "../ui/styles/offline-page.css"
import { systemClock } from "../adapters/clock.ts"
import {
    MemoryCatalogs,
    MemoryDestinations,
    MemoryDeviceKeys,
    MemoryHeads,
    MemoryJournal,
} from "../adapters/memory-device.ts"
import { noDatabases, noPostOffice, noSecond, noVault } from "../adapters/memory-refusals.ts"
import { noCrew, noServer } from "../adapters/no-server.ts"
import { systemRandom } from "../crypto/random.ts"
import { readOfflineCopy } from "../engine/copy/offline.ts"
import { OwnHands } from "../engine/open-slices.ts"
import type { Ports } from "../engine/ports.ts"
import { checkRecoveryCode } from "../keyring/typed-code.ts"
import type { Language } from "../ui/language.ts"
import { OfflineCopyView } from "../ui/offline-copy.ts"

const ports: Ports = {
    server: noServer,
    store: noServer,
    vault: noVault,
    post: noPostOffice,
    journal: new MemoryJournal(),
    deviceKeys: new MemoryDeviceKeys(),
    heads: new MemoryHeads(),
    catalogs: new MemoryCatalogs(),
    destinations: new MemoryDestinations(),
    openers: new OwnHands(noServer, systemClock),
    crew: noCrew,
    second: noSecond,
    databases: noDatabases,
    clock: systemClock,
    random: systemRandom,
}

/** An element speaks the language of the page in which it was made: another language, another element, in the same state. */
function speak(language: Language): void {
    document.documentElement.lang = language
    const before = document.querySelector<OfflineCopyView>("bw-offline-copy")
    const view = new OfflineCopyView()
    view.read = (file) => readOfflineCopy(ports, file)
    view.check = checkRecoveryCode
    if (before !== null) view.state = before.state
    document.querySelector("main")?.replaceChildren(view)
    for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-language]"))
        button.setAttribute("aria-pressed", String(button.lang === language))
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-language]"))
    button.addEventListener("click", () => speak(button.lang === "de" ? "de" : "en"))

speak(navigator.language.startsWith("de") ? "de" : "en")
