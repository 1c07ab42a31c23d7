/** The worker in which databases are read. It ends when its errand is done. */

import { exposeDatabases } from "../adapters/databases.ts"
import { allowOwnWorkers } from "./trusted-types.ts"

allowOwnWorkers()
exposeDatabases()
