/** `/app/`: joins the library's page to the engine, to what the server told it, and to the check of typed codes. */

import { sha256 } from "virtual:offline-page"
import { ServerDevices, ServerPasskeys, ServerRoom } from "../adapters/account-server.ts"
import { Api } from "../adapters/api.ts"
import { camera } from "../adapters/camera.ts"
import { systemClock } from "../adapters/clock.ts"
import { Handover, openDeviceDatabase } from "../adapters/indexed-db.ts"
import { connectEngine, csrfCookie } from "../engine/client.ts"
import { checkRecoveryCode } from "../keyring/typed-code.ts"
import { App } from "../ui/app.ts"
import { hashOf } from "../ui/routes.ts"
import { allowOwnWorkers } from "./trusted-types.ts"

allowOwnWorkers()

// `/app/settings/` is an address of the server's menus; within the page the hash is the place.
if (location.pathname.endsWith("/settings/")) history.replaceState(null, "", `/app/${hashOf({ kind: "settings" })}`)

const app = document.querySelector("bw-app")
if (app instanceof App) {
    const {
        account = "",
        email = "",
        password = "",
        passkeys = "",
        sessions = "",
        activity = "",
        data = "",
        offline = "",
        logout = "",
    } = app.dataset
    const api = new Api({ fetch: (url, init) => fetch(url, init), csrfToken: csrfCookie })
    // Taken at once, wanted or not: it must not lie there.
    const touch = openDeviceDatabase().then((database) => new Handover(database, systemClock).take())
    app.account = account
    app.links = { email, password, passkeys, sessions, activity, data, logout }
    app.passkeys = new ServerPasskeys(api, touch)
    app.devices = new ServerDevices(api)
    app.pictures = camera
    app.desk = new ServerRoom(api)
    app.check = checkRecoveryCode
    app.transcribe = async (store) => (await import("./transcription.ts")).transcription(api, store)
    app.offline = { address: new URL(offline, location.href).href, sha256 }
    app.connect = () => connectEngine({ store: "server" })
}
