/** What the build knows of the page that needs no site (`frontend/offline.ts`). */
declare module "virtual:offline-page" {
    /** 64 hexadecimal digits. */
    export const sha256: string
}
