/** What WhatsApp writes into a chat itself, where its database has only a number for it. English, as readers' words are. */

import { lasting } from "../parts/chat.ts"

export interface Notice {
    readonly action: number
    /** Who did it; empty where it is not said. */
    readonly who: string
    /** Whom it was done to. */
    readonly whom: readonly string[]
    /** A new name or description. */
    readonly words: string
}

type Sentence = (notice: Notice) => string

const doer = ({ who }: Notice): string => who || "Somebody"
const meant = ({ whom, who }: Notice): string => whom.join(", ") || who || "Somebody"

/** Numbers as several public readers of the table `message_system` name them. */
const sentences: ReadonlyMap<number, Sentence> = new Map<number, Sentence>([
    [1, (notice) => `${doer(notice)} named the group “${notice.words}”`],
    [4, (notice) => `${meant(notice)} joined`],
    [5, (notice) => `${meant(notice)} left`],
    [6, (notice) => `${doer(notice)} changed the group’s picture`],
    [7, (notice) => `${meant(notice)} left or was removed`],
    [10, (notice) => `${meant(notice)} has another number`],
    [11, (notice) => `${doer(notice)} made the group “${notice.words}”`],
    [12, (notice) => `${doer(notice)} added ${notice.whom.join(", ") || "somebody"}`],
    [13, (notice) => `${meant(notice)} left`],
    [14, (notice) => `${doer(notice)} removed ${notice.whom.join(", ") || "somebody"}`],
    [15, (notice) => `${meant(notice)} became an admin`],
    [18, (notice) => `The security code with ${meant(notice)} changed`],
    [19, () => "Messages are end-to-end encrypted"],
    [20, (notice) => `${meant(notice)} joined by an invitation link`],
    [27, (notice) => `${doer(notice)} described the group: ${notice.words}`],
    [28, (notice) => `${meant(notice)} has another number`],
    [56, (notice) => `${doer(notice)} changed how long messages stay`],
    [57, (notice) => `The security code with ${meant(notice)} changed`],
    [58, () => "This contact was blocked, or is no longer blocked"],
])

/** A number that is not known is shown as such: that something stands here is a part of the chat. */
export function noticeText(notice: Notice): string {
    const sentence = sentences.get(notice.action)
    if (sentence !== undefined) return sentence(notice)
    return notice.words || `WhatsApp noted something here (${notice.action})`
}

export interface Call {
    readonly video: boolean
    readonly own: boolean
    readonly seconds: number
    /** As the table `call_log` has it; null where only that it was missed is known. */
    readonly result: number | null
}

export function callText({ video, own, seconds, result }: Call): string {
    const call = video ? "Video call" : "Voice call"
    if (seconds > 0) return `${call}, ${lasting(seconds)}`
    if (result === 3) return `${call}, not available`
    if (own) return `${call}, not answered`
    return `Missed ${call.toLowerCase()}`
}
