/** The library's page: shows the one state in which the library is. */

import { html, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import { codeOf } from "../engine/errors.ts"
import type { DeviceBook, PasskeyBook, PictureReader, RoomDesk } from "../engine/page-ports.ts"
import type { Engine, RecoverySheet, UnlockOutcome } from "../engine/protocol.ts"
import type { CheckCode } from "./code-check.ts"
import { errorSentence } from "./error-sentence.ts"
import { headTrouble } from "./head-trouble.ts"
import { type AppState, LibrarySession } from "./library-session.ts"
import type { OfflinePage } from "./offline-page.ts"
import { PageElement } from "./page-element.ts"
import type { AccountLinks } from "./settings-page.ts"
import { signedOut } from "./signed-out.ts"
import type { OpenTranscription } from "./transcription/transcription.ts"
import "./first-unlock.ts"
import "./open-library.ts"
import "./unlock-page.ts"

export class App extends PageElement {
    static override properties = {
        account: { attribute: false },
        links: { attribute: false },
        check: { attribute: false },
        connect: { attribute: false },
        passkeys: { attribute: false },
        transcribe: { attribute: false },
        devices: { attribute: false },
        pictures: { attribute: false },
        desk: { attribute: false },
        offline: { attribute: false },
        state: { state: true },
    }

    declare account: string
    declare links: AccountLinks
    declare check: CheckCode
    /** Starts the engine: asked for once, when the element stands. */
    declare connect: () => Promise<Engine>
    declare passkeys: PasskeyBook
    declare transcribe: OpenTranscription
    declare devices: DeviceBook
    declare pictures: PictureReader
    declare desk: RoomDesk
    declare offline: OfflinePage
    declare state: AppState
    #session: LibrarySession | null = null

    constructor() {
        super()
        this.state = { kind: "starting" }
    }

    protected override firstUpdated(): void {
        void this.start()
    }

    protected override render(): TemplateResult {
        const { text, state } = this
        switch (state.kind) {
            case "starting":
                return html`<p class="quiet-place soft" role="status">${text.app.starting}</p>`
            case "broken":
                return this.broken(state.code)
            case "head-trouble":
                return headTrouble(text, state.trouble)
            case "revoked":
                return signedOut(text)
            case "absent":
                return html`<bw-first-unlock
                    account=${this.account}
                    .prepare=${this.prepare}
                    .create=${this.create}
                    .engine=${this.engine()}
                    .check=${this.check}
                    .offline=${this.offline}
                    @library-changed=${() => this.#session?.refresh()}></bw-first-unlock>`
            case "locked":
                return html`<bw-unlock-page
                    .session=${this.#session}
                    .ways=${state.ways}
                    .keyChanged=${state.keyChanged}
                    .passkeys=${this.passkeys}
                    .check=${this.check}
                    .openWithCode=${this.open}></bw-unlock-page>`
            case "open":
                return html`<bw-open-library
                    .session=${this.#session}
                    .state=${state}
                    .account=${this.account}
                    .links=${this.links}
                    .passkeys=${this.passkeys}
                    .devices=${this.devices}
                    .pictures=${this.pictures}
                    .desk=${this.desk}
                    .check=${this.check}
                    .offline=${this.offline}
                    .transcribe=${this.transcribe}
                    .prove=${this.prove}
                    @library-changed=${() => this.#session?.refresh()}></bw-open-library>`
            default:
                return unreachable(state)
        }
    }

    private broken(code: string): TemplateResult {
        const { broken } = this.text
        const signedOut = code === "session-expired"
        return html`
            <section class="refusal" role="alert">
                <h1>${broken.title}</h1>
                <p class="lead">${errorSentence(this.text, code)}</p>
                <p><button class="button" type="button" @click=${() => location.reload()}>${signedOut ? broken.signIn : broken.reload}</button></p>
            </section>
        `
    }

    private async start(): Promise<void> {
        try {
            this.#session = new LibrarySession(await this.connect(), (state) => {
                this.state = state
            })
            await this.#session.start()
        } catch (error) {
            this.state = { kind: "broken", code: codeOf(error) }
        }
    }

    private readonly prepare = async (): Promise<RecoverySheet | string> => {
        try {
            return await this.engine().prepareLibrary()
        } catch (error) {
            return errorSentence(this.text, codeOf(error))
        }
    }

    private readonly create = (options: { readonly proven: boolean; readonly stay: boolean }) =>
        this.opens(async () => ({ kind: "opened", state: await this.engine().createLibrary(options) }))

    private readonly open = (code: string, stay: boolean) =>
        this.opens(() => this.engine().unlock(code, { stay }), this.text.unlock.wrongCode)

    private readonly prove = (code: string) =>
        this.opens(() => this.engine().proveRecoveryCode(code), this.text.settings.proveWrong)

    /** Runs a step that opens or proves; what it comes to is shown, and a refusal is answered in words. */
    private async opens(step: () => Promise<UnlockOutcome>, wrongCode = ""): Promise<string | null> {
        try {
            const outcome = await step()
            if (outcome.kind === "wrong-code") return wrongCode
            await this.#session?.refresh()
            return null
        } catch (error) {
            return errorSentence(this.text, codeOf(error))
        }
    }

    private engine(): Engine {
        if (this.#session === null) throw new TypeError("the engine is asked only after it was started")
        return this.#session.engine
    }
}

customElements.define("bw-app", App)
