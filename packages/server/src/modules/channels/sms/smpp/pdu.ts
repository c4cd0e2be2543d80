/** Commands of SMPP 3.4 that are spoken here. An answer has the highest bit set besides (section 5.1.2.1). */
export const COMMAND = {
  genericNack: 0x80000000,
  bindReceiver: 0x01,
  bindTransmitter: 0x02,
  submitSm: 0x04,
  deliverSm: 0x05,
  unbind: 0x06,
  bindTransceiver: 0x09,
  enquireLink: 0x15,
} as const;

export const ANSWER = 0x80000000;

/** One message of the protocol. */
export interface Pdu {
  readonly command: number;
  readonly status: number;
  /** An answer has that of its question. */
  readonly sequence: number;
  /** Everything after the header. */
  readonly body: Buffer;
}

const HEADER_BYTES = 16;
/** A `message_payload` may have 64 KB. */
const LARGEST_PDU = 70 * 1024;

/** What comes is not SMPP, or not what a message of this kind looks like. */
export class MalformedPdu extends Error {
  override readonly name = 'MalformedPdu';
}

export function writePdu(pdu: Pdu): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + pdu.body.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(pdu.command, 4);
  bytes.writeUInt32BE(pdu.status, 8);
  bytes.writeUInt32BE(pdu.sequence, 12);
  pdu.body.copy(bytes, HEADER_BYTES);
  return bytes;
}

/** Finds the messages in what comes over a connection, however it is cut. */
export class PduReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that are whole now. Throws MalformedPdu when none can follow any more. */
  read(chunk: Buffer): Pdu[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const pdus: Pdu[] = [];
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = bytes.readUInt32BE(at);
      if (length < HEADER_BYTES || length > LARGEST_PDU) {
        throw new MalformedPdu(`a message of ${length} bytes`);
      }
      if (bytes.length - at < length) break;
      pdus.push({
        command: bytes.readUInt32BE(at + 4),
        status: bytes.readUInt32BE(at + 8),
        sequence: bytes.readUInt32BE(at + 12),
        body: bytes.subarray(at + HEADER_BYTES, at + length),
      });
      at += length;
    }
    this.#rest = bytes.subarray(at);
    return pdus;
  }
}
