/** Every page: styles, and the theme before the first paint. */

import "../ui/styles/site-page.css"
import { applyTheme, joinThemeSwitch, storedTheme } from "../ui/theme.ts"

applyTheme(storedTheme())

document.addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll<HTMLElement>("[data-theme-switch]")) joinThemeSwitch(group)
})
