/** What no push service can be asked to deliver, however often it is tried. The message says why, for a person to read. */
export class Unsendable extends Error {
  override readonly name = 'Unsendable';
}
