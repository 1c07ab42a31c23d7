/** The listening worker: Whisper for voice notes, and models laid into the browser's private folder. */

import script from "virtual:whisper"
import { exposeListener } from "../adapters/listener.ts"
import { closeDoors } from "./closed-doors.ts"
import { allowOwnWorkers } from "./trusted-types.ts"

// Whisper starts its threads as workers, with the first recording.
allowOwnWorkers()
exposeListener(new URL(script, location.origin).href, () => closeDoors(globalThis, ["Worker"]))
