import type { Connector } from '../config/config.ts';
import { eraseFromSpool } from '../home/erase-from-spool.ts';
import { sealOf } from '../home/seal.ts';
import { newsDirectory, newsOf, receivedDirectory } from './news.ts';
import type { News } from './news.ts';
import { readEvents } from './read-events.ts';

/** Takes a user out of what was received and is not in the table yet, and out of what was handed on of it. */
export function forgetReceived(
  { home, homeKeys }: Pick<Connector, 'home' | 'homeKeys'>,
  externalId: string,
): void {
  const seal = sealOf(homeKeys);
  const isOther = (it: { readonly external_id: string | null }) => it.external_id !== externalId;
  eraseFromSpool(receivedDirectory(home), seal, (body) => {
    const events = readEvents(body);
    const others = events.filter(isOther);
    if (others.length === events.length) return body;
    if (others.length === 0) return null;
    return Buffer.from(JSON.stringify({ events: others.map(({ raw }) => raw) }));
  });
  eraseFromSpool(newsDirectory(home), seal, (record) => {
    const { events, rejects } = newsOf(record);
    const left: News = {
      events: events.filter(isOther),
      rejects: rejects.filter((reject) => reject.externalId !== externalId),
    };
    if (left.events.length === events.length && left.rejects.length === rejects.length) return record;
    return left.events.length + left.rejects.length === 0 ? null : Buffer.from(JSON.stringify(left));
  });
}
