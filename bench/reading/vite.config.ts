import { defineConfig } from "vite"

/** The page of `bench/reader.py`: no part of the site, and built into a folder that is thrown away. */
export default defineConfig({
    root: import.meta.dirname,
    build: { target: "es2023", assetsInlineLimit: 0, emptyOutDir: true },
    worker: { format: "es" },
})
