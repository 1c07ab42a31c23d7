/**
 * Plots as SVG, drawn by numbers alone: no element has a style attribute, colours are classes of `figures.css`, and what a
 * bar stands for is its title. A table with the same numbers stands beside each (`figure.ts`).
 */

import { scaleBand, scaleLinear } from "d3-scale"
import { nothing, type SVGTemplateResult, svg } from "lit"

/** A row of numbers, and its class. */
export interface Series {
    readonly name: string
    readonly tone: number
    readonly values: readonly number[]
}

export interface StackedPlot {
    readonly steps: readonly string[]
    readonly series: readonly Series[]
    /** The step in words, and a few of them under the axis. */
    readonly nameOf: (step: string) => string
    readonly shortOf: (step: string) => string
    readonly countOf: (what: string, count: number) => string
    readonly number: (value: number) => string
}

export const plotWidth = 640
const margin = { top: 16, right: 8, bottom: 26, left: 46 }
const stackedHeight = 220
/** Labels under the axis need so much room. */
const labelWidth = 74

/** A bar for each step, in which the series stand on one another. */
export function stackedBars(plot: StackedPlot): SVGTemplateResult {
    const { steps, series } = plot
    const sums = steps.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
    const x = scaleBand<string>(steps, [margin.left, plotWidth - margin.right]).padding(steps.length > 120 ? 0 : 0.2)
    const y = scaleLinear([0, Math.max(1, ...sums)], [stackedHeight - margin.bottom, margin.top]).nice(4)
    const every = Math.max(1, Math.ceil(steps.length / Math.floor((plotWidth - margin.left) / labelWidth)))
    return svg`
        ${axis(y, plot.number)}
        ${steps.map((step, at) => {
            let below = 0
            const left = x(step) ?? 0
            const bars = series.map(({ name, tone, values }) => {
                const value = values[at] ?? 0
                if (value === 0) return nothing
                const [low, high] = [y(below), y(below + value)]
                below += value
                return svg`<rect class="tone-${tone}" x=${round(left)} width=${round(x.bandwidth())} y=${round(high)} height=${round(low - high)}><title>${plot.countOf(`${plot.nameOf(step)}, ${name}`, value)}</title></rect>`
            })
            return bars
        })}
        ${steps.map((step, at) =>
            at % every === 0
                ? svg`<text class="tick" text-anchor="middle" x=${round((x(step) ?? 0) + x.bandwidth() / 2)} y=${stackedHeight - 8}>${plot.shortOf(step)}</text>`
                : nothing,
        )}
    `
}

function axis(
    y: ReturnType<typeof scaleLinear<number, number>>,
    written: (value: number) => string,
): SVGTemplateResult {
    const ticks = y.ticks(4).filter(Number.isInteger)
    return svg`${ticks.map(
        (tick) => svg`
            <line class="grid" x1=${margin.left} x2=${plotWidth - margin.right} y1=${round(y(tick))} y2=${round(y(tick))} />
            <text class="tick" text-anchor="end" x=${margin.left - 8} y=${round(y(tick) + 4)}>${written(tick)}</text>`,
    )}`
}

export interface Bar {
    readonly name: string
    readonly value: number
    /** What stands behind the bar. */
    readonly words: string
    readonly tone: number
}

const barHeight = 26
const nameWidth = 150
const wordsWidth = 120

export const barsHeight = (count: number): number => count * barHeight + 4

/** A bar for each name, the names before them. */
export function bars(list: readonly Bar[], large: boolean): SVGTemplateResult {
    const x = scaleLinear([0, Math.max(1, ...list.map(({ value }) => value))], [0, plotWidth - nameWidth - wordsWidth])
    return svg`${list.map(({ name, value, words, tone }, at) => {
        const middle = at * barHeight + barHeight / 2
        return svg`
            <text class=${large ? "label large" : "label"} text-anchor="end" x=${nameWidth - 10} y=${middle + (large ? 7 : 5)}>${shortened(name)}<title>${name}</title></text>
            <rect class="tone-${tone}" x=${nameWidth} y=${at * barHeight + 4} width=${round(Math.max(1, x(value)))} height=${barHeight - 8} rx="4"></rect>
            <text class="tick" x=${round(nameWidth + x(value) + 8)} y=${middle + 4}>${words}</text>`
    })}`
}

/** Names longer than their room end in dots; the title has all of it. */
function shortened(name: string): string {
    const letters = [...name]
    return letters.length <= 18 ? name : `${letters.slice(0, 17).join("")}…`
}

const rowHeight = 28
const dayWidth = 46

export const heatHeight = 7 * rowHeight + 26

/** Seven rows of 24 fields, darker where more was written. */
export function heatMap(
    hours: readonly (readonly number[])[],
    weekdays: readonly string[],
    titleOf: (weekday: string, hour: number, count: number) => string,
): SVGTemplateResult {
    const most = Math.max(1, ...hours.flat())
    const x = scaleBand<number>(
        Array.from({ length: 24 }, (_, hour) => hour),
        [dayWidth, plotWidth - 4],
    ).padding(0.08)
    return svg`
        ${hours.map(
            (row, day) => svg`
                <text class="tick" text-anchor="end" x=${dayWidth - 8} y=${day * rowHeight + rowHeight / 2 + 4}>${weekdays[day]}</text>
                ${row.map((count, hour) => {
                    const depth = count === 0 ? 0 : 0.12 + 0.88 * (count / most)
                    return svg`<rect class=${count === 0 ? "field" : "field tone-0"} fill-opacity=${round(count === 0 ? 1 : depth)} x=${round(x(hour) ?? 0)} y=${day * rowHeight + 1} width=${round(x.bandwidth())} height=${rowHeight - 3} rx="4"><title>${titleOf(weekdays[day] ?? "", hour, count)}</title></rect>`
                })}`,
        )}
        ${[0, 3, 6, 9, 12, 15, 18, 21].map(
            (hour) =>
                svg`<text class="tick" text-anchor="middle" x=${round((x(hour) ?? 0) + x.bandwidth() / 2)} y=${heatHeight - 8}>${hour}</text>`,
        )}
    `
}

export const repliesHeight = (people: number): number => people * 34 + 4

/** For each person a bar of a whole, cut by how long answers took: the darker, the faster. */
export function replyBars(
    list: readonly { readonly name: string; readonly buckets: readonly number[]; readonly words: string }[],
    bounds: readonly string[],
    countOf: (what: string, count: number) => string,
): SVGTemplateResult {
    const width = plotWidth - nameWidth - wordsWidth
    return svg`${list.map(({ name, buckets, words }, at) => {
        const all = Math.max(
            1,
            buckets.reduce((sum, one) => sum + one, 0),
        )
        let left = nameWidth
        return svg`
            <text class="label" text-anchor="end" x=${nameWidth - 10} y=${at * 34 + 22}>${shortened(name)}<title>${name}</title></text>
            ${buckets.map((count, bucket) => {
                const part = (width * count) / all
                const field = svg`<rect class="tone-0" fill-opacity=${1 - bucket * 0.2} x=${round(left)} y=${at * 34 + 5} width=${round(part)} height="24"><title>${countOf(`${name}, ${bounds[bucket] ?? ""}`, count)}</title></rect>`
                left += part
                return count === 0 ? nothing : field
            })}
            <text class="tick" x=${nameWidth + width + 8} y=${at * 34 + 21}>${words}</text>`
    })}`
}

const round = (value: number): number => Math.round(value * 100) / 100
