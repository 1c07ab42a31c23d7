/** Reads QR pictures off a video: by the browser's own reader where it knows how, else by zxing from our own origin. */

import type { PictureReader } from "../engine/page-ports.ts"

/** What both readers can do. */
interface Detector {
    detect(video: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}

interface DetectorClass {
    new (options: { readonly formats: ["qr_code"] }): Detector
    getSupportedFormats(): Promise<readonly string[]>
}

/** Often enough for a steady hand, rarely enough for a warm phone. */
const lookEvery = 150

export const camera: PictureReader = {
    supported: () => typeof navigator.mediaDevices?.getUserMedia === "function",
    read,
}

async function* read(video: HTMLVideoElement, signal: AbortSignal): AsyncGenerator<string> {
    const detector = (await ownDetector()) ?? (await carriedDetector())
    let before: string | null = null
    while (!signal.aborted) {
        for (const value of await valuesIn(detector, video)) {
            if (value !== before && !signal.aborted) yield value
            before = value
        }
        await new Promise((resolve) => setTimeout(resolve, lookEvery))
    }
}

/** A frame that cannot be read is followed by another. */
async function valuesIn(detector: Detector, video: HTMLVideoElement): Promise<readonly string[]> {
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return []
    try {
        return (await detector.detect(video)).map(({ rawValue }) => rawValue)
    } catch {
        return []
    }
}

async function ownDetector(): Promise<Detector | null> {
    const own = (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector
    try {
        return own !== undefined && (await own.getSupportedFormats()).includes("qr_code") ? detectorOf(own) : null
    } catch {
        return null
    }
}

/** Loaded when it is needed: most browsers never fetch it. */
async function carriedDetector(): Promise<Detector> {
    const [{ BarcodeDetector, prepareZXingModule }, { default: wasm }] = await Promise.all([
        import("barcode-detector/ponyfill"),
        import("zxing-wasm/reader/zxing_reader.wasm?url"),
    ])
    await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true })
    return detectorOf(BarcodeDetector)
}

function detectorOf(made: DetectorClass): Detector {
    return new made({ formats: ["qr_code"] })
}
