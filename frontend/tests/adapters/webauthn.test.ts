/** No output of the PRF extension leaves the browser. */

import { expect, test } from "vitest"
import { sendable } from "../../src/adapters/webauthn.ts"

const credential = (clientExtensionResults: object) =>
    ({ id: "x", rawId: "x", type: "public-key", response: {}, clientExtensionResults }) as PublicKeyCredentialJSON

test("results of the PRF are deleted, whether they were asked for or not", () => {
    const sent = sendable(
        credential({ prf: { enabled: true, results: { first: "c2VjcmV0" } }, credProps: { rk: true } }),
    )
    expect(JSON.stringify(sent)).not.toContain("c2VjcmV0")
    expect(sent).toMatchObject({ clientExtensionResults: { prf: { enabled: true }, credProps: { rk: true } } })
})

test("a credential without extensions is sent as it is", () => {
    expect(sendable(credential({}))).toEqual(credential({}))
})
