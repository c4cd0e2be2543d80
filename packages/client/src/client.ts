import { AbTests } from './resources/ab-tests.ts';
import { ApiKeys } from './resources/api-keys.ts';
import { AppPolicy } from './resources/app-policy.ts';
import { Apps } from './resources/apps.ts';
import { CustomEvents } from './resources/custom-events.ts';
import { DataFeeds } from './resources/data-feeds.ts';
import { Endpoints } from './resources/endpoints.ts';
import { EventStreams } from './resources/event-streams.ts';
import { Erasures } from './resources/erasures.ts';
import { Exports } from './resources/exports.ts';
import { Feed } from './resources/feed.ts';
import { IdentityKeys } from './resources/identity-keys.ts';
import { Journeys } from './resources/journeys.ts';
import { LiveActivities } from './resources/live-activities.ts';
import { Notifications } from './resources/notifications.ts';
import { Organizations } from './resources/organizations.ts';
import { Outcomes } from './resources/outcomes.ts';
import { Providers } from './resources/providers.ts';
import { RateLimits } from './resources/rate-limits.ts';
import { Segments } from './resources/segments.ts';
import { SmsKeywords } from './resources/sms-keywords.ts';
import { Subscriptions } from './resources/subscriptions.ts';
import { Templates } from './resources/templates.ts';
import { Users } from './resources/users.ts';
import { Webhooks } from './resources/webhooks.ts';
import { DEFAULT_RETRY } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import { Transport, segment } from './transport.ts';

export interface ClientOptions {
  /** The server, with a path if it lives below one: http://127.0.0.1:8080, https://example.org/api/v1. */
  readonly url: string;
  readonly appId: string;
  /** The app's key, or its organization's for what takes that. */
  readonly apiKey: string;
  /** Three tries after the first when absent. */
  readonly retry?: RetryPolicy;
  /** Most requests at a time; 32 when absent. */
  readonly connections?: number;
}

/**
 * The API of one app, typed. Every call returns an `Answer`: a value, or a `Failure` that says who
 * can act. Works with Carillon and with any server that speaks the same wire.
 *
 * @example
 * const client = new Client({ url: 'http://127.0.0.1:8080', appId, apiKey });
 * const answer = await client.users.upsert({ identity: { external_id: '42' } });
 * if (!answer.ok) console.error(describeFailure(answer.failure));
 * await client.close();
 */
export class Client {
  readonly users: Users;
  readonly subscriptions: Subscriptions;
  readonly segments: Segments;
  readonly templates: Templates;
  readonly dataFeeds: DataFeeds;
  readonly notifications: Notifications;
  readonly liveActivities: LiveActivities;
  readonly abTests: AbTests;
  readonly customEvents: CustomEvents;
  readonly journeys: Journeys;
  readonly webhooks: Webhooks;
  readonly outcomes: Outcomes;
  readonly feed: Feed;
  readonly endpoints: Endpoints;
  readonly eventStreams: EventStreams;
  readonly erasures: Erasures;
  readonly exports: Exports;
  readonly smsKeywords: SmsKeywords;
  readonly apps: Apps;
  readonly policy: AppPolicy;
  readonly providers: Providers;
  readonly rateLimits: RateLimits;
  readonly identityKeys: IdentityKeys;
  /** Of the app. The organization's own: `organizations.keys(id)`. */
  readonly apiKeys: ApiKeys;
  readonly organizations: Organizations;
  readonly #transport: Transport;

  constructor({ url, appId, apiKey, retry = DEFAULT_RETRY, connections = 32 }: ClientOptions) {
    const transport = new Transport({ url, apiKey, retry, connections });
    this.#transport = transport;
    this.users = new Users(transport, appId);
    this.subscriptions = new Subscriptions(transport, appId);
    this.segments = new Segments(transport, appId);
    this.templates = new Templates(transport, appId);
    this.dataFeeds = new DataFeeds(transport, appId);
    this.notifications = new Notifications(transport, appId);
    this.liveActivities = new LiveActivities(transport, appId);
    this.abTests = new AbTests(transport, appId);
    this.customEvents = new CustomEvents(transport, appId);
    this.journeys = new Journeys(transport, appId);
    this.webhooks = new Webhooks(transport, appId);
    this.outcomes = new Outcomes(transport, appId);
    this.feed = new Feed(transport, appId);
    this.smsKeywords = new SmsKeywords(transport, appId);
    this.endpoints = new Endpoints(transport, appId);
    this.eventStreams = new EventStreams(transport, appId);
    this.erasures = new Erasures(transport, appId);
    this.exports = new Exports(transport, appId);
    this.apps = new Apps(transport, appId);
    this.policy = new AppPolicy(transport, appId);
    this.providers = new Providers(transport, appId);
    this.rateLimits = new RateLimits(transport, appId);
    this.identityKeys = new IdentityKeys(transport, appId);
    this.apiKeys = new ApiKeys(transport, `/apps/${segment(appId)}`);
    this.organizations = new Organizations(transport);
  }

  /** Closes the connections. Calls under way end as unreachable. */
  close(): Promise<void> {
    return this.#transport.close();
  }
}
