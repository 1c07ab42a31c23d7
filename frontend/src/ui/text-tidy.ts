/** What is said about tidying up: storage that deleted exports still take. */

export const tidyEn = {
    title: "Tidy up",
    words: "Exports are kept in sealed packs. When some of what is in a pack was deleted, the rest keeps the whole pack in place. Tidying up sends the rest once more, in new packs, and gives the old ones up.",
    look: "See what it would free",
    looking: "Looking …",
    nothing: "There is nothing to tidy up: hardly anything of what you deleted still takes room.",
    plan: (frees: string, sends: string) => `It would free about ${frees} and send about ${sends} for that.`,
    start: "Tidy up now",
    running: (done: number, total: number) => `Export ${done} of ${total}`,
    stop: "Stop",
    stopping: "Stopping …",
    done: "Done. The room is free again.",
    stopped: "Stopped. What is done stays done; the rest can be gone on with at any time.",
    over: (size: string) =>
        `There is not enough room for the moment in between: ${size} are missing. Delete something first.`,
}

export const tidyDe: typeof tidyEn = {
    title: "Aufräumen",
    words: "Exporte liegen in versiegelten Packen. Wurde ein Teil davon gelöscht, hält der Rest den ganzen Packen am Platz. Aufräumen sendet den Rest noch einmal, in neuen Packen, und gibt die alten auf.",
    look: "Nachsehen, was es bringt",
    looking: "Es wird nachgesehen …",
    nothing: "Hier gibt es nichts aufzuräumen: Kaum etwas von dem, was du gelöscht hast, belegt noch Platz.",
    plan: (frees, sends) => `Es würde etwa ${frees} frei machen und dafür etwa ${sends} senden.`,
    start: "Jetzt aufräumen",
    running: (done, total) => `Export ${done} von ${total}`,
    stop: "Anhalten",
    stopping: "Wird angehalten …",
    done: "Fertig. Der Platz ist wieder frei.",
    stopped: "Angehalten. Was fertig ist, bleibt fertig; mit dem Rest geht es jederzeit weiter.",
    over: (size) => `Für den Augenblick dazwischen reicht der Platz nicht: Es fehlen ${size}. Lösche zuerst etwas.`,
}
