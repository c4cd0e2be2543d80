import type { Channel, CreateMessageBody } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { typesOfFlags } from '../../audience/index.ts';

/** Addresses of one channel. */
const ADDRESSES = {
  email: ['email_to', 'include_email_tokens'],
  sms: ['include_phone_numbers'],
} as const satisfies Fields;

/** What only one channel says. Some clients send a field of another one along: it names none beside these. */
const WORDS = {
  email: ['email_subject', 'email_body'],
  sms: ['sms_from', 'sms_media_urls'],
} as const satisfies Fields;

type Fields = Readonly<Partial<Record<Channel, readonly (keyof CreateMessageBody)[]>>>;

/**
 * The one channel that a request names: by `target_channel`, by flags of platforms or by its addresses, or else by
 * what only one channel says; null where it names none and its template tells. Throws ApiError where it names two.
 */
export function chooseChannel(body: CreateMessageBody): Channel | null {
  const said = [body.target_channel, body.channel_for_external_user_ids].filter((one) => one !== undefined);
  const flags = [
    ...(typesOfFlags(body) === null ? [] : (['push'] as const)),
    ...(body.isEmail === true ? (['email'] as const) : []),
    ...(body.isSms === true ? (['sms'] as const) : []),
  ];
  return oneOf([...said, ...flags, ...givenOf(ADDRESSES, body)]) ?? oneOf(givenOf(WORDS, body));
}

function oneOf(named: readonly Channel[]): Channel | null {
  const [channel = null, ...others] = new Set(named);
  if (others.length > 0) throw new ApiError('message-channels');
  return channel;
}

function givenOf(fields: typeof ADDRESSES | typeof WORDS, body: CreateMessageBody): Channel[] {
  return (['email', 'sms'] as const).filter((channel) =>
    fields[channel].some((field) => isGiven(body[field])),
  );
}

function isGiven(value: string | readonly string[] | null | undefined): boolean {
  return value !== undefined && value !== null && value.length > 0;
}
