/** Where a large file is to go: a place of the person's choice, where the browser offers that, or its downloads. */

export type SaveTarget =
    | { readonly kind: "chosen"; readonly handle: FileSystemFileHandle }
    | { readonly kind: "downloads" }
    | { readonly kind: "cancelled" }

interface WithPicker {
    showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>
}

/** To be asked at once after a click: later the browser shows no window any more. */
export async function saveTarget(name: string): Promise<SaveTarget> {
    const picker = (window as WithPicker).showSaveFilePicker
    if (picker === undefined) return { kind: "downloads" }
    try {
        // A name is a label, never a path.
        const handle = await picker.call(window, { suggestedName: name.replace(/[/\\]/g, "_") })
        return { kind: "chosen", handle }
    } catch (error) {
        const closed = error instanceof DOMException && error.name === "AbortError"
        return { kind: closed ? "cancelled" : "downloads" }
    }
}
