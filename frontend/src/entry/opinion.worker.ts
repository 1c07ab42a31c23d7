/** The second program's worker: Python, and in it the second implementation. It ends when its errand is done. */

import files from "virtual:python"
import { startPython } from "../adapters/pyodide.ts"
import { pythonReader, readerWheel } from "../adapters/python-reader.ts"
import { exposeReader } from "../adapters/second-reader.ts"
import { closeDoors } from "./closed-doors.ts"

exposeReader(async () => {
    const python = await startPython(files, [readerWheel])
    closeDoors()
    return pythonReader(python)
})
