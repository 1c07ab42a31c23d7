/** Joins what turns voice notes into text. Imported when a chat is opened in a browser that can; Whisper itself later. */

import type { Api } from "../adapters/api.ts"
import { systemClock } from "../adapters/clock.ts"
import { type ListeningWorker, WorkerTranscriber } from "../adapters/listening.ts"
import { samplesOf } from "../adapters/recordings.ts"
import { SiteSpeechModels } from "../adapters/speech-models.ts"
import type { TranscriptStore } from "../engine/transcriber.ts"
import { Transcription } from "../ui/transcription/transcription.ts"

const start = (): ListeningWorker =>
    // Never a name that begins with "em-pthread": Whisper would take the worker for one of its threads.
    new Worker(new URL("./listening.worker.ts", import.meta.url), { type: "module", name: "listening" })

export function transcription(api: Api, store: TranscriptStore): Transcription {
    return new Transcription({
        models: new SiteSpeechModels(api, start),
        transcriber: new WorkerTranscriber(start),
        decode: samplesOf,
        store,
        clock: systemClock,
        now: () => new Date().toISOString(),
    })
}
