/** What stands behind the hash leads back to the same place, and nonsense leads to the list. */

import { expect, test } from "vitest"
import { hashOf, type Route, readRoute } from "../../src/ui/routes.ts"

const id = "0123456789abcdef0123456789abcdef"
const other = "fedcba9876543210fedcba9876543210"

test.each<Route>([
    { kind: "library" },
    { kind: "add" },
    { kind: "settings" },
    { kind: "key" },
    { kind: "ways" },
    { kind: "devices" },
    { kind: "room" },
    { kind: "drill" },
    { kind: "check", conversation: null },
    { kind: "check", conversation: id },
    { kind: "keep", conversation: null },
    { kind: "keep", conversation: id },
    { kind: "chat", conversation: id, importId: null },
    { kind: "chat", conversation: id, importId: other },
])("a place keeps its address: $kind", (route) => {
    expect(readRoute(hashOf(route))).toEqual(route)
})

test.each(["", "#", "#/nowhere", "#/chat", "#/chat/12", `#/chat/${id.toUpperCase()}`, "#/chat/../../etc"])(
    "what is no place is the list: %s",
    (hash) => {
        expect(readRoute(hash)).toEqual({ kind: "library" })
    },
)

test("an export that is no id is not asked for", () => {
    expect(readRoute(`#/chat/${id}/x`)).toEqual({ kind: "chat", conversation: id, importId: null })
})
