/**
 * Files inside a page: what is shown, what is only handed over, and what is only named.
 *
 * [Active] Pictures, sound and film of types that run nothing are shown. Everything else, HTML and SVG among it, becomes a
 * link that saves it, of a type that no browser opens by itself.
 */

import type { Attachment } from "../conversation.ts"
import type { OutSetting } from "./choice.ts"
import { sizeOf } from "./dates.ts"
import { type Element, element, type Markup } from "./markup.ts"
import { outTexts } from "./text.ts"

export interface OpenedMedia {
    /** Told by the bytes, never by the name. */
    readonly type: string
    readonly size: number
    readonly pieces: AsyncIterable<Uint8Array>
}

export interface OutMedia {
    /** Null: it does not open. */
    open(file: number): Promise<OpenedMedia | null>
    /** What is known without opening it. */
    facts(file: number): MediaFacts | null
}

export interface MediaFacts {
    readonly size: number
    readonly sha256: string | null
}

/** Browsers refuse longer addresses, or show nothing. */
export const largestEmbedded = 256_000_000

const shown: Readonly<Record<string, "img" | "audio" | "video">> = {
    "image/jpeg": "img",
    "image/png": "img",
    "image/gif": "img",
    "image/webp": "img",
    "image/bmp": "img",
    "image/avif": "img",
    "audio/ogg": "audio",
    "audio/mpeg": "audio",
    "audio/aac": "audio",
    "audio/wav": "audio",
    "audio/mp4": "audio",
    "audio/flac": "audio",
    "video/mp4": "video",
    "video/webm": "video",
    "video/quicktime": "video",
}

export const noMedia: OutMedia = { open: async () => null, facts: () => null }

export interface Named {
    readonly attachment: Attachment
    readonly facts: MediaFacts | null
    /** Why only the name stands there; null: the file was not wanted. */
    readonly why: string | null
}

export type Embedded =
    | { readonly kind: "shown"; readonly as: "img" | "audio" | "video"; readonly element: Element }
    | { readonly kind: "link"; readonly element: Element }
    | ({ readonly kind: "named" } & Named)

/** `only`: what kind of thing is wanted as such; the rest is named. */
export async function embed(
    attachment: Attachment,
    media: OutMedia | null,
    { language }: OutSetting,
    only: "everything" | "pictures",
): Promise<Embedded> {
    const text = outTexts[language]
    const { file, name, kind } = attachment
    if (file === null) return { kind: "named", attachment, facts: null, why: text.missing }
    const facts = media?.facts(file) ?? null
    const named = (why: string | null): Embedded => ({ kind: "named", attachment, facts, why })
    const wanted = only === "everything" || kind === "photo" || kind === "sticker" || kind === "gif"
    if (media === null || !wanted) return named(null)
    if (facts !== null && facts.size > largestEmbedded) return named(text.tooLarge)
    const opened = await media.open(file)
    if (opened === null) return named(text.notOpened)
    const { type, size, pieces } = opened
    if (size > largestEmbedded) return named(text.tooLarge)
    const as = shown[type]
    const broken = element("p", { class: "trouble" }, `${name}: ${text.cutShort}`)
    if (as === undefined || (only === "pictures" && as !== "img")) {
        if (only === "pictures") return named(null)
        const bytes = { attribute: "href", type: "application/octet-stream", pieces, broken } as const
        const children = [element("bdi", {}, name), element("span", { class: "facts" }, sizeOf(language, size))]
        return {
            kind: "link",
            element: { tag: "a", attributes: { class: "file", download: savedName(name) }, children, bytes },
        }
    }
    return {
        kind: "shown",
        as,
        element: {
            tag: as,
            attributes: attributesOf(as, attachment, text.kinds[kind], only === "everything"),
            children: [],
            bytes: { attribute: "src", type, pieces, broken },
        },
    }
}

function attributesOf(
    as: "img" | "audio" | "video",
    { name, kind }: Attachment,
    word: string,
    lazily: boolean,
): Readonly<Record<string, string>> {
    const label = `${word}: ${name}`
    // What is to be printed is never scrolled to.
    const late = lazily ? { loading: "lazy", decoding: "async" } : {}
    if (as === "img") return { class: kind, alt: label, title: name, ...late }
    return { controls: "", preload: as === "video" ? "metadata" : "none", title: name, "aria-label": label }
}

export function whatIsNamed({ attachment, facts, why }: Named, setting: OutSetting): Markup[] {
    const text = outTexts[setting.language]
    const size = facts === null ? null : sizeOf(setting.language, facts.size)
    const details = [size, why].filter((part) => part !== null).join(", ")
    return [
        `${text.kinds[attachment.kind]}: `,
        element("bdi", {}, attachment.name),
        ...(details === "" ? [] : [element("span", { class: "facts" }, ` (${details})`)]),
    ]
}

/** A name is a label: it leads into no folder, and does not turn its own ending around. */
export function savedName(name: string): string {
    const plain = name
        .slice(-180)
        .replace(/[/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "_")
        .trim()
    return /^\.*$/.test(plain) ? "_" : plain
}
