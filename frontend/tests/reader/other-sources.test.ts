/** What other people's hands can do to exports of the other messengers: nothing of it throws, and little is lost. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type OtherSource, readOther, recogniseOther } from "../../src/reader/other-sources.ts"

const readers: readonly OtherSource[] = ["telegram", "signal", "meta"]
const read = (reader: OtherSource, text: string, fileNames: readonly string[] = ["x.json"], zone = "UTC") =>
    readOther(reader, fileNames, new Map([[0, text]]), zone)

const chat = (messages: string): string => `{"name":"A","type":"personal_chat","id":1,"messages":[${messages}]}`
const message = (id: number, text = "Hi", more = ""): string =>
    `{"id":${id},"type":"message","date":"2026-09-19T09:52:1${id % 10}","from":"A","from_id":"user1","text":${JSON.stringify(text)}${more}}`
const texts = (text: string): readonly string[] => read("telegram", text)[0]?.records.map((record) => record.text) ?? []

/** Values under the names that readers ask for, so that what is wrong is wrong where it is read. */
const fields = fc.constantFrom(
    ...["id", "type", "date", "from", "from_id", "text", "text_entities", "reactions", "recent", "poll", "answers"],
    ...["photo", "file", "location_information", "contact_information", "members", "action", "actor", "count"],
    ...["sender_name", "timestamp_ms", "content", "photos", "uri", "share", "link", "sticker", "is_unsent", "users"],
    ...["senderName", "timestamp", "media", "threadName", "thread_path", "title", "participants", "name", "latitude"],
    ...["chatItem", "chatId", "authorId", "dateSent", "standardMessage", "body", "attachments", "pointer", "quote"],
    ...["recipient", "account", "chat", "contact", "updateMessage", "groupChange", "updates", "bodyRanges"],
    ...["messages", "chats", "list", "__proto__", "constructor", "toString", "hasOwnProperty"],
)
const scalar = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(
        "service",
        "message",
        "1789804330000",
        "\ufffc",
        "2026-09-19T09:52:10",
        "standardMessage",
        "-1e999",
    ),
    fc.double(),
    fc.constantFrom(null, true, false, 0, -1, 1e300, Number.MAX_SAFE_INTEGER, 1789804330000),
)
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        scalar,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.array(fc.tuple(fields, tie("value")), { maxLength: 6 }).map((entries) => {
            const object = Object.create(null) as Record<string, unknown>
            for (const [name, value] of entries)
                Object.defineProperty(object, name, { value, enumerable: true, configurable: true })
            return object
        }),
    ),
}))

describe.each(readers)("%s", (reader) => {
    test("any text is read without throwing", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
                read(reader, text)
            }),
            { numRuns: 200 },
        )
    })

    test("so is any text of the characters that JSON is made of", () => {
        const piece = fc.constantFrom(
            ...'{}[]",:\\\n ',
            "null",
            "0",
            '"messages":[',
            '{"id":1',
            '{"chatItem":{',
            '"list":[',
        )
        fc.assert(
            fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
                read(reader, pieces.join(""))
                read(reader, `{"messages":[${pieces.join("")}`)
            }),
            { numRuns: 400 },
        )
    })

    test("so is any JSON in the place of messages, and each message is at least one record", () => {
        fc.assert(
            fc.property(fc.array(json, { minLength: 1, maxLength: 5 }), (values) => {
                const items = values.map((value) => JSON.stringify(value) ?? "null")
                const text =
                    reader === "signal"
                        ? items.map((item) => `{"chatItem":{"chatId":"1","standardMessage":${item}}}`).join("\n")
                        : chat(items.map((item) => `{"id":7,"text":${item},"content":${item},"x":${item}}`).join(","))
                const chats = read(reader, text)
                expect(chats.flatMap(({ records }) => records).length).toBeGreaterThanOrEqual(values.length)
                for (const { records, people } of chats) {
                    expect(new Set(people).size).toBe(people.length)
                    for (const record of records) {
                        expect(typeof record.text).toBe("string")
                        expect(record.time).toMatch(/^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)?$/)
                    }
                }
                read(reader, `{"messages":${JSON.stringify(values)}}`)
                read(reader, items.join("\n"))
            }),
            { numRuns: 400 },
        )
    })

    test("nesting of any depth is only long", () => {
        const deep = `${"[".repeat(300_000)}${"]".repeat(300_000)}`
        read(reader, deep)
        read(reader, chat(`{"id":1,"text":${deep}}`))
        read(reader, `{"chatItem":{"chatId":"1","standardMessage":${deep}}}`)
        read(reader, chat('{"a":'.repeat(300_000)))
    })

    test("nobody's prototype is changed", () => {
        const evil = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`
        read(reader, chat(`{"id":1,"text":${evil},"__proto__":${evil},"reactions":[${evil}]}`))
        read(
            reader,
            `{"__proto__":{"polluted":1},"chatItem":{"chatId":"__proto__","authorId":"__proto__","standardMessage":${evil}}}`,
        )
        expect("polluted" in {}).toBe(false)
    })
})

test("any names and any beginnings of files are looked at without throwing", async () => {
    await fc.assert(
        fc.asyncProperty(fc.array(fc.string({ maxLength: 20 }), { maxLength: 5 }), json, async (names, value) => {
            const text = JSON.stringify(value) ?? ""
            const found = await recogniseOther(
                names.map((name) => `${name}.json`),
                async () => text,
            )
            expect(found === null || readers.includes(found.reader)).toBe(true)
        }),
        { numRuns: 200 },
    )
})

describe("what they are is told by their content", () => {
    const recognise = (files: Readonly<Record<string, string>>) => {
        const names = Object.keys(files)
        return recogniseOther(names, async (file) => (files[names[file] ?? ""] ?? "").slice(0, 65_536))
    }

    test("another name makes no difference, another content does", async () => {
        expect(await recognise({ "result (1).json": chat(message(1)) })).toEqual({ reader: "telegram", texts: [0] })
        expect(await recognise({ "result.json": '{"name":"x","messages":[],"id":1}' })).toBeNull()
        expect(await recognise({ "result.json": '[{"messages":[]}]', "message_1.json": "{}" })).toBeNull()
        expect(await recognise({ "main.jsonl": '{"version":"1"}\n{"event":{}}\n' })).toBeNull()
        expect(await recognise({ "photo.jpg": chat(message(1)) })).toBeNull()
    })

    test("a text that goes on beyond the sample is recognised", async () => {
        const long = "x".repeat(70_000)
        expect(await recognise({ "a.json": chat(message(1, long)) })).toEqual({ reader: "telegram", texts: [0] })
        const account = `{"about":"x","personal_information":{"user_id":1},"contacts":{"list":["${long}"]},"chats":{"list":[]}}`
        expect(await recognise({ "result.json": account })).toEqual({ reader: "telegram", texts: [0] })
        const thread = `{"participants":[{"name":"A"}],"messages":[{"sender_name":"A","timestamp_ms":1,"content":"${long}"}]}`
        expect(await recognise({ "message_1.json": thread })).toEqual({ reader: "meta", texts: [0] })
    })

    test("of a thousand threads only a few are looked into", async () => {
        const thread = '{"participants":[{"name":"A"}],"messages":[{"sender_name":"A","timestamp_ms":1}]}'
        const names = Array.from({ length: 1000 }, (_, place) => `messages/inbox/a_${place}/message_1.json`)
        let looked = 0
        const found = await recogniseOther(names, async () => {
            looked++
            return thread
        })
        expect(found?.texts.length).toBe(1000)
        expect(looked).toBeLessThan(10)
    })

    test("of encrypted chats side by side, those beyond the guesses are believed", async () => {
        const thread = '{"participants":["A"],"threadName":"A_1","messages":[]}'
        const names = Array.from({ length: 150 }, (_, place) => `messages/A_${place}.json`)
        expect((await recogniseOther(names, async () => thread))?.texts.length).toBe(150)
    })
})

describe("what is broken does not take the rest along", () => {
    test("a text that is cut off anywhere keeps every message before the cut", () => {
        const whole = chat([1, 2, 3].map((id) => message(id, `Nr. ${id} "{[`)).join(","))
        for (let length = 0; length < whole.length; length++) {
            const kept = texts(whole.slice(0, length))
            const complete = [1, 2, 3].filter(
                (id) => whole.indexOf(message(id, `Nr. ${id} "{[`)) + message(id, `Nr. ${id} "{[`).length <= length,
            )
            expect(kept.slice(0, complete.length)).toEqual(complete.map((id) => `Nr. ${id} "{[`))
        }
    })

    test("a message that lost a bracket or a quote loses only itself where messages stand on lines", () => {
        const lines = [1, 2, 3, 4].map((id) => `  {\n   "id": ${id},\n   "from": "A",\n   "text": "Nr. ${id}"\n  }`)
        const whole = (second: string): string => chat(`\n${[lines[0], second, lines[2], lines[3]].join(",\n")}\n `)
        const second = lines[1] ?? ""
        for (const broken of [second.slice(0, -1), second.replace('2"', "2"), second.replace("2,", "2")]) {
            const read = texts(whole(broken))
            expect(read[0]).toBe("Nr. 1")
            expect(read[1]).toContain("Nr. 2")
            expect(read.slice(-2)).toEqual(["Nr. 3", "Nr. 4"])
        }
    })

    test("a hundred thousand broken messages are read in no time", () => {
        const started = performance.now()
        const broken = Array.from({ length: 100_000 }, (_, id) => `  {\n   "id": ${id},\n   "text": "x"\n`).join(",\n")
        expect(texts(chat(`\n${broken}\n`)).length).toBeGreaterThan(0)
        expect(texts(chat("0,".repeat(500_000)))).toHaveLength(1)
        expect(texts(chat(`{"id":x},`.repeat(200_000))).length).toBeGreaterThan(0)
        expect(performance.now() - started).toBeLessThan(20_000)
    })

    test("Telegram's control characters are repaired, and an escaped backslash stays one", () => {
        expect(texts(chat(message(1).replace("Hi", "a\\x07b\\\\x41\\n\\x1F")))).toEqual(["a\x07b\\x41\n\x1f"])
    })
})

describe("who wrote", () => {
    test("people who share a name are told apart, whatever numbers they bear", () => {
        const from = (id: number, name: string | null): string =>
            `{"id":${id},"type":"message","from":${JSON.stringify(name)},"from_id":"user${id}","text":"x"}`
        const names = ["A", "A", "A (2)", null, "A", null]
        const [read] = read_(chat(names.map((name, place) => from(place, name)).join(",")))
        expect(read?.people).toEqual(["A", "A (2)", "A (2) (2)", "Deleted Account", "A (3)", "Deleted Account (2)"])
    })

    test("between two people the export is by the one whose name the chat does not bear", () => {
        const two = message(2).replaceAll("user1", "user2").replace('"A"', '"B"')
        expect(read_(chat(`${message(1)},${two}`))[0]?.self).toBe("B")
        expect(read_(chat(message(1)))[0]?.self).toBeNull()
        expect(read_(chat(`${message(1)},${two}`).replace("personal_chat", "private_group"))[0]?.self).toBeNull()
    })

    const read_ = (text: string) => read("telegram", text)
})

test("a message of several files is one record for each, and only the first has words and an answer", () => {
    const thread = `{"participants":[],"title":"T","thread_path":"inbox/t","messages":[
        {"sender_name":"A","timestamp_ms":"5000","content":"Two","photos":[{"uri":"p/1.jpg"},{"uri":"p/2.jpg"}],"reactions":[{"reaction":"x","actor":"B"}]}]}`
    const [read1] = read("meta", thread, ["root/t/message_1.json", "root/p/1.jpg"])
    expect(
        read1?.records.map(({ text, id, reactions, attachment }) => [text, id, reactions?.length, attachment?.file]),
    ).toEqual([
        ["Two", "5000", 1, 1],
        ["", "5000/2", undefined, null],
    ])
})

test("a quote is cut to what is shown above an answer, and no character is halved", () => {
    const long = `${"x".repeat(199)}😀 and more`
    const answer = message(2, "Yes", ',"reply_to_message_id":1')
    expect(read("telegram", chat(`${message(1, long)},${answer}`))[0]?.records[1]?.quote).toEqual({
        sender: 0,
        id: "1",
        text: "x".repeat(199),
    })
})

test("an export of Signal without media has left its files out", () => {
    const item = `{"chatItem":{"chatId":"1","authorId":"2","dateSent":"5000","incoming":{},"standardMessage":{"attachments":[{"pointer":{"contentType":"video/mp4"},"wasDownloaded":true}]}}}`
    expect(read("signal", item)[0]?.records[0]).toMatchObject({ kind: "omitted", omitted: "video", attachment: null })
})

test("chats of one name are kept apart", () => {
    const account = `{"about":"x","chats":{"list":[${chat(message(1))},${chat(message(2))}]}}`
    expect(read("telegram", account).map(({ part }) => part)).toEqual(["user1", "user1#2"])
})
