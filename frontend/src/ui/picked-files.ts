/** Files that a person chooses or drops; with a handle where the browser gives one. */

import type { Picked } from "./import-session.ts"

interface WithHandles {
    getAsFileSystemHandle?(): Promise<FileSystemHandle | null>
}

interface WithPicker {
    showOpenFilePicker?(): Promise<readonly FileSystemFileHandle[]>
}

/** The first file of what was dropped, or null: folders and links are not files. */
export async function droppedFile(transfer: DataTransfer): Promise<Picked | null> {
    const item = [...transfer.items].find((candidate) => candidate.kind === "file")
    if (item === undefined) return null
    // Both at once, and before anything is awaited: the list is emptied when the event is over.
    const file = item.getAsFile()
    const asked = (item as WithHandles).getAsFileSystemHandle?.()
    const handle = await asked?.catch(() => null)
    if (handle instanceof FileSystemFileHandle) return { file: await handle.getFile(), handle }
    return file && handle?.kind !== "directory" ? { file, handle: null } : null
}

/**
 * The browser's picker, which gives a handle. Where there is none the input is opened, and its `change` event tells the
 * rest: then, and when the person closed the picker, this is null.
 */
export async function chosenFile(input: HTMLInputElement): Promise<Picked | null> {
    const picker = (window as WithPicker).showOpenFilePicker
    if (picker !== undefined) {
        try {
            const [handle] = await picker.call(window)
            return handle === undefined ? null : { file: await handle.getFile(), handle }
        } catch (error) {
            if (error instanceof DOMException && error.name === "AbortError") return null
        }
    }
    input.click()
    return null
}

/** What an input holds now; emptied, so that the same file can be chosen again. */
export function inputFile(input: HTMLInputElement): Picked | null {
    const file = input.files?.[0]
    input.value = ""
    return file === undefined ? null : { file, handle: null }
}

/** The file of a kept handle, after asking for leave to read it again. */
export async function keptFile(handle: FileSystemFileHandle): Promise<Picked | null> {
    const asking = handle as FileSystemFileHandle & { requestPermission?(): Promise<PermissionState> }
    try {
        if ((await asking.requestPermission?.()) === "denied") return null
        return { file: await handle.getFile(), handle }
    } catch {
        return null
    }
}

/** Hands a file to the browser's downloads. */
export function saveFile(file: Blob, name: string): void {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(file)
    link.download = name
    link.click()
    // The download has its own hold on the bytes once it began.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
