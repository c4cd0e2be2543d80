/** Thrown out of a transaction whose import is not this worker's any more, or is cancelled: nothing is written. */
export class LostImport extends Error {}
