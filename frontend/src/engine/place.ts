/** Where files are written, as a plain value that a device can keep: what a person picked, or the browser's private folder. */

export type Place =
    | { readonly kind: "folder"; readonly folder: FileSystemDirectoryHandle }
    | { readonly kind: "file"; readonly file: FileSystemFileHandle }
    /** A file nobody sees, to be handed over as a download. */
    | { readonly kind: "private"; readonly id: string }
