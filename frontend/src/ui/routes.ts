/** Places within the library's page, as they stand behind the hash. */

export type Route =
    | { readonly kind: "library" }
    | { readonly kind: "add" }
    | { readonly kind: "settings" }
    /** Ways to unlock, signed-in devices, and storage: places within the settings. */
    | { readonly kind: "ways" }
    | { readonly kind: "devices" }
    | { readonly kind: "room" }
    /** Changing the key. */
    | { readonly kind: "key" }
    | { readonly kind: "drill" }
    /** Encrypted copies. */
    | { readonly kind: "copy" }
    /** Checking one chat, or null for all of them. */
    | { readonly kind: "check"; readonly conversation: string | null }
    /** Which exports stay: of one chat, or null for all of them. */
    | { readonly kind: "keep"; readonly conversation: string | null }
    /** Getting files back: `conversation` and `importId` say where the person came from, or null. */
    | { readonly kind: "restore"; readonly conversation: string | null; readonly importId: string | null }
    /** `importId`: one export alone, or null for all of them together. */
    | { readonly kind: "chat"; readonly conversation: string; readonly importId: string | null }

const places = ["ways", "devices", "room", "key", "drill", "copy"] as const

export function readRoute(hash: string): Route {
    const [place, first, second] = hash.replace(/^#\/?/, "").split("/")
    if (place === "add") return { kind: "add" }
    if (place === "settings" && first === "keep") return { kind: "keep", conversation: isId(second) ? second : null }
    if (place === "settings" && first === "check") return { kind: "check", conversation: isId(second) ? second : null }
    if (place === "settings") return { kind: places.find((known) => known === first) ?? "settings" }
    if (place === "restore")
        return {
            kind: "restore",
            conversation: isId(first) ? first : null,
            importId: isId(first) && isId(second) ? second : null,
        }
    if (place === "chat" && isId(first))
        return { kind: "chat", conversation: first, importId: isId(second) ? second : null }
    return { kind: "library" }
}

export function hashOf(route: Route): string {
    switch (route.kind) {
        case "library":
            return "#/"
        case "add":
        case "settings":
            return `#/${route.kind}`
        case "ways":
        case "devices":
        case "room":
        case "key":
        case "drill":
        case "copy":
            return `#/settings/${route.kind}`
        case "keep":
        case "check":
            return `#/settings/${route.kind}${route.conversation === null ? "" : `/${route.conversation}`}`
        case "restore":
            return ["#/restore", route.conversation, route.importId].filter((part) => part !== null).join("/")
        case "chat":
            return route.importId === null
                ? `#/chat/${route.conversation}`
                : `#/chat/${route.conversation}/${route.importId}`
    }
}

function isId(part: string | undefined): part is string {
    return part !== undefined && /^[0-9a-f]{32}$/.test(part)
}
