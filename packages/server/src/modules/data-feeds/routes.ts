import { createDataFeedBody, dataFeedList, dataFeedView, updateDataFeedBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import { authorOf } from '../accounts/index.ts';
import { presentDataFeed } from './data-feed.ts';
import type { DataFeeds } from './data-feeds.ts';

const config = { access: 'app' } as const;
const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const oneFeed = Type.Object({ app_id: Type.String({ format: 'uuid' }), data_feed_id: Type.String() });
const tags = ['Data feeds'];

/** Ours: where emails get data about their recipients from when they are sent. */
export function dataFeedRoutes(feeds: DataFeeds): Routes {
  return (http) => {
    http.post(
      '/apps/:app_id/data_feeds',
      {
        config,
        schema: {
          tags,
          summary: 'Create a data feed',
          params: ofApp,
          body: createDataFeedBody,
          response: { 201: dataFeedView },
        },
      },
      async (request, reply) => {
        const feed = await feeds.create(request.appId, request.body, authorOf(request));
        return reply.code(201).send(presentDataFeed(feed));
      },
    );
    http.get(
      '/apps/:app_id/data_feeds',
      {
        config,
        schema: {
          tags,
          summary: 'List the data feeds of an app',
          params: ofApp,
          response: { 200: dataFeedList },
        },
      },
      async ({ appId }) => ({ data_feeds: (await feeds.list(appId)).map(presentDataFeed) }),
    );
    http.get(
      '/apps/:app_id/data_feeds/:data_feed_id',
      {
        config,
        schema: { tags, summary: 'View a data feed', params: oneFeed, response: { 200: dataFeedView } },
      },
      async ({ appId, params }) => presentDataFeed(await feeds.view(appId, params.data_feed_id)),
    );
    http.patch(
      '/apps/:app_id/data_feeds/:data_feed_id',
      {
        config,
        schema: {
          tags,
          summary: 'Change a data feed',
          description: 'Only what is named changes. Its alias stays: templates read it.',
          params: oneFeed,
          body: updateDataFeedBody,
          response: { 200: dataFeedView },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        return presentDataFeed(await feeds.update(appId, params.data_feed_id, body, authorOf(request)));
      },
    );
    http.delete(
      '/apps/:app_id/data_feeds/:data_feed_id',
      {
        config,
        schema: {
          tags,
          summary: 'Delete a data feed',
          description: 'Refused while a template names it. Messages under way that need it end as failed.',
          params: oneFeed,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await feeds.remove(request.appId, request.params.data_feed_id, authorOf(request));
        return { success: true };
      },
    );
  };
}
