import { Type } from 'typebox';
import { readBaseUrl } from '../../base-url.ts';
import type { MailApiAccount } from './mail-api.ts';

const DEFAULT_CONNECTIONS = 10;
/** As many connections as `Outbound` keeps to a host: more would only wait inside of it. */
const MOST_CONNECTIONS = 32;

/** What is shown of every provider of mail over HTTP. */
export const shownApiFields = {
  from_name: Type.String({ maxLength: 320 }),
  from_address: Type.String({ format: 'email', maxLength: 320, description: 'Verified with the provider.' }),
  connections: Type.Integer({
    minimum: 1,
    maximum: MOST_CONNECTIONS,
    description: 'Most requests at a time.',
  }),
  base_url: Type.String({
    format: 'uri',
    maxLength: 320,
    description: 'Where the API is reached instead of at its own address.',
  }),
};

/** What a request says of every provider of mail over HTTP. */
export const apiFields = {
  ...shownApiFields,
  from_name: Type.Optional(shownApiFields.from_name),
  connections: Type.Optional(shownApiFields.connections),
  base_url: Type.Optional(shownApiFields.base_url),
};

interface GivenApiFields {
  readonly from_name?: string | undefined;
  readonly from_address: string;
  readonly connections?: number | undefined;
  readonly base_url?: string | undefined;
}

/** Throws ApiError. */
export function readApiFields(given: GivenApiFields, defaultBaseUrl: string): MailApiAccount {
  return {
    fromName: given.from_name ?? '',
    fromAddress: given.from_address,
    connections: given.connections ?? DEFAULT_CONNECTIONS,
    baseUrl: readBaseUrl(given.base_url ?? defaultBaseUrl),
  };
}

export function showApiFields({ fromName, fromAddress, connections, baseUrl }: MailApiAccount) {
  return { from_name: fromName, from_address: fromAddress, connections, base_url: baseUrl };
}

/** A secret: nobody is shown it. */
export function secretField(description: string) {
  return Type.String({ minLength: 1, maxLength: 512, description });
}

/** A setting without which something is left out: absent and null are the same. */
export function optionalField(schema: ReturnType<typeof Type.String>) {
  return Type.Optional(Type.Union([schema, Type.Null()]));
}
