import type {
  SegmentList,
  SegmentMembers,
  SegmentPreview as ShownPreview,
  SegmentView,
  UserSegments,
} from '@carillon/wire';
import type { Membership } from './memberships.ts';
import type { SegmentCount } from './segment-counter.ts';
import type { MembersPage } from './segment-members.ts';
import type { SegmentPreview } from './segment-previews.ts';
import type { Segment } from './segment.ts';

export function presentSummary(appId: string, segment: Segment): SegmentList['segments'][number] {
  const { id, name, description, createdAt, updatedAt, source, isActive } = segment;
  return {
    id,
    name,
    description,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    app_id: appId,
    read_only: source === 'default',
    is_active: isActive,
  };
}

export function presentSegment(segment: Segment, count: SegmentCount, withDetail: boolean): SegmentView {
  const { id, name, description, createdAt, source, filters, isActive } = segment;
  if (!withDetail) return presentCount(count);
  return {
    ...presentCount(count),
    payload: {
      id,
      name,
      description,
      created_at: Math.floor(createdAt.getTime() / 1_000),
      source,
      filters: filters.map((filter) => ({ ...filter })),
      is_active: isActive,
    },
  };
}

export function presentPreview({ count, people }: SegmentPreview): ShownPreview {
  return {
    ...presentCount(count),
    sample: people.map(({ userId, externalId, subscriptionId, type }) => ({
      onesignal_id: userId,
      external_id: externalId,
      subscription_id: subscriptionId,
      type,
    })),
  };
}

export function presentMembers({ isLive, members, next }: MembersPage): SegmentMembers {
  return {
    is_live: isLive,
    members: members.map(({ userId, externalId }) => ({ onesignal_id: userId, external_id: externalId })),
    ...(next !== null && { next_cursor: next }),
  };
}

export function presentMembership(membership: Membership): UserSegments['segments'][number] {
  const { segment, isMember, subscriptionIds, branches } = membership;
  const filters = segment.filters.filter(({ field }) => field !== undefined);
  return {
    id: segment.id,
    name: segment.name,
    is_active: segment.isActive,
    is_member: isMember,
    subscription_ids: [...subscriptionIds],
    branches: branches.map((branch) =>
      branch.map(({ place, isTrue }) => ({ filter: { ...filters[place] }, is_true: isTrue })),
    ),
  };
}

function presentCount({ count, byChannel, margin }: SegmentCount) {
  return { subscriber_count: count, subscriber_counts: { ...byChannel }, margin };
}
