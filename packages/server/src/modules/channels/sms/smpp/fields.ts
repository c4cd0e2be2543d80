import { MalformedPdu } from './pdu.ts';

/** Writes the fields of a body, one after the other. */
export class FieldWriter {
  #bytes = Buffer.allocUnsafe(320);
  #length = 0;

  byte(value: number): this {
    this.#room(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  /** Latin letters, ended by a zero. */
  text(value: string): this {
    this.#room(value.length + 1);
    this.#length += this.#bytes.write(value, this.#length, 'latin1');
    return this.byte(0);
  }

  bytes(value: Uint8Array): this {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** An optional parameter (section 5.3.1). */
  optional(tag: number, value: Uint8Array): this {
    this.#room(4);
    this.#bytes.writeUInt16BE(tag, this.#length);
    this.#bytes.writeUInt16BE(value.length, this.#length + 2);
    this.#length += 4;
    return this.bytes(value);
  }

  end(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Reads the fields of a body in their order. Each throws MalformedPdu when the body ends before it. */
export class FieldReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new MalformedPdu('it ends in the middle');
    this.#at += 1;
    return value;
  }

  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end === -1) throw new MalformedPdu('a text has no end');
    const value = this.#bytes.toString('latin1', this.#at, end);
    this.#at = end + 1;
    return value;
  }

  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new MalformedPdu('it ends in the middle');
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return value;
  }

  /** Whatever follows the fields, by tag. */
  optionals(): ReadonlyMap<number, Buffer> {
    const found = new Map<number, Buffer>();
    while (this.#at < this.#bytes.length) {
      const tag = this.bytes(2).readUInt16BE();
      found.set(tag, this.bytes(this.bytes(2).readUInt16BE()));
    }
    return found;
  }
}
