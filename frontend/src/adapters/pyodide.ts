/**
 * Python in this worker: Pyodide's interpreter and the wheels that the site was built with.
 *
 * Loaded when somebody asks for it, and never before. It takes seconds and some 250 MB, which only ending the worker
 * gives back. Where WebAssembly is refused the start never settles: whoever waits for it sets a time.
 */

import type { Lockfile, PyodideInterface } from "pyodide"

export interface PythonFiles {
    /** Addresses within this site, with a slash at the end: they hold fixed names, and never change their content. */
    readonly runtime: string
    readonly wheels: string
    readonly lock: Lockfile
}

/** Starts the interpreter and installs these wheels of the lock; the lock's hashes are held against what is fetched. */
export async function startPython(files: PythonFiles, wheels: readonly string[]): Promise<PyodideInterface> {
    // Absolute, because Pyodide puts file names behind them.
    const runtime = new URL(files.runtime, location.origin).href
    const { loadPyodide }: typeof import("pyodide") = await import(/* @vite-ignore */ `${runtime}pyodide.mjs`)
    const python = await loadPyodide({
        indexURL: runtime,
        lockFileContents: files.lock,
        packageBaseUrl: new URL(files.wheels, location.origin).href,
        // Python's words could quote what it reads.
        stdout: () => undefined,
        stderr: () => undefined,
    })
    const quiet = { messageCallback: () => undefined, errorCallback: () => undefined }
    const installed = await python.loadPackage([...wheels], quiet)
    if (installed.length !== wheels.length) throw new TypeError("a wheel could not be installed")
    return python
}
