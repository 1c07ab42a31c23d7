import { resolve } from "node:path"
import { defineConfig } from "vite"

/** The page of `bench/parts.py`: no part of the site, and built into a folder that is thrown away. */
export default defineConfig({
    root: import.meta.dirname,
    resolve: {
        alias: [{ find: /^crypto$/, replacement: resolve(import.meta.dirname, "../../frontend/without-node.ts") }],
    },
    build: { target: "es2023", assetsInlineLimit: 0, emptyOutDir: true },
    worker: { format: "es" },
})
