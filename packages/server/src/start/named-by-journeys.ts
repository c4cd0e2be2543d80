import type { ErrorCode } from '@carillon/wire';
import type { NamedSources } from '../modules/journeys/index.ts';
import type { Segments } from '../modules/segments/index.ts';
import type { Templates } from '../modules/templates/index.ts';
import type { Webhooks } from '../modules/webhooks/index.ts';
import { ApiError } from '../platform/http/api-error.ts';

/** Events that a run keeps, as templates read them. */
const READS_EVENTS = /\bjourney\s*\.\s*(?:first_event|last_event|all_events|event\b)/;

export interface NamedModules {
  readonly templates: Pick<Templates, 'find'>;
  readonly segments: Pick<Segments, 'view'>;
  readonly webhooks: Pick<Webhooks, 'view'>;
}

/** What is known of the templates, segments and webhooks that journeys name. */
export function namedByJourneys({ templates, segments, webhooks }: NamedModules): NamedSources {
  return {
    async template(appId, id) {
      const template = await templates.find(appId, id);
      if (template === null) return null;
      const { content } = template;
      return { channel: content.channel, readsEvents: READS_EVENTS.test(JSON.stringify(content)) };
    },
    segment: (appId, id) => orNull(segments.view(appId, id), 'segment-not-found'),
    async webhook(appId, id) {
      const webhook = await orNull(webhooks.view(appId, id), 'webhook-not-found');
      return webhook && { isActive: webhook.row.state === 'active' };
    },
  };
}

/** What was looked for; null where it is refused as not there. */
async function orNull<Found>(looking: Promise<Found>, code: ErrorCode): Promise<Found | null> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof ApiError && error.code === code) return null;
    throw error;
  }
}
