/** An answer is not what clients need. The message says what was asked, what came, and what is wrong. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}
