/** The listening worker's own end. */

import { expose } from "comlink"
import { refuse } from "../engine/border.ts"
import { EngineError } from "../engine/errors.ts"
import { writeModel } from "./keep-model.ts"
import type { ListeningDoor } from "./listening.ts"
import { Whisper } from "./whisper.ts"

/** `script` is where Whisper lies within this site; `loaded` is called when it is here, and before it hears anything. */
export function exposeListener(script: string, loaded: () => void): void {
    let whisper: Whisper | null = null
    const door: ListeningDoor = {
        async load(model, onProgress) {
            whisper = await Whisper.start(script, model, onProgress).catch(refuse)
            loaded()
        },
        async hear(samples, language, onProgress) {
            if (whisper === null) return refuse(new EngineError("unexpected"))
            return await whisper.hear(samples, language, onProgress).catch(refuse)
        },
        keep: (source, onProgress) => writeModel(source, onProgress).catch(refuse),
    }
    expose(door)
}
