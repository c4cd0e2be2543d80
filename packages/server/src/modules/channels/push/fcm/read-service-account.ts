import { createPrivateKey } from 'node:crypto';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import type { FcmSettings } from './fcm-account.ts';

type ServiceAccount = Omit<FcmSettings, 'kind' | 'address'>;
type Json = Readonly<Record<string, unknown>>;

const FIELD = 'service_account';
const GOOGLE = 'https://oauth2.googleapis.com/token';

/** A service account's key as Google gives it out. Throws ApiError that names the member and its rule. */
export function readServiceAccount(given: Json | string): ServiceAccount {
  const account = typeof given === 'string' ? parse(given) : given;
  if (account['type'] !== 'service_account') {
    throw invalidField(FIELD, 'must be the JSON of a service account: its type is "service_account"');
  }
  const privateKeyId = account['private_key_id'];
  return {
    projectId: member(account, 'project_id', /^[a-z][a-z0-9.:-]{3,62}$/, 'the id of the Firebase project'),
    clientEmail: member(
      account,
      'client_email',
      /^[^\s@]{1,128}@[^\s@]{1,190}$/,
      'the address of the service account',
    ),
    privateKey: readKey(member(account, 'private_key', /^-----BEGIN /, 'a private key in PEM')),
    privateKeyId: typeof privateKeyId === 'string' && privateKeyId !== '' ? privateKeyId : null,
    tokenUri: readTokenUri(account['token_uri'] ?? GOOGLE),
  };
}

function parse(text: string): Json {
  const json = text.trimStart().startsWith('{') ? text : Buffer.from(text, 'base64').toString('utf8');
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // The refusal below says what is missing.
  }
  throw invalidField(FIELD, 'must be the JSON of a service account, as it is, as text or in base64');
}

function member(account: Json, name: string, form: RegExp, what: string): string {
  const value = account[name];
  if (typeof value === 'string' && form.test(value)) return value;
  throw invalidField(`${FIELD}.${name}`, `must be ${what}`);
}

function readKey(pem: string): string {
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return pem;
  } catch {
    // The refusal below says what is missing.
  }
  throw invalidField(
    `${FIELD}.private_key`,
    'must be a whole RSA private key in PEM, with its line breaks: send the file as Google gave it out',
  );
}

function readTokenUri(value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const isWeb = url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
  if (isWeb && url.username === '' && url.password === '') return url.href;
  throw invalidField(`${FIELD}.token_uri`, `must be an address, which Google gives as ${GOOGLE}`);
}
