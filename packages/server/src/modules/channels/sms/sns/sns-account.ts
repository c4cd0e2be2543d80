import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import type { ProviderKind } from '../../provider-accounts/provider-kind.ts';
import { givenHttpApi, readHttpApi, showHttpApi, shownHttpApi } from '../../http-api.ts';
import type { HttpApi } from '../../http-api.ts';

export interface SnsSettings extends HttpApi {
  readonly kind: 'sns';
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Beside keys that hold for a while only; null for the keys of a user. */
  readonly sessionToken: string | null;
  /** Whom messages come from that do not say: a number, a short code, or a name. Null: AWS chooses. */
  readonly from: string | null;
  /** What AWS favours: that it arrives, or that it costs little. */
  readonly smsType: 'Transactional' | 'Promotional';
}

/** A number, a short code, or a sender id of up to eleven letters and digits. */
const SENDER = /^(?:\+[1-9]\d{6,14}|\d{3,8}|(?=.*[a-z])[a-z\d]{1,11})$/i;

const httpApi = shownHttpApi('https://sns.{region}.amazonaws.com when it is left out.');
const shown = {
  kind: Type.Literal('sns'),
  region: Type.String({ pattern: '^[a-z]{2}(-[a-z]+)+-\\d$', description: 'Of AWS: eu-central-1.' }),
  access_key_id: Type.String({ pattern: '^\\w{16,128}$' }),
  from: Type.Union([Type.String({ maxLength: 20 }), Type.Null()], {
    description:
      'Whom messages come from that do not say: a number, a short code, or a name. Null: AWS chooses.',
  }),
  sms_type: Type.Enum(['transactional', 'promotional'], {
    description: '`transactional`, when it is left out: that it arrives matters more than what it costs.',
  }),
  ...httpApi,
};
const shownAccount = Type.Object(shown);

const body = Type.Object(
  {
    kind: shown.kind,
    region: shown.region,
    access_key_id: shown.access_key_id,
    secret_access_key: Type.String({ minLength: 1, maxLength: 200 }),
    session_token: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 4_096 }), Type.Null()], {
        description: 'Beside keys that hold for a while only.',
      }),
    ),
    from: Type.Optional(shown.from),
    sms_type: Type.Optional(shown.sms_type),
    ...givenHttpApi(httpApi),
  },
  { additionalProperties: false },
);

/** Text messages of Amazon SNS. */
export const snsKind: ProviderKind<SnsSettings, typeof body, typeof shownAccount> = {
  transport: 'sms',
  kind: 'sns',
  body,
  shown: shownAccount,
  secrets: ['secretAccessKey', 'sessionToken'],
  read(given) {
    const from = given.from ?? null;
    if (from !== null && !SENDER.test(from)) {
      throw invalidField(
        'from',
        'must be a number such as +15550100000, a short code, or a name of up to eleven letters and digits',
      );
    }
    return {
      kind: 'sns',
      region: given.region,
      accessKeyId: given.access_key_id,
      secretAccessKey: given.secret_access_key,
      sessionToken: given.session_token ?? null,
      from,
      smsType: given.sms_type === 'promotional' ? 'Promotional' : 'Transactional',
      ...readHttpApi(given, `https://sns.${given.region}.amazonaws.com`),
    };
  },
  show: ({ region, accessKeyId, from, smsType, ...api }) => ({
    kind: 'sns',
    region,
    access_key_id: accessKeyId,
    from,
    sms_type: smsType === 'Promotional' ? 'promotional' : 'transactional',
    ...showHttpApi(api),
  }),
};
