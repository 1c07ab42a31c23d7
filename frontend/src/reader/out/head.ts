/** The head of a document for people: facts, the files it was read from, and what it is and is not. */

import type { Measure, OutChat, OutChoice, OutSetting } from "./choice.ts"
import { instant } from "./dates.ts"
import { factsOf } from "./facts.ts"
import { type Element, element } from "./markup.ts"
import { outTexts } from "./text.ts"

export function factList(chat: OutChat, choice: OutChoice, setting: OutSetting, measured: Measure): Element {
    const rows = factsOf(chat, choice, setting, measured).map(({ name, values }) =>
        element(
            "div",
            {},
            element("dt", {}, name),
            ...values.map((value) => element("dd", {}, element("bdi", {}, value))),
        ),
    )
    return element("dl", { class: "facts-list" }, ...rows)
}

export function sourceList({ sources }: OutChat, { language, zone }: OutSetting): Element {
    const text = outTexts[language]
    const items = sources.map(({ name, sha256, added }) =>
        element(
            "li",
            {},
            element("bdi", { class: "source" }, name),
            element("span", { class: "facts" }, ` ${text.added(instant(language, added, zone))}`),
            element("div", { class: "hash" }, "SHA-256 ", element("code", {}, sha256 ?? text.noHash)),
        ),
    )
    return items.length === 0 ? element("p", {}, text.noSource) : element("ul", { class: "sources" }, ...items)
}

export function aboutList({ language }: OutSetting): Element {
    return element("ul", { class: "about" }, ...outTexts[language].aboutWords.map((words) => element("li", {}, words)))
}
