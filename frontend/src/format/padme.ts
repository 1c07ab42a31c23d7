/** Padmé (Nikitin et al., PURBs, PoPETs 2019): lengths are rounded up, by an eighth at most, so that few of them exist. */

/** The length that `length` bytes are padded to. */
export function padme(length: number): number {
    if (length < 2) return length
    const exponent = Math.floor(Math.log2(length))
    const kept = Math.floor(Math.log2(exponent)) + 1
    const step = 2 ** (exponent - kept)
    return Math.ceil(length / step) * step
}
