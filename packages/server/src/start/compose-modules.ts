import { AudienceCounter, AudienceReader } from '../modules/audience/index.ts';
import type { AudienceSources } from '../modules/audience/index.ts';
import { AppPolicies, findAppNames, findKeyNames } from '../modules/accounts/index.ts';
import { Channels, EndpointPoster, Endpoints } from '../modules/channels/index.ts';
import type { RecordDeliveryEvents, SandboxPlaces } from '../modules/channels/index.ts';
import { DataFeeds } from '../modules/data-feeds/index.ts';
import { CustomEvents, EventNames, NameTallies } from '../modules/events/index.ts';
import { DEFAULT_USER_POLICY, Identity } from '../modules/identity/index.ts';
import {
  JourneyBook,
  JourneyInsight,
  JourneyStore,
  Journeys,
  journeysThatAskFor,
} from '../modules/journeys/index.ts';
import {
  AbTests,
  AttachmentFiles,
  audienceSources,
  FeedData,
  AudienceGuard,
  Circuits,
  MessageCache,
  MessageCreator,
  createPlanner,
  holdOptedOut,
  holdSuppressed,
  MessageViews,
  PageFlow,
  Strides,
  Previews,
  Sender,
  createEmailDeliverer,
  createActivityDeliverer,
  createPushDeliverer,
  createSmsDeliverer,
  deliverByChannel,
  createReceiptRecorder,
  createRecorder,
  createRenderer,
  freeWaitingForDays,
} from '../modules/messages/index.ts';
import type { DelivererOptions, FindSegments, JudgeSenders } from '../modules/messages/index.ts';
import {
  Memberships,
  SegmentCounter,
  SegmentMembers,
  SegmentPreviews,
  Segments,
  SegmentWatches,
  segmentsThatAskFor,
} from '../modules/segments/index.ts';
import type { SegmentRouteOptions } from '../modules/segments/index.ts';
import { Outcomes, parseQuestion } from '../modules/outcomes/index.ts';
import type { EventStreams, StreamCourse, StreamRunner } from '../modules/streams/index.ts';
import { ContentCache, MjmlCompiler, Templates, createAdmission } from '../modules/templates/index.ts';
import type { WebhookCaller, Webhooks } from '../modules/webhooks/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { KeyedHash, SecretBox, TokenSigner } from '../platform/crypto/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { Hints } from '../platform/database/hints.ts';
import type { Partitions } from '../platform/database/partitions.ts';
import { newId } from '../platform/ids.ts';
import type { Logger } from '../platform/log.ts';
import { Outbound, reachableAddresses } from '../platform/outbound/index.ts';
import { ShortMemory } from '../platform/short-memory.ts';
import type { Closers } from './closers.ts';
import { composeStreams } from './compose-streams.ts';
import { composeWebhooks } from './compose-webhooks.ts';
import { namedByJourneys } from './named-by-journeys.ts';
import { createKeywordObeyer } from './obey-keyword.ts';

export interface ComposeOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly hints: Hints;
  readonly partitions: Partitions;
  readonly box: SecretBox;
  readonly signer: TokenSigner;
  readonly erasedAliases: KeyedHash;
  readonly publicUrl: string;
  /** Addresses that are not public and that URLs of apps may lead to. */
  readonly outboundAllowed: readonly string[];
  /** Where the sandbox of this process listens; null without one. */
  readonly sandbox: SandboxPlaces | null;
  /** This process hands messages over itself. */
  readonly sends: boolean;
  /** How long a dead sender's chunks wait for another one, in milliseconds. */
  readonly sendLeaseMs: number;
  readonly closers: Closers;
}

/** The modules of one process, each given what it uses. */
export interface Modules {
  readonly policies: AppPolicies;
  readonly identity: Identity;
  readonly customEvents: CustomEvents;
  readonly eventNames: EventNames;
  readonly dataFeeds: DataFeeds;
  readonly templates: Templates;
  readonly contents: ContentCache;
  readonly audienceCounter: AudienceCounter;
  readonly savedSegments: FindSegments;
  readonly segments: SegmentRouteOptions;
  /** What conditions ask of events of messages. */
  readonly messageEvents: AudienceSources['messageEvents'];
  readonly channels: Channels;
  readonly endpoints: Endpoints;
  readonly endpointPoster: EndpointPoster;
  readonly eventStreams: EventStreams;
  readonly streamCourse: StreamCourse;
  readonly streamRunner: StreamRunner;
  readonly webhooks: Webhooks;
  readonly webhookCaller: WebhookCaller;
  readonly sender: Sender;
  readonly creator: MessageCreator;
  readonly abTests: AbTests;
  readonly views: MessageViews;
  readonly outcomes: Outcomes;
  readonly previews: Previews;
  readonly recordDeliveryEvents: RecordDeliveryEvents;
  readonly journeys: Journeys;
  readonly journeyBook: JourneyBook;
  readonly journeyInsight: JourneyInsight;
  readonly wakeSenders: () => void;
}

export function composeModules(options: ComposeOptions): Modules {
  const { database, clock, log, hints, partitions, closers } = options;
  const wakeSenders = () => hints.give('senders');
  const policies = new AppPolicies({ database, clock, hints, defaults: DEFAULT_USER_POLICY });
  const sendingPolicy = async (appId: string) => (await policies.get(appId)).sending;
  const identity = new Identity({
    database,
    clock,
    partitions,
    policyOf: (appId) => policies.get(appId),
    keyNames: (appId, ids) => findKeyNames(database, appId, ids),
    hashAlias: (...alias) => options.erasedAliases.of(...alias),
  });
  const segments = new Segments({ database, clock });
  const sources = audienceSources((...asked) => segments.conditionsOf(...asked));
  const savedSegments: FindSegments = (...asked) => segments.named(...asked);
  const tallies = new NameTallies(database, log);
  closers.add('counts of custom events', () => tallies.add());
  const contents = new ContentCache(database);
  const journeyStore = new JourneyStore(database);
  const dataFeeds: DataFeeds = new DataFeeds({
    database,
    clock,
    box: options.box,
    isInUse: (appId, alias) => templates.nameDataFeed(appId, alias),
  });
  const hasDataFeed = async (appId: string, alias: string) => (await dataFeeds.find(appId, alias)) !== null;
  const mjml = new MjmlCompiler({ log });
  closers.add('the MJML process', () => mjml.close());
  const admitContent = createAdmission(mjml);
  const templates = new Templates({
    database,
    clock,
    contents,
    admitContent,
    hasDataFeed,
    isInUse: (appId, id) => journeyStore.sendsTemplate(appId, id),
  });
  const channels = new Channels({
    ...options,
    publicUrl: () => options.publicUrl,
    messageIdDomain: new URL(options.publicUrl).hostname,
    obeyKeyword: createKeywordObeyer(identity.subscriptions),
    waiting: {
      free: freeWaitingForDays,
      tell: wakeSenders,
    },
    onNews: () => hints.give('feed'),
    recordReceipts: (receipts) => recordReceipts(receipts),
  });
  closers.add('channels', () => channels.close());
  const renderer = createRenderer({ workers: 1, clock, log });
  closers.add('rendering processes', () => renderer.close());

  const names = { lifeMs: 10_000, most: 1_000 };
  const appNames = new ShortMemory(clock, names, (id) => findAppNames(database, id));
  const templateNames = new ShortMemory(clock, names, async (key) => {
    const [appId = '', id = ''] = key.split(' ');
    return (await templates.find(appId, id))?.name ?? null;
  });

  const outbound = new Outbound(options.outboundAllowed);
  closers.add('connections to URLs of apps', async () => outbound.close());
  const files = new AttachmentFiles(outbound, clock);
  const endpoints = new Endpoints({
    database,
    clock,
    box: options.box,
    outbound,
    isReachable: reachableAddresses(options.outboundAllowed),
    onPost: () => hints.give('endpoints'),
  });
  const endpointPoster = new EndpointPoster({
    database,
    clock,
    hints,
    log,
    outbound,
    settingsOf: async ({ appId, endpoint }) => (await endpoints.find(appId, endpoint))?.settings ?? null,
  });
  const feedData = new FeedData({ feeds: dataFeeds, renderer, outbound });

  const leaseMs = options.sendLeaseMs;
  const owner = newId();
  const circuits = new Circuits();
  circuits.on(({ appId, channel, provider: name }, state) => {
    const pause = state.kind === 'open' ? state : null;
    if (state.kind !== 'probing') channels.health.note({ appId, channel, name }, pause);
  });
  const shared: DelivererOptions = {
    clock,
    circuits,
    renderer,
    templateName: (appId, id) => templateNames.get(`${appId} ${id}`),
    appNames: (appId) => appNames.get(appId),
    unsubscribeToken: (appId, reference) => channels.unsubscribeLinks.token({ appId, reference }),
    subscriptionsOf: (appId, recipients) => identity.subscriptionsOfUsers(appId, recipients),
  };
  const judgeSenders: JudgeSenders = (text) => channels.judgeSmsSenders(text);
  const { deliver, provider } = deliverByChannel({
    email: createEmailDeliverer({
      ...shared,
      providers: (appId) => channels.emailProviders(appId),
      feedData,
      filesOf: (message) => files.of(message),
      utmOf: async (appId) => (await policies.get(appId)).utm,
    }),
    push: createPushDeliverer({
      ...shared,
      providers: (appId, transport) => channels.pushProviders(appId, transport),
      confirmsDelivery: async () => true,
      deliverLiveActivity: createActivityDeliverer({ database, clock }),
    }),
    sms: createSmsDeliverer({
      ...shared,
      providers: (appId) => channels.smsProviders(appId),
      judgeSenders,
    }),
  });
  const flow = new PageFlow({
    database,
    clock,
    partitions,
    identity,
    log,
    deliver,
    provider,
    plan: holdOptedOut(
      judgeSenders,
      holdSuppressed(
        channels.suppressions,
        createPlanner({
          database,
          clock,
          sendingPolicy,
          lastActive: (users) => identity.lastActive(users),
        }),
      ),
    ),
    leaseMs,
    segments: sources.segments,
    strides: new Strides(clock),
    onClosed: () => hints.give('feed'),
  });
  const sender = new Sender({
    database,
    clock,
    hints,
    log,
    flow,
    messages: new MessageCache(database, contents),
    circuits,
    owner,
    leaseMs,
  });
  const counter = new AudienceCounter(database, clock, sources);
  const segmentCounter = new SegmentCounter(counter);
  const guard = new AudienceGuard({
    database,
    clock,
    ruleOf: async (appId) => (await policies.get(appId)).audienceGuard,
    countSubscribed: async (appId) =>
      (await identity.countSubscriptions([appId])).get(appId)?.messageablePlayers ?? 0,
    countAudience: async (appId, channel, audience) =>
      (await counter.count(appId, audience, { channels: [channel] }))[channel],
  });
  const accepting = {
    guard,
    database,
    clock,
    partitions,
    contents,
    findTemplate: async (appId: string, id: string) => (await templates.find(appId, id))?.content ?? null,
    admitContent,
    hasDataFeed,
    sendingPolicy,
    wakeSenders,
  };
  const creator = new MessageCreator({
    ...accepting,
    identity,
    owner,
    leaseMs,
    sender: options.sends ? sender : null,
  });
  const outcomes = new Outcomes({ database, clock });
  const watches = new SegmentWatches(database);
  const { webhooks, webhookCaller } = composeWebhooks({ ...options, outbound, identity });
  const recordDeliveryEvents = createRecorder({
    database,
    clock,
    partitions,
    suppressions: channels.suppressions,
    unsubscribe: (...asked) => identity.subscriptions.unsubscribe(...asked),
    onNews: () => hints.give('feed'),
  });
  const recordReceipts = createReceiptRecorder({ database, recordDeliveryEvents });
  return {
    policies,
    identity,
    customEvents: new CustomEvents({
      database,
      partitions,
      identity,
      hints,
      clock,
      tallies,
      unknownUsersOf: async (appId) => (await policies.get(appId)).unknownEventUsers,
    }),
    eventNames: new EventNames({
      database,
      clock,
      tallies,
      journeysOf: (...asked) => journeysThatAskFor(database, ...asked),
      segmentsOf: (...asked) => segmentsThatAskFor(database, ...asked),
    }),
    dataFeeds,
    templates,
    contents,
    audienceCounter: counter,
    savedSegments,
    messageEvents: sources.messageEvents,
    segments: {
      segments,
      counter: segmentCounter,
      previews: new SegmentPreviews(segmentCounter, new AudienceReader(database, clock, sources)),
      members: new SegmentMembers({
        database,
        clock,
        segments,
        counter,
        messageEvents: sources.messageEvents,
      }),
      memberships: new Memberships({
        database,
        clock,
        identity,
        segments,
        messageEvents: sources.messageEvents,
      }),
    },
    channels,
    endpoints,
    endpointPoster,
    ...composeStreams({ ...options, outbound }),
    webhooks,
    webhookCaller,
    sender,
    creator,
    abTests: new AbTests({
      ...accepting,
      savedSegments,
      outcomeOfMessages: (...asked) => outcomes.ofMessages(...asked),
      wakeDeciders: () => hints.give('ab-tests'),
    }),
    views: new MessageViews(database, (appId, id, query) => outcomes.read(appId, parseQuestion(query), id)),
    outcomes,
    previews: new Previews({
      renderer,
      templates,
      mjml,
      identity,
      feedData,
      appNames: (appId) => appNames.get(appId),
    }),
    recordDeliveryEvents,
    journeys: new Journeys({
      database,
      clock,
      named: namedByJourneys({ templates, segments, webhooks }),
      watchSegments: (transaction, { appId, id }, { segmentIds, sessions }) =>
        watches.set(transaction, { appId, watcher: 'journey', watcherId: id }, segmentIds, { sessions }),
      onChange() {
        hints.give('journeys');
        hints.give('inbox');
      },
    }),
    journeyBook: new JourneyBook(journeyStore),
    journeyInsight: new JourneyInsight({ database, clock, hints, identity }),
    wakeSenders,
  };
}
