import { invalidField } from '../../../../platform/http/invalid-field.ts';
import { signWebhook } from '../../provider-events/signed-webhook.ts';
import type { WebhookSettings } from '../endpoint-settings.ts';
import { secretBytes } from '../webhook-secret.ts';
import type { EndpointWire } from './endpoint-wire.ts';
import { readStatus } from './read-status.ts';

const MOST_BYTES = 65_536;

/** JSON that is signed after Standard Webhooks: any status of 200 to 299 takes it. */
export const webhookWire: EndpointWire<WebhookSettings> = {
  check({ text, data }) {
    if (text === null && data === null) {
      throw invalidField('text', 'must be given, or data beside it or instead of it');
    }
    const bytes = data === null ? 0 : Buffer.byteLength(JSON.stringify(data));
    if (bytes > MOST_BYTES) {
      throw invalidField('data', `must be at most ${MOST_BYTES} bytes of JSON, and is ${bytes}`);
    }
  },
  write({ headers, secret }, { id, endpoint, createdAt, content }, now) {
    const said = Object.entries(content).filter(([, value]) => value !== null);
    const body = JSON.stringify({
      type: 'endpoint.post',
      timestamp: new Date(createdAt).toISOString(),
      id,
      endpoint,
      ...Object.fromEntries(said),
    });
    // The id stays from try to try, so that who gets a post twice knows it.
    return { headers: { ...headers, ...signWebhook(secretBytes(secret), id, now, body) }, body };
  },
  read: (answer, now) => readStatus(answer, now, null),
};
