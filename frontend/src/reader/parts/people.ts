/** The people of one chat, known by the source's own name for each, in the order of their first appearance. */
import { cleanName } from "../whatsapp/characters.ts"

/** No name is longer; a longer one is somebody's joke or attack. */
const longestName = 200

export class Crowd {
    private readonly places = new Map<string, number>()
    private readonly names: string[] = []

    /** Index of the person whom the source calls `key`; the first name that is not empty is shown. */
    index(key: string, name: string): number {
        const known = this.places.get(key)
        if (known !== undefined) {
            if (this.names[known] === "") this.names[known] = shown(name)
            return known
        }
        const place = this.names.push(shown(name)) - 1
        this.places.set(key, place)
        return place
    }

    /** Whoever wrote without being named: of a person's message, nobody would be the app itself. */
    nameless(): number {
        return this.index("", "")
    }

    get keys(): readonly string[] {
        return [...this.places.keys()]
    }

    placeOf(key: string): number | null {
        return this.places.get(key) ?? null
    }

    /** One name for each, no two alike: where people share a name, the later ones are numbered. */
    settle(nameless: string): readonly string[] {
        const taken = new Set<string>()
        const numbers = new Map<string, number>()
        return this.names.map((name) => {
            const own = name === "" ? nameless : name
            let candidate = own
            for (let number = numbers.get(own) ?? 2; taken.has(candidate); number++) {
                candidate = `${own} (${number})`
                numbers.set(own, number + 1)
            }
            taken.add(candidate)
            return candidate
        })
    }
}

const shown = (name: string): string => cleanName(name.slice(0, longestName))
