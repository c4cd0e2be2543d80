import type { FakeSegment } from '../app/app.ts';
import type { Call } from '../call.ts';
import { basic, ok } from '../reply.ts';
import type { Reply } from '../reply.ts';

const MOST = 300;

/** `GET /apps/{app_id}/segments` */
export function listSegments({ app, appId, query }: Call): Reply {
  const limit = Math.min(MOST, Number(query.get('limit') ?? MOST));
  const offset = Number(query.get('offset') ?? 0);
  const segments = app.segments.slice(offset, offset + limit).map((segment) => ({
    id: segment.id,
    name: segment.name,
    description: segment.description,
    created_at: segment.createdAt,
    updated_at: segment.createdAt,
    app_id: appId,
    read_only: segment.source === 'default',
    is_active: segment.isActive,
  }));
  return ok(200, { total_count: app.segments.length, offset, limit, segments });
}

/** `GET /apps/{app_id}/segments/{id}`: with `include-segment-detail=true` its filters too. */
export function viewSegment(call: Call, id: string): Reply {
  const found = call.app.segments.find((segment) => segment.id === id);
  if (found === undefined) return basic(404, 'segment not found');
  if (found.isUserBased) {
    const kinds = 'message event or custom event filters';
    return basic(400, `User-based segments (with ${kinds}) are not yet supported via the API`);
  }
  const count = { subscriber_count: countOf(call, found) };
  if (call.query.get('include-segment-detail') !== 'true') return ok(200, count);
  const { name, description, source, filters, createdAt } = found;
  const created_at = Math.floor(Date.parse(createdAt) / 1000);
  return ok(200, { ...count, payload: { id, name, description, created_at, source, filters } });
}

function countOf({ app }: Call, { subscribers }: FakeSegment): number {
  if (subscribers !== null) return subscribers;
  return [...app.people.all()].flatMap((user) => user.subscriptions).filter(({ enabled }) => enabled).length;
}
