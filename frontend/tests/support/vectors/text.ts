/** How values stand in vector files: ids, keys and hashes in hexadecimal digits, all other bytes in base64url. */

export { toBase64url as b64 } from "../../../src/bytes/base64url.ts"
export { toHex as hex } from "../../../src/bytes/hex.ts"
