import type { OptOutScope } from '@carillon/wire';
import type { OptOuts } from '../opt-outs/opt-outs.ts';
import type { KeywordOrder, ObeyKeyword } from './inbound-sms.ts';

/**
 * Does what a keyword asks for, for all of the app or for the number that it was sent to. Resolves with what it was
 * about; null for HELP. A START of somebody who has not opted out of that number means the app.
 */
export async function obeyInScope(
  order: KeywordOrder,
  scope: OptOutScope,
  { obey, optOuts }: { readonly obey: ObeyKeyword; readonly optOuts: Pick<OptOuts, 'stop' | 'start'> },
): Promise<OptOutScope | null> {
  const { appId, from, to, keyword } = order;
  switch (keyword) {
    case 'help':
      await obey(order);
      return null;
    case 'stop':
      if (scope === 'sender') await optOuts.stop(appId, from, to);
      else await obey(order);
      return scope;
    case 'start': {
      const hadOptedOut = await optOuts.start(appId, from, scope === 'sender' ? to : null);
      if (scope === 'sender' && hadOptedOut) return 'sender';
      await obey(order);
      return 'app';
    }
  }
}
