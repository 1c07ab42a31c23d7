/** When a page goes on to its next step, whoever listens or uses the keyboard is taken along. */

/** The step marks its beginning with `data-step` and `tabindex="-1"`, or the field it wants filled with `data-step`. */
export function focusStep(place: ParentNode): void {
    place.querySelector<HTMLElement>("[data-step]")?.focus()
}
