import type { InboundSms } from '../inbound/inbound-sms.ts';
import type { Keyword } from '../keywords/keywords.ts';

const OPT_OUT_TYPES: Readonly<Record<string, Keyword>> = { STOP: 'stop', START: 'start', HELP: 'help' };

/** What a person has texted, as Twilio tells it; null when it names no sender. */
export function inboundOf(appId: string, params: ReadonlyMap<string, string>, at: number): InboundSms | null {
  const id = params.get('MessageSid') ?? params.get('SmsSid') ?? '';
  // What comes over RCS names the same number, behind its channel.
  const from = (params.get('From') ?? '').replace(/^rcs:/i, '');
  if (id === '' || from === '') return null;
  return {
    appId,
    id,
    hasOwnId: true,
    from,
    to: params.get('To') ?? '',
    text: params.get('Body') ?? '',
    mediaUrls: mediaOf(params),
    part: null,
    at,
    // There with Advanced Opt-Out, which has answered already.
    handled: OPT_OUT_TYPES[params.get('OptOutType') ?? ''] ?? null,
  };
}

/** Of an MMS, or of RCS. Twilio asks for the account's credentials there where it is told to. */
function mediaOf(params: ReadonlyMap<string, string>): string[] {
  const urls = Array.from({ length: 10 }, (_, index) => params.get(`MediaUrl${index}`) ?? '');
  return urls.filter((url) => url !== '');
}
