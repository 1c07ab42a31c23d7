/** The question which of the people is oneself; it can be put off. */

import { html, type TemplateResult } from "lit"
import type { ChatText } from "./text.ts"

/** With more people than this a list to choose from is easier than buttons. */
const mostButtons = 8

export function selfQuestion(
    people: readonly string[],
    text: ChatText,
    answer: (name: string | null) => void,
): TemplateResult {
    const choices =
        people.length <= mostButtons
            ? people.map(
                  (name) => html`<button class="choice" @click=${() => answer(name)}><bdi>${name}</bdi></button>`,
              )
            : html`<select
                  class="choice"
                  aria-label=${text.whoAreYou}
                  @change=${(event: Event) => {
                      if (event.target instanceof HTMLSelectElement && event.target.value !== "")
                          answer(event.target.value)
                  }}
              >
                  <option value="">${text.chooseName}</option>
                  ${people.map((name) => html`<option value=${name}>${name}</option>`)}
              </select>`
    return html`<section class="ask" aria-label=${text.whoAreYou}>
        <p><strong>${text.whoAreYou}</strong> ${text.whoAreYouWhy}</p>
        <div class="choices">
            ${choices}
            <button class="choice later" @click=${() => answer(null)}>${text.notNow}</button>
        </div>
    </section>`
}
