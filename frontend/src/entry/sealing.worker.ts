/** A sealer's worker: reads, seals and packs its share of an export, and hands everything to the engine. */

import { expose } from "comlink"
import { sealingDoor } from "../adapters/worker-crew.ts"
import { systemRandom } from "../crypto/random.ts"

expose(sealingDoor(systemRandom))
