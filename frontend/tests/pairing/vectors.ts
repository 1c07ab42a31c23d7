/** What pairing.json holds. */

export interface PairingVectors {
    readonly account: string
    readonly mailbox: string
    readonly gift: { readonly library: string; readonly epoch: number; readonly root: string; readonly bytes: string }
    readonly picture: {
        readonly seed: string
        readonly publicKey: string
        readonly keyHash: string
        readonly psk: string
        readonly text: string
        readonly letter: string
    }
    readonly code: {
        readonly sessionKey: string
        readonly sealKey: string
        readonly compare: string
        readonly letter: string
    }
}
