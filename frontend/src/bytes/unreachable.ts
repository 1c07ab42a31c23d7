/** The end of a switch that named every case: the compiler refuses a call that can happen. */

export function unreachable(value: never): never {
    throw new Error(`unreachable: ${typeof value}`)
}
