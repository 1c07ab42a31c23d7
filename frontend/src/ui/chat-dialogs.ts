/** The two dialogs of a chat: its name, and its exports. */

import { html, nothing, type TemplateResult } from "lit"
import type { ChatSummary, ImportSummary } from "../engine/protocol.ts"
import { icons } from "./icons.ts"
import { dayAndTime, type Language, shortDay } from "./language.ts"
import { hashOf } from "./routes.ts"
import type { Text } from "./text.ts"

/** What can be done from them. */
export interface ChatDialogs {
    close(): void
    rename(name: string): void
    remove(one: ImportSummary): void
    /** All of this chat's exports go to that one. */
    join(into: string): void
    /** The export becomes a chat of its own. */
    split(one: ImportSummary): void
}

export function renameDialog({ chat, common }: Text, name: string, actions: ChatDialogs): TemplateResult {
    const submit = (event: SubmitEvent) => {
        actions.rename(String(new FormData(event.target as HTMLFormElement).get("name")).trim())
    }
    return html`
        <dialog id="chat-rename" aria-labelledby="rename-title">
            <form class="stack" method="dialog" @submit=${submit}>
                <h2 id="rename-title">${chat.renameTitle}</h2>
                <div class="field">
                    <label for="chat-new-name">${chat.renameLabel}</label>
                    <input id="chat-new-name" name="name" required maxlength="200" .value=${name} />
                </div>
                <div class="row row-end">
                    <button class="button button-quiet" type="button" @click=${actions.close}>${common.cancel}</button>
                    <button class="button">${common.save}</button>
                </div>
            </form>
        </dialog>
    `
}

/** `others`: the chats that it may be joined with. */
export function joinDialog(
    { chat, common }: Text,
    others: readonly ChatSummary[],
    actions: ChatDialogs,
): TemplateResult {
    const submit = (event: SubmitEvent) => {
        actions.join(String(new FormData(event.target as HTMLFormElement).get("into")))
    }
    return html`
        <dialog id="chat-join" aria-labelledby="join-title">
            <form class="stack" method="dialog" @submit=${submit}>
                <h2 id="join-title">${chat.joinTitle}</h2>
                <p class="soft">${chat.joinWords}</p>
                <div class="field">
                    <label for="chat-join-into">${chat.joinLabel}</label>
                    <select id="chat-join-into" name="into" required>
                        ${others.map(({ conversation, name }) => html`<option value=${conversation}>${name}</option>`)}
                    </select>
                </div>
                <div class="row row-end">
                    <button class="button button-quiet" type="button" @click=${actions.close}>${common.cancel}</button>
                    <button class="button">${chat.joinConfirm}</button>
                </div>
            </form>
        </dialog>
    `
}

export function importsDialog(
    text: Text,
    language: Language,
    summary: ChatSummary,
    shown: ImportSummary | null,
    actions: ChatDialogs,
): TemplateResult {
    const row = (one: ImportSummary) =>
        importRow(text, language, summary, one, one.importId === shown?.importId, actions)
    return html`
        <dialog id="chat-imports" class="dialog-wide" aria-labelledby="imports-title">
            <div class="stack">
                <h2 id="imports-title">${text.chat.exports}</h2>
                <ul class="imports">
                    ${summary.imports.map((one) => html`<li>${row(one)}</li>`)}
                </ul>
                <div class="row row-end">
                    <button class="button button-quiet" type="button" @click=${actions.close}>${text.common.close}</button>
                </div>
            </div>
        </dialog>
    `
}

function importRow(
    { chat, library, size }: Text,
    language: Language,
    { conversation, reader, imports }: ChatSummary,
    one: ImportSummary,
    shown: boolean,
    actions: ChatDialogs,
): TemplateResult {
    const alone = imports.length === 1
    const facts = [
        size(one.size),
        ...(reader !== "files" ? [library.messages(one.messages)] : []),
        ...(one.first && one.last ? [chat.span(shortDay(language, one.first), shortDay(language, one.last))] : []),
        chat.added(dayAndTime(language, one.added)),
    ]
    const address = hashOf({ kind: "chat", conversation, importId: one.importId })
    return html`
        <p class="import-name">${one.fileName}${shown ? html` <span class="badge">${chat.shown}</span>` : nothing}</p>
        <p class="small soft">${facts.join(" · ")}</p>
        <p class="row">
            ${shown ? nothing : html`<a class="button button-quiet button-small" href=${address} @click=${actions.close}>${chat.show}</a>`}
            <a class="button button-quiet button-small" href=${hashOf({ kind: "restore", conversation, importId: one.importId })} @click=${actions.close}>${icons.download}${chat.download}</a>
            ${alone ? nothing : html`<button class="button button-quiet button-small" type="button" @click=${() => actions.split(one)}>${chat.split}</button>`}
            <button class="button button-danger button-small" type="button" @click=${() => actions.remove(one)}>${icons.bin}${chat.deleteImport}</button>
        </p>
    `
}
