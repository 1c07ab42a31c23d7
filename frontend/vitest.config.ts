import { defineConfig } from "vitest/config"

export default defineConfig({
    test: {
        root: import.meta.dirname,
        include: ["tests/**/*.test.ts"],
        environment: "node",
        testTimeout: 60_000,
        // Two cores are what a run is measured on; by itself one of them would stay free.
        maxWorkers: 2,
    },
})
