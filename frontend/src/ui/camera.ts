/** What the camera sees, and what is read from it. Nothing of it is kept or sent. */

import { html, type TemplateResult } from "lit"
import { unreachable } from "../bytes/unreachable.ts"
import type { PictureReader } from "../engine/page-ports.ts"
import { PageElement } from "./page-element.ts"

type CameraState = "starting" | "seeing" | "refused" | "missing"

export class Camera extends PageElement {
    static override properties = {
        pictures: { attribute: false },
        onPicture: { attribute: false },
        state: { state: true },
    }

    declare pictures: PictureReader
    /** Hears the first picture that was read. */
    declare onPicture: (words: string) => void
    declare state: CameraState
    #away = new AbortController()

    constructor() {
        super()
        this.state = "starting"
    }

    override disconnectedCallback(): void {
        super.disconnectedCallback()
        this.#away.abort()
    }

    protected override firstUpdated(): void {
        void this.look()
    }

    protected override render(): TemplateResult {
        const { pairing } = this.text
        const off = this.state === "refused" || this.state === "missing"
        return html`
            <div class="camera" ?hidden=${off}><video playsinline .muted=${true} aria-label=${pairing.camera}></video></div>
            <p class=${off ? "note" : "small soft"} role="status"><span>${this.words()}</span></p>
        `
    }

    private words(): string {
        const { pairing } = this.text
        switch (this.state) {
            case "starting":
                return pairing.cameraStarting
            case "seeing":
                return pairing.scanWords
            case "refused":
                return pairing.cameraRefused
            case "missing":
                return pairing.cameraMissing
            default:
                return unreachable(this.state)
        }
    }

    private async look(): Promise<void> {
        const video = this.querySelector("video")
        if (video === null) return
        if (!this.pictures.supported()) {
            this.state = "missing"
            return
        }
        try {
            const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } })
            const stop = () => {
                for (const track of stream.getTracks()) track.stop()
            }
            if (this.#away.signal.aborted) return stop()
            this.#away.signal.addEventListener("abort", stop)
            video.srcObject = stream
            await video.play()
            this.state = "seeing"
            await this.read(video)
        } catch (error) {
            if (!this.#away.signal.aborted) this.state = cameraTrouble(error)
        }
    }

    private async read(video: HTMLVideoElement): Promise<void> {
        for await (const words of this.pictures.read(video, this.#away.signal)) {
            this.#away.abort()
            this.onPicture(words)
            return
        }
    }
}

/** Browsers tell by name whether the person, or the page's surroundings, said no. */
export function cameraTrouble(error: unknown): "refused" | "missing" {
    const name = error instanceof DOMException ? error.name : ""
    return name === "NotAllowedError" || name === "SecurityError" ? "refused" : "missing"
}

customElements.define("bw-camera", Camera)
