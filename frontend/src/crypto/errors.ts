/** The one refusal of cryptography. Rooms above give it the name that their reader needs. */

/** A tag does not fit: changed, cut off, swapped, or sealed under another key. */
export class NotAuthenticError extends Error {
    override readonly name = "NotAuthenticError"
}
