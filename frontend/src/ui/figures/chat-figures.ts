/** `<bw-chat-figures>`: a chat in numbers, as plots with a table beside each. */

import { html, nothing, type TemplateResult } from "lit"
import { unreachable } from "../../bytes/unreachable.ts"
import { codeOf } from "../../engine/errors.ts"
import type { ChatStatistics } from "../../reader/statistics/statistics.ts"
import { coloursOf } from "../chat/person-colours.ts"
import { errorSentence } from "../error-sentence.ts"
import { icons } from "../icons.ts"
import { day, month, number, shortDay } from "../language.ts"
import { PageElement } from "../page-element.ts"
import type { Figure } from "./facts.ts"
import { figure } from "./figure.ts"
import { bars, barsHeight, heatHeight, heatMap, repliesHeight, replyBars, type Series, stackedBars } from "./plots.ts"

type State =
    | { readonly kind: "counting" }
    | { readonly kind: "counted"; readonly found: ChatStatistics }
    | { readonly kind: "failed"; readonly code: string }

/** So many people have a colour of their own; the rest is joined. */
const mostNamed = 8
const restTone = 10
const listed = 15

export class ChatFigures extends PageElement {
    static override properties = {
        name: { attribute: false },
        count: { attribute: false },
        back: { attribute: false },
        state: { state: true },
    }

    declare name: string
    /** Asked once, when the element stands. */
    declare count: () => Promise<ChatStatistics>
    declare back: () => void
    declare state: State

    constructor() {
        super()
        this.name = ""
        this.state = { kind: "counting" }
    }

    protected override async firstUpdated(): Promise<void> {
        this.querySelector<HTMLElement>("h1")?.focus()
        this.state = await this.count().then(
            (found): State => ({ kind: "counted", found }),
            (error: unknown): State => ({ kind: "failed", code: codeOf(error) }),
        )
    }

    protected override render(): TemplateResult {
        const { figures } = this.text
        return html`
            <div class="figures">
                <header class="figures-head">
                    <button class="button button-round" type="button" aria-label=${figures.back} title=${figures.back} @click=${this.back}>${icons.back}</button>
                    <h1 tabindex="-1"><bdi>${figures.title(this.name)}</bdi></h1>
                </header>
                ${this.content()}
            </div>
        `
    }

    private content(): TemplateResult {
        const { figures } = this.text
        const { state } = this
        switch (state.kind) {
            case "counting":
                return html`<p class="soft" role="status">${figures.counting}</p>`
            case "failed":
                return html`<p class="note note-danger" role="alert">${figures.failed} ${errorSentence(this.text, state.code)}</p>`
            case "counted":
                return state.found.messages === 0
                    ? html`<p class="soft">${figures.empty}</p>`
                    : html`${this.totals(state.found)} ${this.plots(state.found).map((one) => figure(this.text, one))}
                          <p class="small soft">${figures.made}</p>`
            default:
                return unreachable(state)
        }
    }

    private totals(found: ChatStatistics): TemplateResult {
        const { figures } = this.text
        const short = (of: string): string => shortDay(this.language, `${of}T00:00:00`)
        const fact = (term: string, value: string | null) =>
            value === null ? nothing : html`<div><dt>${term}</dt><dd>${value}</dd></div>`
        const { streak, silence } = found
        return html`
            <dl class="facts figures-facts">
                ${fact(figures.messages, number(this.language, found.messages))}
                ${fact(figures.words, number(this.language, found.words))}
                ${fact(figures.media, number(this.language, found.media))}
                ${fact(figures.days, number(this.language, found.days))}
                ${fact(figures.streak, streak && figures.daysLong(streak.days, short(streak.from), short(streak.to)))}
                ${fact(figures.silence, silence && figures.daysLong(silence.days, short(silence.from), short(silence.to)))}
            </dl>
        `
    }

    private plots(found: ChatStatistics): readonly Figure[] {
        return [
            this.over(found),
            this.who(found),
            this.hours(found),
            this.counted("topWords", found),
            this.counted("topEmoji", found),
            this.replies(found),
            this.mediaOver(found),
        ].flatMap((one) => one ?? [])
    }

    private written = (value: number): string => number(this.language, value)

    /** People with most messages first, the rest joined as others. */
    private series({ people, over }: ChatStatistics): readonly Series[] {
        const colours = coloursOf(people.map(({ name }) => name))
        const order = people
            .map((_, at) => at)
            .toSorted((one, other) => (people[other]?.messages ?? 0) - (people[one]?.messages ?? 0))
        const named = order.slice(0, people.length > mostNamed ? mostNamed - 1 : mostNamed)
        const rest = order.slice(named.length)
        const own = named.map(
            (at): Series => ({ name: people[at]?.name ?? "", tone: colours[at] ?? 0, values: over.counts[at] ?? [] }),
        )
        if (rest.length === 0) return own
        const values = over.steps.map((_, step) => rest.reduce((sum, at) => sum + (over.counts[at]?.[step] ?? 0), 0))
        return [...own, { name: this.text.figures.others, tone: restTone, values }]
    }

    private over(found: ChatStatistics): Figure | null {
        const { figures } = this.text
        const { steps, unit } = found.over
        if (steps.length === 0) return null
        const series = this.series(found)
        const nameOf = (step: string): string =>
            unit === "day" ? day(this.language, `${step}T00:00:00`) : month(this.language, step)
        return this.course(figures.over, unit === "day" ? figures.day : figures.month, steps, series, nameOf)
    }

    /** Series over steps of time, standing on one another. */
    private course(
        title: string,
        unit: string,
        steps: readonly string[],
        series: readonly Series[],
        nameOf: (step: string) => string,
    ): Figure {
        return {
            title,
            why: null,
            height: 220,
            plot: stackedBars({
                steps,
                series,
                nameOf,
                shortOf: (step) => this.shortStep(step),
                countOf: this.text.figures.bar,
                number: this.written,
            }),
            legend: series.map(({ name, tone }) => ({ name, tone })),
            head: [unit, ...series.map(({ name }) => name)],
            rows: steps.map((step, at) => [nameOf(step), ...series.map(({ values }) => values[at] ?? 0)]),
        }
    }

    /** `YYYY-MM` or `YYYY-MM-DD`, as short as an axis needs it. */
    private shortStep(step: string): string {
        const date = new Date(`${step.length === 7 ? `${step}-01` : step}T00:00:00Z`)
        const parts: Intl.DateTimeFormatOptions =
            step.length === 7 ? { month: "short", year: "2-digit" } : { day: "numeric", month: "short" }
        return new Intl.DateTimeFormat(this.language, { ...parts, timeZone: "UTC" }).format(date)
    }

    private who({ people, messages }: ChatStatistics): Figure {
        const { figures } = this.text
        const colours = coloursOf(people.map(({ name }) => name))
        const percent = new Intl.NumberFormat(this.language, { style: "percent", maximumFractionDigits: 1 })
        const share = (count: number): string => percent.format(count / Math.max(1, messages))
        const order = people
            .map((person, at) => ({ ...person, tone: colours[at] ?? 0 }))
            .toSorted((one, other) => other.messages - one.messages)
        const shown = order.slice(0, 2 * listed)
        return {
            title: figures.who,
            why: null,
            height: barsHeight(shown.length),
            plot: bars(
                shown.map(({ name, messages: value, tone }) => ({
                    name,
                    value,
                    tone,
                    words: `${this.written(value)} · ${share(value)}`,
                })),
                false,
            ),
            legend: [],
            head: [figures.person, figures.messages, figures.share, figures.words, figures.media],
            rows: order.map((one) => [one.name, one.messages, share(one.messages), one.words, one.media]),
        }
    }

    private hours({ hours }: ChatStatistics): Figure {
        const { figures } = this.text
        const format = new Intl.DateTimeFormat(this.language, { weekday: "short", timeZone: "UTC" })
        const weekdays = [1, 2, 3, 4, 5, 6, 7].map((at) => format.format(new Date(Date.UTC(2024, 0, at))))
        return {
            title: figures.hours,
            why: null,
            height: heatHeight,
            plot: heatMap(hours, weekdays, (weekday, hour, count) => figures.bar(`${weekday} ${hour}:00`, count)),
            legend: [],
            head: [figures.hour, ...weekdays],
            rows: Array.from({ length: 24 }, (_, hour) => [`${hour}:00`, ...hours.map((row) => row[hour] ?? 0)]),
        }
    }

    private counted(which: "topWords" | "topEmoji", found: ChatStatistics): Figure | null {
        const { figures } = this.text
        const list = found[which]
        if (list.length === 0) return null
        const shown = list.slice(0, listed)
        return {
            title: figures[which],
            why: which === "topWords" ? figures.topWordsWhy : null,
            height: barsHeight(shown.length),
            plot: bars(
                shown.map(({ text, count }) => ({ name: text, value: count, words: this.written(count), tone: 0 })),
                which === "topEmoji",
            ),
            legend: [],
            head: [which === "topWords" ? figures.word : figures.emoji, figures.times],
            rows: list.map(({ text, count }) => [text, count]),
        }
    }

    private replies({ people }: ChatStatistics): Figure | null {
        const { figures } = this.text
        const answering = people
            .filter(({ replies }) => replies.count > 0)
            .toSorted((one, other) => other.replies.count - one.replies.count)
        if (answering.length === 0) return null
        const median = (minutes: number | null): string => (minutes === null ? figures.none : figures.minutes(minutes))
        return {
            title: figures.replies,
            why: figures.repliesWhy,
            height: repliesHeight(Math.min(listed, answering.length)),
            plot: replyBars(
                answering
                    .slice(0, listed)
                    .map(({ name, replies }) => ({ name, buckets: replies.buckets, words: median(replies.median) })),
                figures.bounds,
                figures.bar,
            ),
            legend: figures.bounds.map((name, at) => ({ name, tone: 0, opacity: 1 - at * 0.2 })),
            head: [figures.person, figures.median, figures.answers, ...figures.bounds],
            rows: answering.map(({ name, replies }) => [
                name,
                median(replies.median),
                replies.count,
                ...replies.buckets,
            ]),
        }
    }

    private mediaOver({ mediaOver }: ChatStatistics): Figure | null {
        const { figures } = this.text
        const { steps, kinds } = mediaOver
        if (steps.length === 0) return null
        const series = kinds.map(
            ({ kind, counts }, tone): Series => ({ name: figures.kinds[kind], tone, values: counts }),
        )
        return this.course(figures.mediaOver, figures.month, steps, series, (step) => month(this.language, step))
    }
}

customElements.define("bw-chat-figures", ChatFigures)

declare global {
    interface HTMLElementTagNameMap {
        "bw-chat-figures": ChatFigures
    }
}
