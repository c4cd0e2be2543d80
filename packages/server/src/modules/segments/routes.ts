import {
  createSegmentBody,
  segmentChanged,
  segmentList,
  segmentMembers,
  segmentPause,
  segmentPreview,
  segmentPreviewBody,
  segmentView,
  updateSegmentBody,
  userSegments,
} from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import { authorOf } from '../accounts/index.ts';
import type { Memberships } from './memberships.ts';
import {
  presentMembers,
  presentMembership,
  presentPreview,
  presentSegment,
  presentSummary,
} from './present-segment.ts';
import type { SegmentCounter } from './segment-counter.ts';
import type { SegmentMembers } from './segment-members.ts';
import type { SegmentPreviews } from './segment-previews.ts';
import type { Segments } from './segments.ts';

export interface SegmentRouteOptions {
  readonly segments: Segments;
  readonly counter: SegmentCounter;
  readonly previews: SegmentPreviews;
  readonly members: SegmentMembers;
  readonly memberships: Memberships;
}

const MOST_ON_A_PAGE = 300;
const DEFAULT_SAMPLE = 10;
const MOST_MEMBERS = 1_000;
/** Of a user: each segment has many conditions. */
const MOST_OF_USER = 50;

const config = { access: 'app', envelope: 'basic', missing: 'authorization-missing' } as const;
/** Changing and deleting tell of too many requests in the other envelope, as documented. */
const documented = { ...config, rateEnvelope: 'structured' } as const;
const ofApp = Type.Object({ app_id: Type.String() });
const oneSegment = Type.Object({ app_id: Type.String(), segment_id: Type.String() });
const ofUser = Type.Object({ app_id: Type.String(), alias_label: Type.String(), alias_id: Type.String() });
const offset = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 });
const pageOf = (most: number) =>
  Type.Object({ offset, limit: Type.Integer({ minimum: 1, maximum: most, default: most }) });

/** Segments: create, list, view, change, delete; ours: pause, preview, who is in it, and in which somebody is. */
export function segmentRoutes(options: SegmentRouteOptions): Routes {
  const { segments, counter, previews, members, memberships } = options;
  return (http) => {
    http.post(
      '/apps/:app_id/segments',
      {
        config,
        schema: {
          summary: 'Create a segment',
          params: ofApp,
          body: createSegmentBody,
          response: { 201: segmentChanged },
        },
      },
      async (request, reply) => {
        const id = await segments.create(request.appId, request.body, authorOf(request));
        return reply.code(201).send({ success: true, id });
      },
    );

    http.get(
      '/apps/:app_id/segments',
      {
        config: { ...config, envelope: 'structured' },
        schema: {
          summary: 'List segments: those of every app, then the oldest first',
          params: ofApp,
          querystring: pageOf(MOST_ON_A_PAGE),
          response: { 200: segmentList },
        },
      },
      async ({ appId, query }) => {
        const { segments: listed, total } = await segments.list(appId, query);
        return {
          total_count: total,
          ...query,
          segments: listed.map((segment) => presentSummary(appId, segment)),
        };
      },
    );

    http.get(
      '/apps/:app_id/segments/:segment_id',
      {
        config,
        schema: {
          summary: 'View a segment and count who is in it',
          params: oneSegment,
          querystring: Type.Object({ 'include-segment-detail': Type.Optional(Type.Boolean()) }),
          response: { 200: segmentView },
        },
      },
      async ({ appId, params, query }) => {
        const segment = await segments.view(appId, params.segment_id);
        const count = await counter.count(appId, segment.conditions);
        return presentSegment(segment, count, query['include-segment-detail'] === true);
      },
    );

    http.patch(
      '/apps/:app_id/segments/:segment_id',
      {
        config: documented,
        schema: {
          summary: 'Change a segment',
          params: oneSegment,
          body: updateSegmentBody,
          response: { 200: segmentChanged },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        await segments.update(appId, params.segment_id, body, authorOf(request));
        return { success: true, id: params.segment_id.toLowerCase() };
      },
    );

    http.delete(
      '/apps/:app_id/segments/:segment_id',
      {
        config: documented,
        schema: {
          summary: 'Delete a segment: messages that wait for it still go to whom it meant',
          params: oneSegment,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await segments.remove(request.appId, request.params.segment_id, authorOf(request));
        return { success: true };
      },
    );

    for (const [action, isPaused] of [['pause', true] as const, ['resume', false] as const]) {
      http.post(
        `/apps/:app_id/segments/:segment_id/${action}`,
        {
          config,
          schema: {
            summary: isPaused ? 'Pause a segment: no new message is for it' : 'Resume a segment',
            params: oneSegment,
            response: { 200: segmentPause },
          },
        },
        async (request) => {
          const { appId, params } = request;
          await segments.pause(appId, params.segment_id, isPaused, authorOf(request));
          return { success: true, id: params.segment_id.toLowerCase(), is_active: !isPaused };
        },
      );
    }

    http.post(
      '/apps/:app_id/segments/preview',
      {
        config: { ...config, rate: 'views' },
        schema: {
          summary: 'Count who would be in a segment, and show some',
          params: ofApp,
          body: segmentPreviewBody,
          response: { 200: segmentPreview },
        },
      },
      async ({ appId, body }) =>
        presentPreview(await previews.preview(appId, body.filters ?? [], body.sample ?? DEFAULT_SAMPLE)),
    );

    http.get(
      '/apps/:app_id/segments/:segment_id/members',
      {
        config: { ...config, rate: 'views' },
        schema: {
          summary: 'List who is in a segment',
          params: oneSegment,
          querystring: Type.Object({
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_MEMBERS })),
            cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
          }),
          response: { 200: segmentMembers },
        },
      },
      async ({ appId, params, query }) => presentMembers(await members.page(appId, params.segment_id, query)),
    );

    http.get(
      '/apps/:app_id/users/by/:alias_label/:alias_id/segments',
      {
        config: { access: 'app' },
        schema: {
          summary: 'Tell in which segments a user is, and why',
          params: ofUser,
          querystring: pageOf(MOST_OF_USER),
          response: { 200: userSegments },
        },
      },
      async ({ appId, params, query }) => {
        const address = { label: params.alias_label, value: params.alias_id };
        const { memberships: found, total } = await memberships.ofUser(appId, address, query);
        return { total_count: total, ...query, segments: found.map(presentMembership) };
      },
    );
  };
}
