/** Puts an element at its height in the list, by the style object: the policy of these pages allows no style attributes. */

import { type ElementPart, noChange } from "lit"
import { Directive, directive, type PartInfo, PartType } from "lit/directive.js"

class Place extends Directive {
    private last = Number.NaN

    constructor(part: PartInfo) {
        super(part)
        if (part.type !== PartType.ELEMENT) throw new TypeError("place stands in an element")
    }

    override render(_start: number): typeof noChange {
        return noChange
    }

    override update(part: ElementPart, [start]: Parameters<Place["render"]>): typeof noChange {
        if (part.element instanceof HTMLElement && start !== this.last) {
            part.element.style.transform = `translateY(${start}px)`
            this.last = start
        }
        return noChange
    }
}

export const place = directive(Place)
