/** The worker in which SQLite reads a person's database. It ends when its errand is done. */

import { exposeDatabases, readWithSqlite } from "../adapters/database-doors.ts"
import { startSqlite } from "../adapters/sqlite.ts"
import { closeDoors } from "./closed-doors.ts"

exposeDatabases(
    async () => {
        const sqlite = await startSqlite()
        closeDoors()
        return sqlite
    },
    (sqlite, databases, fileNames) => readWithSqlite(sqlite, databases, fileNames),
)
