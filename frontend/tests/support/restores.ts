/** Getting things back in tests: into a folder in memory, or as a zip. */

import type { Engine, RestoreOutcome, RestoreRequest } from "../../src/engine/protocol.ts"
import { asFolder, type FakeFolder } from "./picked-folder.ts"

export type Done = Extract<RestoreOutcome, { readonly kind: "done" }>

export const everything: RestoreRequest = { what: { kind: "everything" }, form: "files", repeats: "everywhere" }

export async function intoFolder(
    engine: Engine,
    folder: FakeFolder,
    request: Partial<RestoreRequest> = {},
): Promise<RestoreOutcome> {
    const place = { kind: "folder", folder: asFolder(folder) } as const
    return await engine.restore({ ...everything, ...request }, place, () => undefined)
}

export function done(outcome: RestoreOutcome): Done {
    if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome))
    return outcome
}
