import { FieldReader, FieldWriter } from './fields.ts';

/** Who wants a session. */
export interface Bind {
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
}

const VERSION_3_4 = 0x34;

export function writeBind({ systemId, password, systemType }: Bind): Buffer {
  const fields = new FieldWriter().text(systemId).text(password).text(systemType).byte(VERSION_3_4);
  // Type and plan of the addresses that this client serves, and which: the account's, all of them.
  return fields.byte(0).byte(0).text('').end();
}

export function readBind(body: Buffer): Bind {
  const fields = new FieldReader(body);
  return { systemId: fields.text(), password: fields.text(), systemType: fields.text() };
}
