/** Every number of the sealed format (docs/format.md), in one place. */

export const formatVersion = 1

export const limits = {
    /** Bytes of a file that decide how it is cut. */
    cutHead: 8_192,
    /** No chunk of any cut is longer. */
    chunk: 262_112,
    sqliteChunk: 65_536,
    textChunkLeast: 8_192,
    /** A line of length l ends a chunk with probability l over this. */
    textCutMean: 24_576,
    /** Plaintext of one frame. */
    frameContent: 1_048_576,
    packSize: 8_388_608,
    /** The smallest pack and the smallest sealed object: nothing tells how little is in them. */
    smallest: 4_096,
    sealedObject: 64 * 1_048_576,
    /** Packs that one catalog names: whoever looks for one picture opens one catalog. */
    catalogPacks: 256,
    snapshotBody: 16 * 1_048_576,
    fileList: 256 * 1_048_576,
    headBody: 64 * 1_048_576,
} as const

export const idLength = 16
export const hashLength = 32
