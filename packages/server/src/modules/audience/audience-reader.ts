import type { Clock } from '../../platform/clock.ts';
import { Coalescer } from '../../platform/database/coalescer.ts';
import type { Database } from '../../platform/database/database.ts';
import { inGroups } from '../../platform/in-groups.ts';
import type { AudiencePage } from '../identity/index.ts';
import { readAudience } from './audience-page-store.ts';
import type { AudiencePart } from './audience-page-store.ts';
import type { Audience } from './condition.ts';
import { lookUpSegments } from './look-up-segments.ts';
import type { AudienceSources } from './sources.ts';

/** Subscriptions that one statement looks at, at most: tens of milliseconds, however few are found. */
const LOOKED_AT = 5_000;
/** Lanes in one statement, at most: what is looked at is divided among them. */
const PAGES_A_STATEMENT = 4;
const IN_FLIGHT = 2;

interface Asked extends AudiencePage {
  readonly audience: Audience;
  readonly limit: number;
}

/** Reads audiences page by page. Pages that are asked for together share statements. */
export class AudienceReader {
  readonly #pages: Coalescer<Asked, AudiencePart>;

  /** `mostLookedAt` is a bound for a statement. */
  constructor(database: Database, clock: Clock, sources: AudienceSources, mostLookedAt = LOOKED_AT) {
    this.#pages = new Coalescer({
      inFlight: IN_FLIGHT,
      largest: PAGES_A_STATEMENT,
      flush: (asked) =>
        // A statement is made for one audience.
        inGroups(
          asked,
          audienceOf,
          async (audience, pages) => {
            const meant = await lookUpSegments(audience, pages[0]?.appId ?? '', sources.segments);
            const recipients = Math.max(...pages.map(({ limit }) => limit));
            const lookedAt = Math.max(1, Math.floor(mostLookedAt / pages.length));
            const parts = await readAudience(
              database,
              meant,
              pages,
              { recipients, lookedAt },
              { now: clock.now(), messageEvents: sources.messageEvents },
            );
            return pages.map(({ limit }, index) => shorten(parts[index], limit));
          },
          'one-by-one',
        ),
    });
  }

  /**
   * Who comes next in a lane, `limit` at most: fewer, and even nobody, before the end of the lane, where much
   * was looked at and little found. What is true now counts.
   */
  page(audience: Audience, page: AudiencePage, limit: number): Promise<AudiencePart> {
    return this.#pages.submit({ ...page, audience, limit });
  }
}

const audienceOf = ({ audience }: Asked) => audience;

function shorten(part: AudiencePart | undefined, limit: number): AudiencePart {
  if (part === undefined) return { recipients: [], cursor: null, last: true };
  if (part.recipients.length <= limit) return part;
  const recipients = part.recipients.slice(0, limit);
  return { recipients, cursor: recipients.at(-1)?.subscriptionId ?? part.cursor, last: false };
}
