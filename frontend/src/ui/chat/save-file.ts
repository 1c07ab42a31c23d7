/** Hands an opened file to the browser's downloads under its own name. */
export function saveFile(blob: Blob, name: string): void {
    const address = URL.createObjectURL(blob)
    const link = document.createElement("a")
    link.href = address
    // A name is a label, never a path.
    link.download = name.replace(/[/\\]/g, "_")
    link.click()
    // The download has begun by then; earlier some browsers find nothing behind the address.
    setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
