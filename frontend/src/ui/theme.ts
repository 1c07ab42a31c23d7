/** Light, dark, or as the device has it: kept on this device only, set before anything is painted. */

import { unreachable } from "../bytes/unreachable.ts"

export type Theme = "system" | "light" | "dark"

const key = "theme"

export function storedTheme(storage: Pick<Storage, "getItem"> = localStorage): Theme {
    const stored = storage.getItem(key)
    return stored === "light" || stored === "dark" ? stored : "system"
}

export function applyTheme(theme: Theme): void {
    switch (theme) {
        case "system":
            document.documentElement.removeAttribute("data-theme")
            return
        case "light":
        case "dark":
            document.documentElement.setAttribute("data-theme", theme)
            return
        default:
            unreachable(theme)
    }
}

export function chooseTheme(theme: Theme): void {
    if (theme === "system") localStorage.removeItem(key)
    else localStorage.setItem(key, theme)
    applyTheme(theme)
}

/** Joins a row of buttons, each valued with a theme, to the stored choice. */
export function joinThemeSwitch(group: HTMLElement): void {
    const buttons = [...group.querySelectorAll("button")]
    const show = () => {
        for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === storedTheme()))
    }
    for (const button of buttons) {
        button.addEventListener("click", () => {
            const { value } = button
            if (value === "system" || value === "light" || value === "dark") chooseTheme(value)
            show()
        })
    }
    show()
}
