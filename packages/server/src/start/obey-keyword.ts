import type { ObeyKeyword } from '../modules/channels/index.ts';
import { BY_SYSTEM } from '../modules/identity/index.ts';
import type { Identity } from '../modules/identity/index.ts';
import { ApiError } from '../platform/http/api-error.ts';

/**
 * STOP and START are what a person says about being written to: facts of consent, of which the newest counts. A
 * number that no subscription has is nobody's.
 */
export function createKeywordObeyer(
  subscriptions: Pick<Identity['subscriptions'], 'updateByToken'>,
): ObeyKeyword {
  return async ({ appId, from, keyword, at }) => {
    if (keyword === 'help') return;
    const consent = {
      granted: keyword === 'start',
      at: new Date(at).toISOString(),
      source: `sms keyword ${keyword}`,
    };
    await subscriptions
      .updateByToken(appId, { type: 'SMS', token: from }, { consent }, BY_SYSTEM)
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (error.code !== 'subscription-0' && error.code !== 'request-invalid') throw error;
      });
  };
}
