/** Where there is no server, every call to one ends at once; and nobody seals what nobody takes. */

import type { Crew } from "../engine/crew.ts"
import { EngineError } from "../engine/errors.ts"
import type { LibraryServer, ObjectStore } from "../engine/ports.ts"

const away = (): Promise<never> => Promise.reject(new EngineError("network"))

export const noCrew: Crew = { seal: away }

export const noServer: ObjectStore & LibraryServer = {
    begin: away,
    put: away,
    finish: away,
    get: away,
    abandon: away,
    account: away,
    keyring: away,
    createKeyring: away,
    head: away,
    headAt: away,
    commit: away,
    addSlot: away,
    removeSlot: away,
    changeKey: away,
    watch: () => () => undefined,
}
