/** The one player of a chat: it goes on while its bubble is scrolled away, and only one voice is heard at a time. */

import type { MediaShelf } from "./media-shelf.ts"

export const speeds: readonly number[] = [1, 1.5, 2]

export interface Recording {
    /** The record's place in the chat, and the file's in the export. */
    readonly index: number
    readonly file: number
}

/** Tells `change` whenever something a bubble shows is different. */
export class VoicePlayer extends EventTarget {
    speed = 1
    /** Recordings that this browser could not play. */
    readonly unplayable = new Set<number>()
    private readonly audio = new Audio()
    private readonly durations = new Map<number, number>()
    private readonly shelf: MediaShelf
    private readonly nextAfter: (recording: Recording) => Promise<Recording | null>
    private current: Recording | null = null

    constructor(shelf: MediaShelf, nextAfter: (recording: Recording) => Promise<Recording | null>) {
        super()
        this.shelf = shelf
        this.nextAfter = nextAfter
        for (const event of ["play", "pause", "timeupdate", "seeked"]) this.audio.addEventListener(event, this.tell)
        this.audio.addEventListener("durationchange", this.learn)
        this.audio.addEventListener("error", this.fail)
        this.audio.addEventListener("ended", this.goOn)
    }

    isPlaying(file: number): boolean {
        return this.current?.file === file && !this.audio.paused
    }

    position(file: number): number {
        return this.current?.file === file ? this.audio.currentTime : 0
    }

    duration(file: number): number | null {
        return this.durations.get(file) ?? null
    }

    async toggle(recording: Recording): Promise<void> {
        if (this.current?.file === recording.file) {
            if (this.audio.paused) await this.audio.play().catch(() => this.tell())
            else this.audio.pause()
            return
        }
        await this.load(recording)
        if (this.current?.file === recording.file) await this.audio.play().catch(() => this.tell())
    }

    async seek(recording: Recording, seconds: number): Promise<void> {
        if (this.current?.file !== recording.file) await this.load(recording)
        this.audio.currentTime = seconds
        this.tell()
    }

    nextSpeed(): void {
        const place = speeds.indexOf(this.speed)
        this.speed = speeds[(place + 1) % speeds.length] ?? 1
        this.audio.playbackRate = this.speed
        this.tell()
    }

    /** Reads a recording's length without playing it. */
    async measure(file: number, address: string): Promise<void> {
        if (this.durations.has(file)) return
        const probe = new Audio()
        probe.preload = "metadata"
        const known = await new Promise<boolean>((resolve) => {
            probe.addEventListener("loadedmetadata", () => resolve(true), { once: true })
            probe.addEventListener("error", () => resolve(false), { once: true })
            probe.src = address
        })
        if (known && Number.isFinite(probe.duration)) this.durations.set(file, probe.duration)
        if (!known) this.unplayable.add(file)
        probe.removeAttribute("src")
        this.tell()
    }

    stop(): void {
        this.audio.pause()
        this.audio.removeAttribute("src")
        if (this.current !== null) this.shelf.release(this.current.file)
        this.current = null
        this.tell()
    }

    private async load(recording: Recording): Promise<void> {
        this.stop()
        this.current = recording
        const shelved = await this.shelf.take(recording.file)
        // Another one was asked for meanwhile, and gave this one back.
        if (this.current !== recording) return
        if (shelved.kind === "refused") {
            this.stop()
            return
        }
        this.audio.src = shelved.address
        this.audio.playbackRate = this.speed
        this.audio.preservesPitch = true
    }

    private readonly tell = (): void => {
        this.dispatchEvent(new Event("change"))
    }

    private readonly learn = (): void => {
        if (this.current !== null && Number.isFinite(this.audio.duration))
            this.durations.set(this.current.file, this.audio.duration)
        this.tell()
    }

    private readonly fail = (): void => {
        if (this.current === null || !this.audio.hasAttribute("src")) return
        this.unplayable.add(this.current.file)
        this.stop()
    }

    private readonly goOn = (): void => {
        const ended = this.current
        this.stop()
        if (ended === null) return
        void this.nextAfter(ended).then((next) => {
            if (next !== null && this.current === null) void this.toggle(next)
        })
    }
}
