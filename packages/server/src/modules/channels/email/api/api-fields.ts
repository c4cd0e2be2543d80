import { Type } from 'typebox';
import { givenHttpApi, readHttpApi, showHttpApi, shownHttpApi } from '../../http-api.ts';
import type { MailApiAccount } from './mail-api.ts';

const httpApi = shownHttpApi('Where the API is reached instead of at its own address.');

/** What is shown of every provider of mail over HTTP. */
export const shownApiFields = {
  from_name: Type.String({ maxLength: 320 }),
  from_address: Type.String({ format: 'email', maxLength: 320, description: 'Verified with the provider.' }),
  ...httpApi,
};

/** What a request says of every provider of mail over HTTP. */
export const apiFields = {
  ...shownApiFields,
  from_name: Type.Optional(shownApiFields.from_name),
  ...givenHttpApi(httpApi),
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
    ...readHttpApi(given, defaultBaseUrl),
  };
}

export function showApiFields({ fromName, fromAddress, ...api }: MailApiAccount) {
  return { from_name: fromName, from_address: fromAddress, ...showHttpApi(api) };
}

/** A secret: nobody is shown it. */
export function secretField(description: string) {
  return Type.String({ minLength: 1, maxLength: 512, description });
}

/** A setting without which something is left out: absent and null are the same. */
export function optionalField(schema: ReturnType<typeof Type.String>) {
  return Type.Optional(Type.Union([schema, Type.Null()]));
}
