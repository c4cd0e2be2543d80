import { domainToASCII } from 'node:url';
import { parsePhoneNumber } from 'awesome-phonenumber';
import type { From, Row, SmsField, SubscriptionField } from '../config/fields.ts';
import type { MappedSubscription, Refuse } from './mapped-user.ts';
import { readText, readTime } from './read-field.ts';

type Field = SubscriptionField<From<Row>, Row>;

const EMAIL = /^[^\s@<>()[\]\\,;:"]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$/u;
const LONGEST_EMAIL = 254;
const E164 = /^\+[1-9]\d{6,14}$/;
// Nothing but a number: of a text with one in it, or an extension behind it, nobody knows what was meant.
const DIALLED = /^[+\p{Nd}\p{Pd}\s()./]+$/u;

/** What a field is called in rejects. */
export function nameOf({ type }: Field): string {
  return type === 'Email' ? 'email' : 'sms';
}

/** The subscription of one field; null where the row has no address there, or one that was refused. */
export function mapSubscription(field: Field, row: Row, refuse: Refuse): MappedSubscription | null {
  const written = readText(field.from, row);
  if (written === undefined) return null;
  const token = field.type === 'Email' ? emailOf(written) : numberOf(field, written, row);
  if (token === null) {
    refuse(nameOf(field), ruleOf(field));
    return null;
  }
  const consentAt = readTime(field.consentAt, row);
  if (consentAt === undefined) refuse(`${nameOf(field)}.consentAt`, 'is a time, or null');
  const enabled = field.enabled === undefined || field.enabled(row);
  return { type: field.type, token, enabled, consentAt: consentAt ?? null };
}

/** As destinations keep it: in lower case, the domain in ASCII (RFC 5890). */
function emailOf(written: string): string | null {
  const address = written.toLowerCase();
  if (address.length > LONGEST_EMAIL || address.includes('..') || !EMAIL.test(address)) return null;
  const at = address.indexOf('@');
  const domain = domainToASCII(address.slice(at + 1));
  return at > 64 || domain === '' ? null : `${address.slice(0, at)}@${domain}`;
}

function numberOf(field: SmsField<From<Row>, Row>, written: string, row: Row): string | null {
  if (field.normalize === undefined) {
    return E164.test(written) && parsePhoneNumber(written).possible ? written : null;
  }
  const country =
    typeof field.defaultCountry === 'function' ? field.defaultCountry(row) : field.defaultCountry;
  // People write 00 for +.
  if (!DIALLED.test(written)) return null;
  const dialled = written.replace(/^00(?=[1-9])/, '+');
  const region = country === null || country === undefined ? {} : { regionCode: country.toUpperCase() };
  const { possible, number } = parsePhoneNumber(dialled, region);
  return possible ? (number?.e164 ?? null) : null;
}

function ruleOf(field: Field): string {
  if (field.type === 'Email') return 'is an email address, such as name@example.com';
  return field.normalize === undefined
    ? "is a number in E.164, such as +15550100000; normalize: 'E.164' reads others"
    : 'is a phone number, with its country code where defaultCountry does not give one';
}
