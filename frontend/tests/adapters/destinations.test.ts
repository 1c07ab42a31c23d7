import { describe, expect, test } from "vitest"
import { MemoryDestinations } from "../../src/adapters/memory-device.ts"
import type { Destination } from "../../src/engine/ports.ts"
import { asFile, asFolder, FakeFolder } from "../support/picked-folder.ts"

const bytes = (...values: number[]) => new Uint8Array(values)
const content = async (blob: Blob | null) => blob && [...new Uint8Array(await blob.arrayBuffer())]

async function places(): Promise<readonly (readonly [string, () => Destination, readonly string[]])[]> {
    const folder = new FakeFolder()
    const destinations = new MemoryDestinations()
    return [
        ["a picked folder", () => destinations.open({ kind: "folder", folder: asFolder(folder) }), ["Ben", "a.jpg"]],
        ["a picked file", () => destinations.open({ kind: "file", file: asFile(picked) }), []],
        ["a private file", () => destinations.open({ kind: "private", id: "1" }), []],
    ]
}

const picked = await new FakeFolder().getFileHandle("all.zip", { create: true })

describe.each(await places())("%s", (_, open, path) => {
    test("takes bytes in any order and gives what lies there", async () => {
        const file = await open().create(path)
        await file.write(2, bytes(3, 4))
        await file.write(0, bytes(1, 2))
        expect(await content(await file.finish(4))).toEqual([1, 2, 3, 4])
    })

    test("is as long as it is finished with", async () => {
        const file = await open().create(path)
        await file.write(0, bytes(1, 2, 3, 4))
        expect(await content(await file.finish(3))).toEqual([1, 2, 3])
    })
})

test("in a picked folder nothing is seen under a name before it is finished, and nothing of what was given up", async () => {
    const folder = new FakeFolder()
    const destination = new MemoryDestinations().open({ kind: "folder", folder: asFolder(folder) })
    expect(await destination.existing(["Ben", "a.jpg"])).toBeNull()
    const file = await destination.create(["Ben", "a.jpg"])
    await file.write(0, bytes(1, 2, 3))
    expect((await destination.existing(["Ben", "a.jpg"]))?.size).toBe(0)
    await file.abort()
    expect(await destination.existing(["Ben", "a.jpg"])).toBeNull()
    expect(await destination.makeFolder(["Ben"])).toBe("there")
    expect(await destination.makeFolder(["Anna"])).toBe("made")
})

test("what lay there before stays when a new file is given up", async () => {
    const folder = new FakeFolder()
    const destination = new MemoryDestinations().open({ kind: "folder", folder: asFolder(folder) })
    const first = await destination.create(["a"])
    await first.write(0, bytes(7))
    await first.finish(1)
    const second = await destination.create(["a"])
    await second.write(0, bytes(8))
    await second.abort()
    expect(await content(await destination.existing(["a"]))).toEqual([7])
})

test("what is left of a private file is there for the next try; what was given up is not", async () => {
    const destination = new MemoryDestinations().open({ kind: "private", id: "1" })
    const first = await destination.create([])
    await first.write(2, bytes(1))
    await first.leave()
    expect(await content(await destination.existing([]))).toEqual([0, 0, 1])
    const second = await destination.create([])
    await second.write(0, bytes(5, 6))
    expect(await content(await second.finish(3))).toEqual([5, 6, 1])
    await (await destination.create([])).abort()
    expect(await destination.existing([])).toBeNull()
})

test("no leave, no room and no folder are told apart from our mistakes", async () => {
    for (const [name, code] of [
        ["QuotaExceededError", "storage-full"],
        ["NotAllowedError", "place-refused"],
        ["NotFoundError", "place-refused"],
    ]) {
        const folder = new FakeFolder()
        folder.world.failing = (what) => {
            if (what === "createWritable") throw new DOMException("", name)
        }
        const destination = new MemoryDestinations().open({ kind: "folder", folder: asFolder(folder) })
        await expect(destination.create(["a"])).rejects.toMatchObject({ code })
    }
})
