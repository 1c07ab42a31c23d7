/** Places to write to, that a person picks: only some browsers have them. */

import type { Place } from "../engine/place.ts"

interface WithPickers {
    showDirectoryPicker?(options: {
        readonly id: string
        readonly mode: "readwrite"
    }): Promise<FileSystemDirectoryHandle>
    showSaveFilePicker?(options: { readonly id: string; readonly suggestedName: string }): Promise<FileSystemFileHandle>
}

/** The browser opens the picker where it was last time. */
const pickerId = "backupweb-restore"

export function canPickFolders(page: object = window): boolean {
    return (page as WithPickers).showDirectoryPicker !== undefined
}

export function canPickFiles(page: object = window): boolean {
    return (page as WithPickers).showSaveFilePicker !== undefined
}

/** Null: the person closed the picker. */
export async function pickFolder(): Promise<Place | null> {
    const picking = (window as WithPickers).showDirectoryPicker?.({ id: pickerId, mode: "readwrite" })
    const folder = await unlessClosed(picking)
    return folder && { kind: "folder", folder }
}

export async function pickFile(suggestedName: string): Promise<Place | null> {
    const picking = (window as WithPickers).showSaveFilePicker?.({ id: pickerId, suggestedName })
    const file = await unlessClosed(picking)
    return file && { kind: "file", file }
}

/** Asks for leave to write there again, after a reload. */
export async function mayWrite(place: Place): Promise<boolean> {
    if (place.kind === "private") return true
    const handle = place.kind === "folder" ? place.folder : place.file
    const asking = handle as FileSystemHandle & {
        requestPermission?(options: { readonly mode: "readwrite" }): Promise<PermissionState>
    }
    try {
        return (await asking.requestPermission?.({ mode: "readwrite" })) !== "denied"
    } catch {
        return false
    }
}

async function unlessClosed<Handle>(picking: Promise<Handle> | undefined): Promise<Handle | null> {
    try {
        return (await picking) ?? null
    } catch (error) {
        if (error instanceof DOMException && error.name === "AbortError") return null
        throw error
    }
}
