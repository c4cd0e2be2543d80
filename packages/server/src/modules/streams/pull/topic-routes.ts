import { feedTopicsAnswer, feedTopicsBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../../accounts/index.ts';
import type { FeedTopics } from './feed-topics.ts';

const config = { access: 'app' } as const;
const params = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const response = { 200: feedTopicsAnswer };

/** `/apps/{app_id}/feed/topics`. An extension of ours. */
export function topicRoutes(topics: FeedTopics): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/feed/topics',
      { config, schema: { summary: 'Show what the feed tells beside messages', params, response } },
      ({ appId }) => topics.view(appId),
    );
    http.put(
      '/apps/:app_id/feed/topics',
      {
        config,
        schema: {
          summary: 'Set what the feed tells beside messages',
          description:
            'Custom events, changes of subscriptions, steps of journeys: each costs some writing, so nothing of it is told until it is asked for. What event streams ask for is told by itself.',
          params,
          body: feedTopicsBody,
          response,
        },
      },
      (request) => topics.set(request.appId, request.body.topics, authorOf(request)),
    );
  };
}
