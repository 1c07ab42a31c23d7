/** What the build knows of the page that needs no site (`frontend/offline.ts`). */
declare module "virtual:offline-page" {
    /** 64 hexadecimal digits. */
    export const sha256: string
}
/** Made by the build (`frontend/whisper-files.ts`): where Whisper lies within this site. */
declare module "virtual:whisper" {
    const script: string
    export default script
}
