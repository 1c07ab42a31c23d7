/** A plot as a file of its own: with its title, its legend and its colours as they are shown, and nothing from elsewhere. */

import { saveFile } from "../chat/save-file.ts"
import type { Figure } from "./facts.ts"
import { plotWidth } from "./plots.ts"

const namespace = "http://www.w3.org/2000/svg"
const air = 16
const titleHeight = 34
const legendHeight = 26
/** Pixels of a picture for each unit of the drawing. */
const sharpness = 2

export async function saveAsSvg(drawn: SVGSVGElement, title: string, legend: Figure["legend"]): Promise<void> {
    const { text } = standalone(drawn, title, legend)
    saveFile(new Blob([text], { type: "image/svg+xml" }), `${title}.svg`)
}

export async function saveAsPng(drawn: SVGSVGElement, title: string, legend: Figure["legend"]): Promise<void> {
    const { text, width, height } = standalone(drawn, title, legend)
    const picture = new Image(width, height)
    const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }))
    try {
        picture.src = address
        await picture.decode()
        const canvas = new OffscreenCanvas(width * sharpness, height * sharpness)
        canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height)
        saveFile(await canvas.convertToBlob({ type: "image/png" }), `${title}.png`)
    } finally {
        URL.revokeObjectURL(address)
    }
}

interface Standalone {
    readonly text: string
    readonly width: number
    readonly height: number
}

function standalone(drawn: SVGSVGElement, title: string, legend: Figure["legend"]): Standalone {
    const rows = Math.ceil((legend.length < 2 ? 0 : legend.length) / 3)
    const [width, plotHeight] = [plotWidth + 2 * air, drawn.viewBox.baseVal.height]
    const top = air + titleHeight + rows * legendHeight
    const height = top + plotHeight + air
    const look = getComputedStyle(drawn)
    const paper = getComputedStyle(drawn.closest(".figure") ?? drawn).backgroundColor
    const root = element("svg", { xmlns: namespace, viewBox: `0 0 ${width} ${height}`, width, height })
    root.append(element("rect", { width, height, fill: paper }))
    const heading = element("text", { x: air, y: air + 20, fill: look.color, "font-size": 18, "font-weight": 600 })
    heading.textContent = title
    root.append(heading)
    if (rows > 0)
        for (const [at, { name, tone, opacity }] of legend.entries()) {
            const [x, y] = [air + (at % 3) * (plotWidth / 3), air + titleHeight + Math.floor(at / 3) * legendHeight]
            const fill = fillOf(drawn, tone)
            root.append(
                element("rect", { x, y: y + 4, width: 12, height: 12, rx: 3, fill, "fill-opacity": opacity ?? 1 }),
            )
            const words = element("text", { x: x + 20, y: y + 15, fill: look.color, "font-size": 13 })
            words.textContent = name
            root.append(words)
        }
    const plot = element("g", { transform: `translate(${air} ${top})` })
    for (const child of drawn.children) plot.append(coloured(child))
    root.append(plot)
    root.setAttribute("font-family", "Figtree, system-ui, sans-serif")
    return { text: new XMLSerializer().serializeToString(root), width, height }
}

/** A copy with what the style sheets say written into it. */
function coloured(shown: Element): Element {
    const copy = shown.cloneNode(false) as Element
    const look = getComputedStyle(shown)
    copy.removeAttribute("class")
    if (shown.tagName === "rect" || shown.tagName === "text") copy.setAttribute("fill", look.fill)
    if (shown.tagName === "line") copy.setAttribute("stroke", look.stroke)
    if (shown.tagName === "text") copy.setAttribute("font-size", look.fontSize)
    for (const child of shown.childNodes) {
        if (child instanceof Element) copy.append(coloured(child))
        else if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? "")
    }
    return copy
}

function fillOf(drawn: SVGSVGElement, tone: number): string {
    const probe = element("rect", { class: `tone-${tone}` })
    drawn.append(probe)
    const { fill } = getComputedStyle(probe)
    probe.remove()
    return fill
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
    const made = document.createElementNS(namespace, name) as SVGElement
    for (const [key, value] of Object.entries(attributes)) if (key !== "xmlns") made.setAttribute(key, String(value))
    return made
}
