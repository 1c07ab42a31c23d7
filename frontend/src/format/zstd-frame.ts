/**
 * Looks at the outside of a Zstandard frame (RFC 8878 §3.1.1) without unpacking it.
 *
 *     magic(4) ‖ descriptor(1) ‖ window(0/1) ‖ dictionary(0/1/2/4) ‖ content size(0/1/2/4/8) ‖ blocks ‖ checksum(0/4)
 *
 * Exactly one frame that states its content size is taken: the library would also take several frames in a row, frames
 * that are skipped, and frames that tell their size only by being unpacked.
 */

import type { Bytes } from "../bytes/bytes.ts"
import { DamagedObjectError } from "./errors.ts"

const magic = 0xfd2f_b528
const rawBlock = 0
const runBlock = 1
const compressedBlock = 2

export function zstdContentSize(frame: Bytes): number {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
    try {
        const { size, blocks, checksum } = readHeader(view)
        if (afterBlocks(view, blocks) + checksum !== frame.length) throw new DamagedObjectError("malformed")
        return size
    } catch (error) {
        // Reading behind the end.
        if (error instanceof RangeError) throw new DamagedObjectError("malformed")
        throw error
    }
}

function readHeader(view: DataView): { size: number; blocks: number; checksum: number } {
    if (view.getUint32(0, true) !== magic) throw new DamagedObjectError("malformed")
    const descriptor = view.getUint8(4)
    const singleSegment = (descriptor & 0x20) !== 0
    const usesDictionary = (descriptor & 0x03) !== 0
    const reserved = (descriptor & 0x08) !== 0
    const sizeClass = descriptor >> 6
    if (usesDictionary || reserved || (sizeClass === 0 && !singleSegment)) throw new DamagedObjectError("malformed")
    const at = singleSegment ? 5 : 6
    return {
        size: readSize(view, at, sizeClass),
        blocks: at + 2 ** sizeClass,
        checksum: (descriptor & 0x04) !== 0 ? 4 : 0,
    }
}

function readSize(view: DataView, at: number, sizeClass: number): number {
    switch (sizeClass) {
        case 0:
            return view.getUint8(at)
        case 1:
            return view.getUint16(at, true) + 256
        case 2:
            return view.getUint32(at, true)
        default:
            return view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true)
    }
}

/** Where the last block ends. */
function afterBlocks(view: DataView, first: number): number {
    for (let at = first; ; ) {
        const header = view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16)
        const kind = (header >> 1) & 3
        const size = header >> 3
        if (kind !== rawBlock && kind !== runBlock && kind !== compressedBlock)
            throw new DamagedObjectError("malformed")
        at += 3 + (kind === runBlock ? 1 : size)
        if ((header & 1) !== 0) return at
    }
}
