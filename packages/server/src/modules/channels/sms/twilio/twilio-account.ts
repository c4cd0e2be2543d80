import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import { givenHttpApi, readHttpApi, showHttpApi, shownHttpApi } from '../../http-api.ts';
import type { HttpApi } from '../../http-api.ts';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';

export interface TwilioSettings extends HttpApi {
  readonly kind: 'twilio';
  readonly accountSid: string;
  /** Signs what Twilio reports, and opens the API where there is no key for it. */
  readonly authToken: string;
  /** An API key and its secret open the API in the token's place: both or none. */
  readonly apiKeySid: string | null;
  readonly apiKeySecret: string | null;
  /** Whom messages come from that do not say: a number, a short code, a name, a service (MG…) or an RCS agent (rcs:…). */
  readonly from: string;
}

const DEFAULT_BASE_URL = 'https://api.twilio.com';

const httpApi = shownHttpApi(`Another region's API. ${DEFAULT_BASE_URL} when it is left out.`);
const shown = {
  kind: Type.Literal('twilio'),
  account_sid: Type.String({ pattern: '^AC[0-9a-fA-F]{32}$' }),
  from: Type.String({
    minLength: 1,
    maxLength: 128,
    description:
      'Whom messages come from that do not say: a number such as +15550100000, a short code, a name, a messaging service (MG…), or an RCS agent (rcs:…).',
  }),
  ...httpApi,
};
const orNull = <Schema extends ReturnType<typeof Type.String>>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);
const apiKeySid = orNull(Type.String({ pattern: '^SK[0-9a-fA-F]{32}$' }));
const secret = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });

const body = Type.Object(
  {
    ...shown,
    auth_token: secret('Also with an API key: it signs what Twilio reports.'),
    api_key_sid: Type.Optional(apiKeySid),
    api_key_secret: Type.Optional(Type.Union([secret('The secret of that API key.'), Type.Null()])),
    ...givenHttpApi(httpApi),
  },
  { additionalProperties: false },
);
const shownAccount = Type.Object({ ...shown, api_key_sid: apiKeySid });

/** Twilio's Programmable Messaging. */
export const twilioKind: ProviderKind<TwilioSettings, typeof body, typeof shownAccount> = {
  transport: 'sms',
  kind: 'twilio',
  body,
  shown: shownAccount,
  secrets: ['authToken', 'apiKeySecret'],
  read(given) {
    const { account_sid: accountSid, auth_token: authToken, from } = given;
    const apiKeySid = given.api_key_sid ?? null;
    const apiKeySecret = given.api_key_secret ?? null;
    if ((apiKeySid === null) !== (apiKeySecret === null)) {
      const [missing, other] = apiKeySid === null ? ['sid', 'secret'] : ['secret', 'sid'];
      throw invalidField(`api_key_${missing}`, `must be there with api_key_${other}: send both or none`);
    }
    return {
      kind: 'twilio',
      accountSid,
      authToken,
      apiKeySid,
      apiKeySecret,
      from,
      ...readHttpApi(given, DEFAULT_BASE_URL),
    };
  },
  show(settings) {
    const { accountSid, apiKeySid, from } = settings;
    return {
      kind: 'twilio',
      account_sid: accountSid,
      api_key_sid: apiKeySid,
      from,
      ...showHttpApi(settings),
    };
  },
};
