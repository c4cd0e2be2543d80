import {
  eventStreamList,
  eventStreamView,
  replayEventStreamBody,
  resumeEventStreamBody,
  rotateStreamSecretAnswer,
  rotateStreamSecretBody,
  testEventStreamAnswer,
  testEventStreamBody,
} from '@carillon/wire';
import type { EventStreamBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Clock } from '../../../platform/clock.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../../accounts/index.ts';
import type { EventStream, EventStreams } from './event-streams.ts';
import { presentStream } from './present-stream.ts';
import { eventStreamBody } from './stream-body.ts';
import type { StreamCourse } from './stream-course.ts';

export interface EventStreamRouteOptions {
  readonly streams: EventStreams;
  readonly course: StreamCourse;
  readonly clock: Clock;
}

const config = { access: 'app' } as const;
const tags = ['Event streams'];
const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });

/** Of one stream. */
export const streamParams = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  name: Type.String({
    pattern: '^[a-z0-9][a-z0-9_-]{0,63}$',
    description: 'Of small letters, digits, - and _: 64 at most.',
  }),
});
const one = '/apps/:app_id/event_streams/:name';

/** `/apps/{app_id}/event_streams`: where an app's events are sent. An extension of ours. */
export function eventStreamRoutes({ streams, course, clock }: EventStreamRouteOptions): Routes {
  const present = (stream: EventStream) => presentStream(stream, clock.now());
  return (http) => {
    http.get(
      '/apps/:app_id/event_streams',
      {
        config,
        schema: {
          tags,
          summary: 'List the event streams of an app',
          description: 'In the order of their names: at most 50.',
          params: ofApp,
          response: { 200: eventStreamList },
        },
      },
      async ({ appId }) => ({ event_streams: (await streams.list(appId)).map(present) }),
    );
    http.get(
      one,
      {
        config,
        schema: {
          tags,
          summary: 'Show an event stream',
          description: 'With how far it is behind, and why it rests or is disabled.',
          params: streamParams,
          response: { 200: eventStreamView },
        },
      },
      async ({ appId, params: { name } }) => present(await streams.view(appId, name)),
    );
    http.put(
      one,
      {
        config,
        schema: {
          tags,
          summary: 'Set an event stream',
          description:
            'Replaces what was set under this name before, but for secrets, which stay until others are given. The stream goes on where it was.',
          params: streamParams,
          body: eventStreamBody,
          response: { 200: eventStreamView },
        },
      },
      async (request) => {
        const { appId, params } = request;
        const body = request.body as EventStreamBody;
        const { madeSecret, ...set } = await streams.set(appId, params.name, body, authorOf(request));
        return { ...present(set), ...(madeSecret !== null && { secret: madeSecret }) };
      },
    );
    http.delete(
      one,
      {
        config,
        schema: {
          tags,
          summary: 'Delete an event stream',
          description: 'What it has not sent is not sent.',
          params: streamParams,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await streams.remove(request.appId, request.params.name, authorOf(request));
        return { success: true };
      },
    );
    http.post(
      `${one}/pause`,
      {
        config,
        schema: {
          tags,
          summary: 'Pause an event stream',
          description: 'Requests under way are finished. Nothing is lost while the feed keeps its events.',
          params: streamParams,
          response: { 200: eventStreamView },
        },
      },
      async (request) => {
        const { appId, params } = request;
        await course.pause(appId, params.name, authorOf(request));
        return present(await streams.view(appId, params.name));
      },
    );
    http.post(
      `${one}/resume`,
      {
        config,
        schema: {
          tags,
          summary: 'Resume an event stream',
          description: 'One that was paused, disabled, or rests goes on at once where it stopped.',
          params: streamParams,
          body: Type.Optional(Type.Union([resumeEventStreamBody, Type.Null()])),
          response: { 200: eventStreamView },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        const skips = body?.skip_missing ?? false;
        await course.resume(appId, params.name, skips, authorOf(request));
        return present(await streams.view(appId, params.name));
      },
    );
    http.post(
      `${one}/replay`,
      {
        config,
        schema: {
          tags,
          summary: 'Send events again',
          description:
            'From a time or a cursor on everything is sent again, and the stream goes on from there. With message_id the events of that message are sent again, before the stream goes on. Their ids stay.',
          params: streamParams,
          body: replayEventStreamBody,
          response: { 200: eventStreamView },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        await course.replay(appId, params.name, body, authorOf(request));
        return present(await streams.view(appId, params.name));
      },
    );
    http.post(
      `${one}/rotate_secret`,
      {
        config,
        schema: {
          tags,
          summary: 'Give a webhook another secret',
          description: 'For some hours requests bear two signatures: one of the new secret, one of the old.',
          params: streamParams,
          body: Type.Optional(Type.Union([rotateStreamSecretBody, Type.Null()])),
          response: { 200: rotateStreamSecretAnswer },
        },
      },
      async (request) =>
        streams.rotateSecret(request.appId, request.params.name, request.body ?? {}, authorOf(request)),
    );
    http.post(
      `${one}/test`,
      {
        config,
        schema: {
          tags,
          summary: 'Send a test event',
          description: 'Made up, tried once and at once, with what was sent and what was answered.',
          params: streamParams,
          body: Type.Optional(Type.Union([testEventStreamBody, Type.Null()])),
          response: { 200: testEventStreamAnswer },
        },
      },
      async ({ appId, params: { name }, body }) =>
        streams.test(appId, name, body?.kind ?? 'message.email.opened'),
    );
  };
}
