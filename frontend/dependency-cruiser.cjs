/** The doors of the browser's side: upper imports lower, never the reverse; rooms in one row do not know each other. */
const rows = [
    ["entry"],
    ["adapters", "ui"],
    ["engine"],
    ["format", "keyring", "vault", "pairing", "reader"],
    ["crypto"],
    ["bytes"],
]

const forbidden = [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
        name: "ui-names-no-key",
        comment: "An element cannot name a key: ui imports nothing of crypto, format, keyring, vault, pairing.",
        severity: "error",
        from: { path: "^frontend/src/ui/" },
        to: { path: "^frontend/src/(crypto|format|keyring|vault|pairing)/" },
    },
]

rows.forEach((row, depth) => {
    for (const room of row) {
        const closed = rows
            .slice(0, depth + 1)
            .flat()
            .filter((other) => other !== room)
        if (closed.length > 0)
            forbidden.push({
                name: `doors-of-${room}`,
                severity: "error",
                from: { path: `^frontend/src/${room}/` },
                to: { path: `^frontend/src/(${closed.join("|")})/` },
            })
    }
})

module.exports = {
    forbidden,
    options: {
        doNotFollow: { path: "node_modules" },
        tsConfig: { fileName: `${__dirname}/tsconfig.json` },
        tsPreCompilationDeps: true,
        enhancedResolveOptions: {
            extensions: [".ts", ".js", ".json"],
            exportsFields: ["exports"],
            conditionNames: ["import", "require", "default"],
        },
    },
}
