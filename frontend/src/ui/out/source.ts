/** What the dialog needs to know of a chat, and what it can ask for. */

import type { OutChoice } from "../../reader/out/choice.ts"

export interface OutSource {
    readonly title: string
    readonly people: readonly string[]
    /** First and last day, `YYYY-MM-DD`, or null for a chat without days. */
    readonly first: string | null
    readonly last: string | null
    /** Of two questions the later one's answer is shown. */
    estimate(choice: OutChoice): Promise<OutEstimate>
    fileName(choice: OutChoice): string
    /** Writes it into `target`, or gives a file to download when that is null. */
    make(
        choice: OutChoice,
        target: FileSystemFileHandle | null,
        onProgress: (progress: OutProgress) => void,
        signal: AbortSignal,
    ): Promise<OutMade>
    /** Opens the browser's print window; `close` of the answer takes the pages away again. */
    print(choice: OutChoice, onProgress: (progress: OutProgress) => void, signal: AbortSignal): Promise<OutPaper>
}

export interface OutEstimate {
    readonly records: number
    /** How many files will stand in it. */
    readonly files: number
    readonly bytes: number
    /** On paper. */
    readonly pages: number
}

export interface OutProgress {
    readonly bytes: number
    /** Files that did not open so far; the document names them. */
    readonly notOpened: number
}

export interface OutMade {
    readonly file: File | "saved"
    readonly bytes: number
    readonly notOpened: number
}

export interface OutPaper {
    readonly notOpened: number
    close(): void
}
