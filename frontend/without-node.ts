/** Stands in for Node's `crypto`, which the HPKE and ML-KEM packages ask for only where there is no WebCrypto: never in a browser. */

export {}
