/** `<bw-calendar-panel>`: months with the days on which something was written; a day leads to its first message. */

import { css, html, type TemplateResult } from "lit"
import type { Day } from "../../reader/overview.ts"
import { day as dayWords, month as monthWords } from "../language.ts"
import { chatIcons } from "./icons.ts"
import { Panel, panelStyles } from "./panel.ts"

export class CalendarPanel extends Panel {
    static override properties = { ...Panel.properties, days: { state: true }, month: { state: true } }

    declare private days: ReadonlyMap<string, Day> | null
    /** `YYYY-MM`. */
    declare private month: string

    constructor() {
        super()
        this.days = null
        this.month = ""
    }

    static override styles = [
        ...panelStyles,
        css`
            .month {
                display: flex;
                gap: var(--space-2);
                align-items: center;
                padding-block: var(--space-2) var(--space-3);
            }

            .month select {
                flex: 1;
                inline-size: auto;
                min-inline-size: 0;
            }

            table {
                inline-size: 100%;
                border-collapse: collapse;
                table-layout: fixed;
            }

            th {
                padding-block-end: 6px;
                color: var(--ink-soft);
                font-size: 0.75rem;
                font-weight: 560;
            }

            td {
                padding: 2px;
                text-align: center;
            }

            td button,
            td span {
                display: grid;
                place-items: center;
                inline-size: 100%;
                aspect-ratio: 1;
                max-block-size: 44px;
                padding: 0;
                border: 0;
                border-radius: 12px;
                font-size: var(--text-small);
                font-variant-numeric: tabular-nums;
                background: none;
            }

            td span {
                color: var(--ink-soft);
                opacity: 0.55;
            }

            td button {
                font-weight: 620;
                background: var(--accent-soft);
            }

            td button.much {
                color: var(--accent-ink);
                background: var(--accent);
            }

            td button:hover {
                box-shadow: inset 0 0 0 2px var(--accent);
            }
        `,
    ]

    override async firstUpdated(): Promise<void> {
        const days = (await this.session?.source.days().catch(() => [])) ?? []
        this.days = new Map(days.map((day) => [day.day, day]))
        this.month = days.at(-1)?.day.slice(0, 7) ?? ""
    }

    protected override render(): TemplateResult {
        const { text, days, month } = this
        if (days === null) return html``
        if (month === "") return html`<div class="content"><p class="soft">${text.noDays}</p></div>`
        const years = [...new Set([...days.keys()].map((day) => day.slice(0, 4)))]
        const [first = month, last = month] = [[...days.keys()][0]?.slice(0, 7), [...days.keys()].at(-1)?.slice(0, 7)]
        return html`<div class="content">
            <div class="month">
                <button class="round" aria-label=${text.previousMonth} title=${text.previousMonth} ?disabled=${month <= first} @click=${() => this.move(-1)}>
                    ${chatIcons.previous}
                </button>
                <select aria-label=${text.month} @change=${(event: Event) => this.choose(month.slice(0, 5), event)}>
                    ${Array.from({ length: 12 }, (_, at) => `${at + 1}`.padStart(2, "0")).map(
                        (number) =>
                            html`<option value=${number} ?selected=${month.endsWith(number)}>${this.monthName(number)}</option>`,
                    )}
                </select>
                <select aria-label=${text.year} @change=${(event: Event) => this.choose("", event)}>
                    ${years.map((year) => html`<option value=${`${year}${month.slice(4)}`} ?selected=${month.startsWith(year)}>${year}</option>`)}
                </select>
                <button class="round" aria-label=${text.nextMonth} title=${text.nextMonth} ?disabled=${month >= last} @click=${() => this.move(1)}>
                    ${chatIcons.next}
                </button>
            </div>
            ${this.sheet(days)}
        </div>`
    }

    private sheet(days: ReadonlyMap<string, Day>): TemplateResult {
        const { month } = this
        const first = new Date(`${month}-01T00:00:00Z`)
        const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
        const lead = (first.getUTCDay() + 6) % 7
        const weeks = Array.from({ length: Math.ceil((lead + length) / 7) }, (_, week) =>
            Array.from({ length: 7 }, (_, at) => week * 7 + at - lead + 1),
        )
        const most = Math.max(1, ...[...days.values()].map(({ messages }) => messages))
        const cell = (date: number): TemplateResult => {
            if (date < 1 || date > length) return html`<td></td>`
            const name = `${month}-${`${date}`.padStart(2, "0")}`
            const day = days.get(name)
            if (day === undefined) return html`<td><span>${date}</span></td>`
            const label = this.text.dayLabel(dayWords(this.language, `${name}T00:00:00`), day.messages)
            return html`<td>
                <button class=${day.messages > most / 3 ? "much" : ""} title=${label} aria-label=${label} @click=${() => this.go(day.first)}>${date}</button>
            </td>`
        }
        return html`<table aria-label=${monthWords(this.language, month)}>
            <thead>
                <tr>
                    ${[1, 2, 3, 4, 5, 6, 7].map((at) => html`<th scope="col">${this.weekday(at)}</th>`)}
                </tr>
            </thead>
            <tbody>
                ${weeks.map((week) => html`<tr>${week.map(cell)}</tr>`)}
            </tbody>
        </table>`
    }

    /** 1 is Monday. */
    private weekday(at: number): string {
        const format = new Intl.DateTimeFormat(this.language, { weekday: "short", timeZone: "UTC" })
        return format.format(new Date(Date.UTC(2024, 0, at)))
    }

    private monthName(number: string): string {
        const format = new Intl.DateTimeFormat(this.language, { month: "long", timeZone: "UTC" })
        return format.format(new Date(`2024-${number}-01T00:00:00Z`))
    }

    private move(by: 1 | -1): void {
        const [year = 0, month = 1] = this.month.split("-").map(Number)
        this.month = new Date(Date.UTC(year, month - 1 + by, 1)).toISOString().slice(0, 7)
    }

    private choose(before: string, { target }: Event): void {
        if (target instanceof HTMLSelectElement) this.month = before + target.value
    }
}

customElements.define("bw-calendar-panel", CalendarPanel)
