/** A form for a rule: every export, or some of them; a chat may also follow the rule for all. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit"
import type { RetentionRule } from "../engine/retention.ts"
import { PageElement } from "./page-element.ts"
import { ruleWords } from "./retention-words.ts"
import { troubleNote } from "./trouble-note.ts"

type Choice = "as-all" | "all" | "some"

/** What the fields show before somebody chose: a few at hand, a year of months, and what is older by the year. */
const suggested = { last: 3, months: 12, years: 10 } as const

const numbers = ["last", "months", "years"] as const

export class RetentionRuleForm extends PageElement {
    static override properties = {
        rule: { attribute: false },
        everywhere: { attribute: false },
        save: { attribute: false },
        busy: { type: Boolean },
        choice: { state: true },
        changed: { state: true },
        wrong: { state: true },
    }

    /** Null: the chat follows the rule for all. */
    declare rule: RetentionRule | null
    /** The rule for all chats, on the page of one; null where it is the one that is edited. */
    declare everywhere: RetentionRule | null
    declare save: (rule: RetentionRule | null) => void
    declare busy: boolean
    declare choice: Choice
    declare changed: boolean
    declare wrong: boolean

    constructor() {
        super()
        this.rule = null
        this.everywhere = null
        this.busy = false
        this.choice = "all"
        this.changed = false
        this.wrong = false
    }

    /** What another device saved is shown, and what is being typed here is given up for it. */
    protected override willUpdate(changed: PropertyValues): void {
        const before = changed.get("rule") as RetentionRule | null | undefined
        if (!changed.has("rule") || (before !== undefined && JSON.stringify(before) === JSON.stringify(this.rule)))
            return
        this.choice = this.rule === null ? "as-all" : this.rule.kind
        this.changed = false
        this.wrong = false
    }

    protected override render(): TemplateResult {
        const { retention } = this.text
        const title = this.everywhere === null ? retention.ruleTitle : retention.ruleTitleChat
        return html`
            <form class="stack" method="dialog" novalidate @submit=${this.submit} @input=${this.touched}>
                <fieldset>
                    <legend>${title}</legend>
                    ${this.everywhere === null ? nothing : this.radio("as-all", retention.asAll(ruleWords(this.text, this.language, this.everywhere)))}
                    ${this.radio("all", retention.keepAll)} ${this.radio("some", retention.keepSome)}
                </fieldset>
                ${this.choice === "some" ? this.numbers() : nothing} ${troubleNote(this.wrong ? retention.wrongNumber : null)}
                ${this.changed ? html`<p><button class="button button-small" type="submit" ?disabled=${this.busy}>${retention.save}</button></p>` : nothing}
            </form>
        `
    }

    private radio(choice: Choice, words: string): TemplateResult {
        return html`
            <label class="check">
                <input type="radio" name="rule" value=${choice} .checked=${this.choice === choice} @change=${() => this.choose(choice)} />
                <span>${words}</span>
            </label>
        `
    }

    private numbers(): TemplateResult {
        const { retention } = this.text
        const rule = this.rule?.kind === "some" ? this.rule : suggested
        const field = (name: (typeof numbers)[number], label: string, help: string, least: number) => html`
            <div class="keep-number">
                <label for="keep-${name}">${label}<span class="help" id="keep-${name}-help">${help}</span></label>
                <input
                    id="keep-${name}"
                    name=${name}
                    type="number"
                    inputmode="numeric"
                    min=${least}
                    max="999"
                    aria-describedby="keep-${name}-help"
                    .value=${String(rule[name])} />
            </div>
        `
        return html`
            <div class="keep-numbers">
                ${field("last", retention.last, retention.lastHelp, 1)} ${field("months", retention.months, retention.monthsHelp, 0)}
                ${field("years", retention.years, retention.yearsHelp, 0)}
            </div>
        `
    }

    private choose(choice: Choice): void {
        this.choice = choice
        this.touched()
    }

    private touched(): void {
        this.changed = true
        this.wrong = false
    }

    private submit(event: SubmitEvent): void {
        event.preventDefault()
        const rule = this.typed(new FormData(event.target as HTMLFormElement))
        if (rule === "wrong") this.wrong = true
        else this.save(rule)
    }

    private typed(fields: FormData): RetentionRule | null | "wrong" {
        if (this.choice !== "some") return this.choice === "all" ? { kind: "all" } : null
        const [last, months, years] = numbers.map((name) => wholeNumber(fields.get(name), name === "last" ? 1 : 0))
        if (last == null || months == null || years == null) return "wrong"
        return { kind: "some", last, months, years }
    }
}

function wholeNumber(typed: FormDataEntryValue | null, least: number): number | null {
    const text = typeof typed === "string" ? typed.trim() : ""
    const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
    return value >= least ? value : null
}

customElements.define("bw-retention-rule", RetentionRuleForm)
