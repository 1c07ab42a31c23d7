/** What the browser is asked for when a passkey is made or used, and what of its answer may leave the browser. */

export type Ceremony = "create" | "get" | "login"

export type CeremonyOutcome =
    | { readonly kind: "made"; readonly credential: unknown }
    /** The person closed the browser's window, or time was up: the browser does not tell which. */
    | { readonly kind: "cancelled" }
    | { readonly kind: "unsupported" }
    | { readonly kind: "failed" }

interface CreationAnswer {
    readonly creation_options: { readonly publicKey: PublicKeyCredentialCreationOptionsJSON }
}

interface RequestAnswer {
    readonly request_options: { readonly publicKey: PublicKeyCredentialRequestOptionsJSON }
}

export function isCeremony(value: string | undefined): value is Ceremony {
    return value === "create" || value === "get" || value === "login"
}

export async function credentialFor(ceremony: Ceremony, options: () => Promise<unknown>): Promise<CeremonyOutcome> {
    if (!("PublicKeyCredential" in globalThis) || !("parseCreationOptionsFromJSON" in PublicKeyCredential))
        return { kind: "unsupported" }
    try {
        const asked = await options()
        const credential =
            ceremony === "create" ? await create(asked as CreationAnswer) : await get(asked as RequestAnswer)
        if (!(credential instanceof PublicKeyCredential)) return { kind: "failed" }
        return { kind: "made", credential: sendable(credential.toJSON()) }
    } catch (error) {
        const cancelled = error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name)
        return { kind: cancelled ? "cancelled" : "failed" }
    }
}

/** Always a passkey that signs in alone: kept by the authenticator, and the person is verified. */
function create(asked: CreationAnswer): Promise<Credential | null> {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.creation_options.publicKey)
    const authenticatorSelection: AuthenticatorSelectionCriteria = {
        ...publicKey.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
    }
    return navigator.credentials.create({ publicKey: { ...publicKey, authenticatorSelection } })
}

function get(asked: RequestAnswer): Promise<Credential | null> {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.request_options.publicKey)
    return navigator.credentials.get({ publicKey: { ...publicKey, userVerification: "required" } })
}

/** A PRF output is key material: `toJSON()` would carry it to the server, which must never see it. */
export function sendable(credential: PublicKeyCredentialJSON): unknown {
    const copy = structuredClone(credential) as { clientExtensionResults?: { prf?: { results?: unknown } } }
    delete copy.clientExtensionResults?.prf?.results
    return copy
}
