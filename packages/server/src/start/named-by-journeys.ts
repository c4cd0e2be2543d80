import type { NamedSources } from '../modules/journeys/index.ts';
import type { Segments } from '../modules/segments/index.ts';
import type { Templates } from '../modules/templates/index.ts';
import { ApiError } from '../platform/http/api-error.ts';

/** Events that a run keeps, as templates read them. */
const READS_EVENTS = /\bjourney\s*\.\s*(?:first_event|last_event|all_events|event\b)/;

/** What is known of the templates, segments and webhooks that journeys name. */
export function namedByJourneys(
  templates: Pick<Templates, 'find'>,
  segments: Pick<Segments, 'view'>,
): NamedSources {
  return {
    async template(appId, id) {
      const template = await templates.find(appId, id);
      if (template === null) return null;
      const { content } = template;
      return { channel: content.channel, readsEvents: READS_EVENTS.test(JSON.stringify(content)) };
    },
    segment: (appId, id) =>
      segments.view(appId, id).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'segment-not-found') return null;
        throw error;
      }),
    // There are none on this server.
    webhook: () => Promise.resolve(null),
  };
}
