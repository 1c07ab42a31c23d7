/** The library comes without types; these are the lists that are used. */
declare module "stopword" {
    type Words = readonly string[]
    export const ara: Words
    export const deu: Words
    export const eng: Words
    export const fra: Words
    export const hin: Words
    export const ita: Words
    export const jpn: Words
    export const nld: Words
    export const pol: Words
    export const por: Words
    export const rus: Words
    export const spa: Words
    export const swe: Words
    export const tur: Words
    export const ukr: Words
}
