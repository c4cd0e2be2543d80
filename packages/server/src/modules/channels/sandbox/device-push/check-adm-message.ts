import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

type Json = Readonly<Record<string, unknown>>;

const TYPE = 'com.amazon.device.messaging.ADMMessage@1.0';
const MOST_BYTES = 6_144;
const LONGEST_KEY = 64;
const LONGEST_LIFE_S = 31 * 24 * 3_600;

interface AdmRefusal {
  readonly status: number;
  readonly reason: string;
}

const refuse = (reason: string, status = 400): AdmRefusal => ({ status, reason });

/** What Amazon would refuse a message for; null when it would take it. */
export function faultInAdmMessage(headers: IncomingHttpHeaders, payload: Json | null): AdmRefusal | null {
  if ((headers['x-amzn-type-version'] ?? TYPE) !== TYPE) return refuse('InvalidType');
  const { data, consolidationKey = '', expiresAfter = 604_800, md5 } = payload ?? {};
  if (!isData(data)) return refuse('InvalidData');
  if (Buffer.byteLength(JSON.stringify(data)) > MOST_BYTES) return refuse('MessageTooLarge', 413);
  if (typeof consolidationKey !== 'string' || consolidationKey.length > LONGEST_KEY) {
    return refuse('InvalidConsolidationKey');
  }
  const isLife =
    Number.isInteger(expiresAfter) && Number(expiresAfter) >= 1 && Number(expiresAfter) <= LONGEST_LIFE_S;
  if (!isLife) return refuse('InvalidExpiration');
  return md5 === undefined || md5 === checksumOf(data) ? null : refuse('InvalidChecksum');
}

function isData(data: unknown): data is Readonly<Record<string, string>> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  return Object.values(data).every((value) => typeof value === 'string');
}

/** Names in the order of their code points, each with its text. */
function checksumOf(data: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(data).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('md5');
  for (const [index, [name, value]] of pairs.entries())
    hash.update(`${index === 0 ? '' : ','}${name}:${value}`);
  return hash.digest('base64');
}
