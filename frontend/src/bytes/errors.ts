/** What goes wrong below every format: bytes or text that are not what they should be. */

export class MalformedBytesError extends Error {
    override readonly name = "MalformedBytesError"
}
