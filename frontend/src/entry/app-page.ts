/** `/app/`: joins the library's page to the engine, to what the server told it, and to the check of typed codes. */

import { connectEngine } from "../engine/client.ts"
import { checkRecoveryCode } from "../keyring/typed-code.ts"
import { App } from "../ui/app.ts"
import { hashOf } from "../ui/routes.ts"
import { allowOwnWorkers } from "./trusted-types.ts"

allowOwnWorkers()

// `/app/settings/` is an address of the server's menus; within the page the hash is the place.
if (location.pathname.endsWith("/settings/")) history.replaceState(null, "", `/app/${hashOf({ kind: "settings" })}`)

const app = document.querySelector("bw-app")
if (app instanceof App) {
    const { account = "", email = "", password = "", passkeys = "", sessions = "", logout = "" } = app.dataset
    app.account = account
    app.links = { email, password, passkeys, sessions, logout }
    app.check = checkRecoveryCode
    app.connect = () => connectEngine({ store: "server" })
}
