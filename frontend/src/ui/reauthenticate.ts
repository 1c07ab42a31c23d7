/** Signing in is confirmed at a page of the server, which leads back to the place one came from. */

import { hashOf, type Route } from "./routes.ts"

export function confirmAddress(url: string, back: Route): string {
    const address = new URL(url, location.origin)
    address.searchParams.set("next", `${location.pathname}${hashOf(back)}`)
    return `${address.pathname}${address.search}`
}
