/** What a plot shows, and says in words and numbers beside it. */

import type { SVGTemplateResult } from "lit"

export interface Figure {
    readonly title: string
    readonly why: string | null
    readonly height: number
    readonly plot: SVGTemplateResult
    readonly legend: readonly { readonly name: string; readonly tone: number; readonly opacity?: number }[]
    readonly head: readonly string[]
    readonly rows: readonly (readonly (string | number)[])[]
}
