import { Type } from 'typebox';
import { invalidField } from '../../platform/http/invalid-field.ts';

/** How the API of a provider is reached over HTTP. */
export interface HttpApi {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Most requests at the same time. */
  readonly connections: number;
}

const DEFAULT_CONNECTIONS = 10;
/** As many connections as `Outbound` keeps to a host: more would only wait inside of it. */
const MOST_CONNECTIONS = 32;

/** What is shown of it. `address` says when `base_url` is left out. */
export function shownHttpApi(address: string) {
  return {
    base_url: Type.String({ format: 'uri', maxLength: 320, description: address }),
    connections: Type.Integer({
      minimum: 1,
      maximum: MOST_CONNECTIONS,
      description: 'Most requests at a time.',
    }),
  };
}

/** What a request says of it. */
export function givenHttpApi({ base_url, connections }: ReturnType<typeof shownHttpApi>) {
  return { base_url: Type.Optional(base_url), connections: Type.Optional(connections) };
}

interface GivenHttpApi {
  readonly base_url?: string | undefined;
  readonly connections?: number | undefined;
}

/** Throws ApiError. */
export function readHttpApi({ base_url, connections }: GivenHttpApi, defaultBaseUrl: string): HttpApi {
  return {
    baseUrl: readBaseUrl(base_url ?? defaultBaseUrl),
    connections: connections ?? DEFAULT_CONNECTIONS,
  };
}

export function showHttpApi({ baseUrl, connections }: HttpApi) {
  return { base_url: baseUrl, connections };
}

function readBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  if (!isPlain || url.username !== '')
    throw invalidField('base_url', 'must be an http or https address without a query or a password');
  return text.replace(/\/+$/, '');
}
