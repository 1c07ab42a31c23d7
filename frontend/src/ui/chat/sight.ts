/** Tells elements when they come near the visible part of the list: until then they fetch nothing. */

/** How far ahead of the eye a file is opened. */
const ahead = "500px 0px"

export class Sight {
    private readonly observer: IntersectionObserver
    private readonly watched = new Map<Element, () => void>()

    constructor(root: Element) {
        this.observer = new IntersectionObserver((entries) => this.look(entries), { root, rootMargin: ahead })
    }

    /** Calls `seen` once, when the element comes near. */
    watch(element: Element, seen: () => void): void {
        this.watched.set(element, seen)
        this.observer.observe(element)
    }

    unwatch(element: Element): void {
        this.watched.delete(element)
        this.observer.unobserve(element)
    }

    stop(): void {
        this.observer.disconnect()
        this.watched.clear()
    }

    private look(entries: readonly IntersectionObserverEntry[]): void {
        for (const { target, isIntersecting } of entries) {
            if (!isIntersecting) continue
            const seen = this.watched.get(target)
            this.unwatch(target)
            seen?.()
        }
    }
}
