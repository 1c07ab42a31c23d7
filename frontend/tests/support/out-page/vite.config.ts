import { resolve } from "node:path"
import { defineConfig } from "vite"

/** The page of `test_out.py`, built into the folder that `OUT_PAGE` names. */
export default defineConfig({
    root: import.meta.dirname,
    publicDir: false,
    base: "/static/",
    logLevel: "error",
    build: {
        outDir: process.env["OUT_PAGE"] ?? "",
        emptyOutDir: true,
        target: "es2023",
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        rolldownOptions: {
            input: resolve(import.meta.dirname, "out-page.ts"),
            output: { entryFileNames: "[name].js", assetFileNames: "[name][extname]" },
        },
    },
})
