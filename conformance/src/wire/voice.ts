/** How a family of clients speaks: what it puts around the same request. */
export interface Voice {
  readonly name: string;
  /** Before every path. */
  readonly prefix: '' | '/api/v1';
  authorization(key: string): string;
  /** `hasBody`: the operation takes one. */
  headers(hasBody: boolean): Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json';

/**
 * The server-side clients, as their sources and the reference describe them. Every case runs in each
 * of these voices.
 */
export const serverVoices: readonly [Voice, ...Voice[]] = [
  {
    name: 'server SDKs of today (Key)',
    prefix: '',
    authorization: (key) => `Key ${key}`,
    headers: (hasBody) => ({
      Accept: 'application/json, */*;q=0.8',
      'OS-Usage-Data': 'kind=sdk, sdk-name=onesignal-typescript, version=5.18.0',
      ...(hasBody && { 'Content-Type': JSON_TYPE }),
    }),
  },
  {
    name: 'Ruby SDK (quoted Key)',
    prefix: '',
    authorization: (key) => `Key "${key}"`,
    headers: (hasBody) => ({
      Accept: JSON_TYPE,
      'OS-Usage-Data': 'kind=sdk, sdk-name=onesignal-ruby, version=5.11.1',
      ...(hasBody && { 'Content-Type': JSON_TYPE }),
    }),
  },
  {
    name: 'early Node SDK (Bearer, /api/v1)',
    prefix: '/api/v1',
    authorization: (key) => `Bearer ${key}`,
    headers: (hasBody) => ({
      Accept: 'application/json, */*;q=0.8',
      ...(hasBody && { 'Content-Type': JSON_TYPE }),
    }),
  },
  {
    name: 'community clients (Basic, /api/v1)',
    prefix: '/api/v1',
    authorization: (key) => `Basic ${key}`,
    // They name a type also where there is no body.
    headers: () => ({ Accept: JSON_TYPE, 'Content-Type': 'application/json; charset=utf-8' }),
  },
];
