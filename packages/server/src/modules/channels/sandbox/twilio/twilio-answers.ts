import { segmentsOf } from '../../sms/segments.ts';

/** An answer of Twilio's API: a status and a body. */
export interface TwilioAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const MESSAGES: Readonly<Record<number, string>> = {
  20003: 'Authenticate',
  20404: 'The requested resource was not found',
  20429: 'Too Many Requests',
  20503: 'Service is unavailable. Please try again',
  21211: "Invalid 'To' Phone Number: {to}",
  21408: 'Permission to send an SMS has not been enabled for the region indicated by the To number: {to}',
  21602: 'A text message body or media urls must be specified.',
  21603: "A 'From' phone number is required.",
  21604: "A 'To' phone number is required.",
  21610: 'Attempt to send to unsubscribed recipient',
  21612: "Message cannot be sent with the current combination of 'To' ({to}) and/or 'From' parameters",
  21614: "'To' number is not a valid mobile number: {to}",
  21617: 'The concatenated message body exceeds the 1600 character limit',
};

/** A refusal as Twilio words it. */
export function refusal(status: number, code: number, to = ''): TwilioAnswer {
  const message = (MESSAGES[code] ?? '').replace('{to}', to);
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  return { status, body: { code, message, more_info, status } };
}

/** The message as Twilio tells it. */
export function created(accountSid: string, sid: string, form: URLSearchParams, at: number): TwilioAnswer {
  const body = form.get('Body') ?? '';
  const service = form.get('MessagingServiceSid');
  const path = `/2010-04-01/Accounts/${accountSid}/Messages/${sid}`;
  return {
    status: 201,
    body: {
      account_sid: accountSid,
      api_version: '2010-04-01',
      body,
      date_created: new Date(at).toUTCString().replace('GMT', '+0000'),
      date_sent: null,
      direction: 'outbound-api',
      error_code: null,
      error_message: null,
      from: form.get('From'),
      messaging_service_sid: service,
      num_media: String(form.getAll('MediaUrl').length),
      num_segments: String(Math.max(1, segmentsOf(body).segments)),
      price: null,
      price_unit: 'USD',
      sid,
      status: service === null ? 'queued' : 'accepted',
      subresource_uris: { media: `${path}/Media.json` },
      to: form.get('To'),
      uri: `${path}.json`,
    },
  };
}
