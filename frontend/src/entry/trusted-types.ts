/** The page's only way to turn a string into code's address: workers of our own origin, and nothing else. */

interface TypePolicies {
    createPolicy(name: string, rules: { readonly createScriptURL: (url: string) => string }): unknown
}

/** Once per page and worker, before the first worker is made. Where a browser has no Trusted Types, there is nothing to do. */
export function allowOwnWorkers(): void {
    const policies = (globalThis as { readonly trustedTypes?: TypePolicies }).trustedTypes
    policies?.createPolicy("default", {
        createScriptURL(url) {
            if (new URL(url, location.href).origin !== location.origin) throw new TypeError("foreign script refused")
            return url
        },
    })
}
