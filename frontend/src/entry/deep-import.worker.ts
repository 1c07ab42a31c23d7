/** The worker in which Python reads databases that nothing else reads. It ends when its errand is done. */

import files from "virtual:python"
import { exposeDatabases, readWithPython } from "../adapters/database-doors.ts"
import { deepReader, deepWheels } from "../adapters/deep-reader.ts"
import { startPython } from "../adapters/pyodide.ts"
import { closeDoors } from "./closed-doors.ts"

exposeDatabases(
    async () => {
        const python = await startPython(files, deepWheels)
        const reader = deepReader(python)
        closeDoors()
        return reader
    },
    (reader, databases, fileNames) => readWithPython(reader, databases, fileNames),
)
