/** What stands at the head of a document for people: who, when, how much, what was chosen, and who made it. */

import type { Measure, OutChat, OutChoice, OutSetting } from "./choice.ts"
import { instant, plainDay } from "./dates.ts"
import { nameOf, withoutTurns } from "./said.ts"
import { outTexts } from "./text.ts"

export interface Fact {
    readonly name: string
    readonly values: readonly string[]
}

export function factsOf(
    chat: OutChat,
    choice: OutChoice,
    setting: OutSetting,
    { records, messages, first, last, perPerson }: Measure,
): readonly Fact[] {
    const { language } = setting
    const text = outTexts[language]
    const people = chat.people.map((name, person) => `${withoutTurns(name)} (${text.messages(perPerson[person] ?? 0)})`)
    const notices = records - messages
    return [
        { name: text.people, values: people },
        ...(first === null || last === null
            ? []
            : [{ name: text.period, values: [text.span(plainDay(language, first), plainDay(language, last))] }]),
        {
            name: text.extent,
            values: [text.messages(messages), ...(notices === 0 ? [] : [text.notices(notices)])],
        },
        { name: text.chosen, values: chosenWords(chat, choice, setting) },
        { name: text.made, values: [text.madeBy(instant(language, setting.made, setting.zone), setting.program)] },
    ].filter(({ values }) => values.length > 0)
}

export function chosenWords(chat: OutChat, choice: OutChoice, { language }: OutSetting): readonly string[] {
    const text = outTexts[language]
    const [from, to] = [choice.from, choice.to].map((day) => (day === null ? null : plainDay(language, day)))
    const name = nameOf(choice.person, chat.people)
    const range =
        from != null && to != null
            ? text.between(from, to)
            : from != null
              ? text.since(from)
              : to != null
                ? text.until(to)
                : null
    const parts = [range, name === null ? null : text.only(withoutTurns(name))].filter((part) => part !== null)
    return [
        ...(parts.length === 0 ? [text.everything] : parts),
        ...(choice.form === "html" || choice.form === "print"
            ? [choice.media ? text.withMedia : text.withoutMedia]
            : []),
    ]
}
