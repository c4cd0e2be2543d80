import { FieldReader, FieldWriter } from './fields.ts';

export interface SmppAddress {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

/** The body of `submit_sm`, and of `deliver_sm`, which looks the same (sections 4.4.1 and 4.6.1). */
export interface ShortMessage {
  readonly source: SmppAddress;
  readonly destination: SmppAddress;
  readonly esmClass: number;
  /** Empty: as long as the network thinks right. */
  readonly validityPeriod: string;
  /** 1: tell whether it arrived. */
  readonly registeredDelivery: number;
  readonly dataCoding: number;
  readonly message: Uint8Array;
  /** Optional parameters by tag. */
  readonly optionals: ReadonlyMap<number, Uint8Array>;
}

/** `esm_class`: the message begins with a user data header. */
export const HAS_HEADER = 0x40;

/** `data_coding`: the default alphabet, Latin-1, UTF-16. */
export const CODING = { gsm: 0, latin1: 3, ucs2: 8 } as const;

/** Tags of optional parameters (section 5.3.2). */
export const TAG = {
  receiptedMessageId: 0x001e,
  userMessageReference: 0x0204,
  messagePayload: 0x0424,
  messageState: 0x0427,
} as const;

export function writeShortMessage(sms: ShortMessage): Buffer {
  const fields = new FieldWriter().text('');
  writeAddress(fields, sms.source);
  writeAddress(fields, sms.destination);
  // Between them: protocol id, priority and the time to send it at; then whether it replaces another.
  fields.byte(sms.esmClass).byte(0).byte(0).text('').text(sms.validityPeriod);
  fields.byte(sms.registeredDelivery).byte(0).byte(sms.dataCoding).byte(0);
  fields.byte(sms.message.length).bytes(sms.message);
  for (const [tag, value] of sms.optionals) fields.optional(tag, value);
  return fields.end();
}

/** Throws MalformedPdu. */
export function readShortMessage(body: Buffer): ShortMessage {
  const fields = new FieldReader(body);
  fields.text();
  const source = readAddress(fields);
  const destination = readAddress(fields);
  const esmClass = fields.byte();
  fields.bytes(2);
  fields.text();
  const validityPeriod = fields.text();
  const registeredDelivery = fields.byte();
  fields.byte();
  const dataCoding = fields.byte();
  fields.byte();
  const message = fields.bytes(fields.byte());
  const optionals = fields.optionals();
  return {
    source,
    destination,
    esmClass,
    validityPeriod,
    registeredDelivery,
    dataCoding,
    message,
    optionals,
  };
}

const INTERNATIONAL = 1;

/** An address as the API knows numbers: with a plus where it is international. */
export function numberOf({ ton, address }: SmppAddress): string {
  return ton === INTERNATIONAL && /^\d+$/.test(address) ? `+${address}` : address;
}

function writeAddress(fields: FieldWriter, { ton, npi, address }: SmppAddress): void {
  fields.byte(ton).byte(npi).text(address);
}

function readAddress(fields: FieldReader): SmppAddress {
  return { ton: fields.byte(), npi: fields.byte(), address: fields.text() };
}
