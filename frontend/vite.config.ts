import { resolve } from "node:path"
import { defineConfig, type Plugin } from "vite"
import { offlinePage } from "./offline.ts"
import { pythonFiles } from "./python-files.ts"
import { whisperFiles } from "./whisper-files.ts"

const entry = (name: string) => resolve(import.meta.dirname, "src/entry", name)

/** The picture reader would fetch its WebAssembly from a foreign host, if it were not told where ours is: that address goes. */
const ownHostOnly: Plugin = {
    name: "own-host-only",
    transform: (code, id) =>
        id.includes("barcode-detector") ? code.replaceAll(/https:\/\/fastly\.jsdelivr\.net\/npm\//g, "/static/") : null,
}

/** SQLite brings two workers of its own, for files on a disk and for pages without a worker: nobody here asks for them. */
const sqliteAlone: Plugin = {
    name: "sqlite-alone",
    transform: (code, id) =>
        id.includes("sqlite-wasm")
            ? code.replaceAll(/new URL\("sqlite3-(?:worker1\.mjs|opfs-async-proxy\.js)", import\.meta\.url\)/g, '""')
            : null,
}

/** One entry per page; Django finds the hashed names in the manifest (django-vite), WhiteNoise serves them. */
export default defineConfig({
    root: import.meta.dirname,
    base: "/static/",
    publicDir: false,
    plugins: [ownHostOnly, pythonFiles(), whisperFiles(), offlinePage()],
    // Else every build warns of a module that no browser will ever ask for.
    resolve: { alias: [{ find: /^crypto$/, replacement: resolve(import.meta.dirname, "without-node.ts") }] },
    build: {
        outDir: resolve(import.meta.dirname, "dist"),
        manifest: "manifest.json",
        target: "es2023",
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        rolldownOptions: {
            // The page that needs no site is a build of its own, within this one: its time is known.
            checks: { pluginTimings: false },
            input: {
                site: entry("site-page.ts"),
                app: entry("app-page.ts"),
                try: entry("try-page.ts"),
                account: entry("account-page.ts"),
            },
        },
    },
    worker: { format: "es", plugins: () => [pythonFiles(), whisperFiles(), sqliteAlone] },
})
