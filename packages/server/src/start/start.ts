import {
  IdentityTokens,
  accountsJobs,
  accountsRoutes,
  createAuthenticator,
  findKeyNames,
  openKeyUse,
  policyRoutes,
} from '../modules/accounts/index.ts';
import { channelJobs, endpointRoutes, postRoutes, testSendRoutes } from '../modules/channels/index.ts';
import type { SandboxPlaces } from '../modules/channels/index.ts';
import { dataFeedRoutes } from '../modules/data-feeds/index.ts';
import { customEventsRoutes, eventJobs, eventListRoutes, eventNameRoutes } from '../modules/events/index.ts';
import { Exports, downloadRoute, exportMakers, exportRoutes } from '../modules/exports/index.ts';
import { identityRoutes, verifyIdentity } from '../modules/identity/index.ts';
import { importJobs, importRoutes, wakeImports } from '../modules/imports/index.ts';
import { createLimiter, limitJobs, rateLimitRoutes } from '../modules/limits/index.ts';
import {
  JourneyScheduler,
  journeyInsightRoutes,
  journeysRoutes,
  journeyVersionRoutes,
  simulationRoutes,
} from '../modules/journeys/index.ts';
import {
  AbTestDecider,
  Deliveries,
  MessageExports,
  abTestRoutes,
  deliveryRoutes,
  activityTokenRoutes,
  deviceReportRoutes,
  findAppsOfMessages,
  liveActivityRoutes,
  messageExportMakers,
  messageExportRoutes,
  messageJobs,
  messageRoutes,
  pauseRoutes,
  previewRoutes,
  readDeliveryHistory,
} from '../modules/messages/index.ts';
import { outcomeJobs, outcomeRoutes } from '../modules/outcomes/index.ts';
import { Privacy, privacyRoutes } from '../modules/privacy/index.ts';
import { segmentRoutes } from '../modules/segments/index.ts';
import { noteFloors } from '../modules/feed/index.ts';
import {
  attemptRoutes,
  eventStreamRoutes,
  feedRoutes,
  FeedTopics,
  liveRoutes,
  topicRoutes,
} from '../modules/streams/index.ts';
import { templateRoutes } from '../modules/templates/index.ts';
import { webhookAttemptRoutes, webhookJobs, webhookRoutes } from '../modules/webhooks/index.ts';
import { systemClock } from '../platform/clock.ts';
import type { Clock } from '../platform/clock.ts';
import { loadMasterKeys } from '../platform/config/index.ts';
import type { Config } from '../platform/config/index.ts';
import { SecretBox, TokenSigner } from '../platform/crypto/index.ts';
import { connectHints } from '../platform/database/hints.ts';
import { migrate } from '../platform/database/migrate.ts';
import { Partitions } from '../platform/database/partitions.ts';
import { retentionJob } from '../platform/database/retention.ts';
import { ExportFiles, exportJobs } from '../platform/export-files/index.ts';
import { createHttpServer } from '../platform/http/server.ts';
import { startJobs } from '../platform/jobs/jobs.ts';
import type { Logger } from '../platform/log.ts';
import { appErasers } from './app-erasers.ts';
import { Closers } from './closers.ts';
import { composeModules } from './compose-modules.ts';
import { composeSimulations } from './compose-simulations.ts';
import { composePersonalData } from './compose-personal-data.ts';
import { erasedAliases } from './erased-aliases.ts';
import { reservePort } from './reserve-port.ts';
import { startErasing } from './start-erasing.ts';
import { openDatabase } from './open-database.ts';
import { Outbound } from '../platform/outbound/index.ts';
import { openPool } from './open-pool.ts';
import { firstAccount } from './first-account.ts';
import { startBounces } from './start-bounces.ts';
import { startLanes } from './start-lanes.ts';
import { startSandbox } from './start-sandbox.ts';

export interface StartOptions {
  readonly log: Logger;
  /** The system's when absent. */
  readonly clock?: Clock;
}

/** A running process of the platform. */
export interface Carillon {
  /** The API's base address; null in a process that is only a worker. */
  readonly url: string | null;
  /** The first app; null when it was made earlier and its key is not kept here. */
  readonly appId: string | null;
  readonly appKey: string | null;
  readonly organizationId: string | null;
  readonly organizationKey: string | null;
  /** The database in use, over TCP; holds the password. */
  readonly databaseUrl: string;
  /** Where the receivers of the sandbox listen, or null without a sandbox. */
  readonly sandbox: SandboxPlaces | null;
  /** Where bounces are taken, or null where they are not. */
  readonly bouncePlace: { readonly host: string; readonly port: number } | null;
  /** Finishes what is under way and ends. */
  stop(): Promise<void>;
}

/**
 * Starts the platform in this process: everything, or one role of it. Throws ConfigurationError,
 * EmbeddedPostgresCannotRun, DatabaseTooNew, DatabaseTooOld or what the system said; whatever was
 * started by then is ended again.
 */
export async function startCarillon(
  config: Config,
  { log, clock = systemClock }: StartOptions,
): Promise<Carillon> {
  const closers = new Closers();
  const stop = () =>
    closers.closeAll((name, error) => log.error({ error }, `${name} did not end as it should`));
  try {
    return { ...(await start(config, log, clock, closers)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  config: Config,
  log: Logger,
  clock: Clock,
  closers: Closers,
): Promise<Omit<Carillon, 'stop'>> {
  const masterKeys = await loadMasterKeys(config);
  const url = await openDatabase(config, log, closers);
  await migrate(url);
  // The error itself carries the whole connection.
  const onConnectionLost = ({ message }: Error) =>
    log.warn({ reason: message }, 'a database connection was lost');
  const applicationName = `carillon ${config.role}`;
  const database = openPool({ url, connections: config.databaseConnections, applicationName, log });
  closers.add('the database pool', () => database.end());
  const partitions = new Partitions(database);
  await partitions.ahead(clock.now());
  const hints = await connectHints(database, log);
  closers.add('hints', () => hints.end());
  const account = await firstAccount(config, database, clock);

  const reserved = await reservePort(config);
  closers.add('the port', reserved.release);
  const { port } = reserved;
  const publicUrl = config.publicUrl ?? `http://${reachableHost(config.host)}:${port}`;
  const signer = new TokenSigner(masterKeys);
  const erased = erasedAliases(masterKeys);
  let bouncePlace: { readonly host: string; readonly port: number } | null = null;
  const sandbox = await startSandbox({
    bouncePlace: () => bouncePlace && { ...bouncePlace, host: reachableHost(bouncePlace.host) },
    sandbox: config.sandbox,
    database,
    clock,
    log,
    signer,
    publicUrl,
    closers,
  });

  const modules = composeModules({
    database,
    clock,
    log,
    hints,
    partitions,
    box: new SecretBox(masterKeys),
    signer,
    erasedAliases: erased,
    publicUrl,
    outboundAllowed: config.outboundAllowed,
    sandbox: sandbox?.places ?? null,
    sends: config.role !== 'api',
    sendLeaseMs: config.sendLeaseMs,
    closers,
  });

  if (config.role !== 'api') {
    await startLanes({ url, config, clock, log, hints, onConnectionLost, modules, closers });
    await modules.channels.attend();
    modules.sender.start();
    closers.add('the sender', () => modules.sender.stop());
    modules.endpointPoster.start();
    closers.add('posts to endpoints', () => modules.endpointPoster.stop());
    const decider = new AbTestDecider({
      database,
      clock,
      partitions,
      hints,
      log,
      wakeSenders: modules.wakeSenders,
      outcomeOfMessages: (...asked) => modules.outcomes.ofMessages(...asked),
    });
    decider.start();
    closers.add('decisions of A/B tests', () => decider.stop());
    const scheduler = new JourneyScheduler({ database, clock, hints, log, journeys: modules.journeys });
    scheduler.start();
    closers.add('starts and stops of journeys', () => scheduler.stop());
    const upkeep = {
      name: 'partitions-ahead',
      schedule: '10 * * * *',
      run: () => partitions.ahead(clock.now()),
    };
    modules.streamRunner.start();
    closers.add('event streams', () => modules.streamRunner.stop());
    modules.webhookCaller.start();
    closers.add('calls of webhooks', () => modules.webhookCaller.stop());
    const outbound = new Outbound(config.outboundAllowed);
    closers.add('files from URLs', async () => outbound.close());
    const { auditLogDays, userHistoryDays, feedDays, streamAttemptDays, webhookAttemptDays } = config;
    const keepDays = {
      user_changes: userHistoryDays,
      feed: feedDays,
      event_stream_attempts: streamAttemptDays,
      webhook_attempts: webhookAttemptDays,
    };
    const jobs = await startJobs({
      url,
      log,
      jobs: [
        upkeep,
        retentionJob({ database, clock, keepDays, beforeDrop: { feed: noteFloors } }),
        ...limitJobs(database),
        ...eventJobs({ database, clock, events: modules.customEvents }),
        ...channelJobs({ database, clock }),
        ...messageJobs({ database, clock }),
        ...webhookJobs({ database, clock }),
        ...outcomeJobs(modules.outcomes),
        ...exportJobs({
          database,
          clock,
          log,
          makers: {
            ...messageExportMakers(database),
            ...exportMakers(database, clock, modules.messageEvents),
          },
        }),
        ...importJobs({
          database,
          clock,
          log,
          batches: modules.identity.batches,
          outbound,
          changeSuppressions: (...asked) => modules.channels.suppressions.change(...asked),
        }),
        ...accountsJobs({ database, clock, erasers: appErasers, auditLogDays }),
        ...startErasing({ url, clock, log, onConnectionLost, modules, closers }),
      ],
    });
    closers.add('jobs', () => jobs.stop());
    // What a process had when it was killed.
    await wakeImports(database, clock.now());
  }

  if (config.bounces !== null && config.role !== 'worker') {
    const { recordDeliveryEvents } = modules;
    const { bounces } = config;
    bouncePlace = await startBounces({ bounces, clock, log, signer, recordDeliveryEvents, closers });
  }

  const listening = config.role === 'worker' ? null : await listen();
  return {
    url: listening,
    appId: account?.appId ?? null,
    appKey: account?.appKey ?? null,
    organizationId: account?.organizationId ?? null,
    organizationKey: account?.organizationKey ?? null,
    databaseUrl: url,
    sandbox: sandbox?.places ?? null,
    bouncePlace,
  };

  async function listen(): Promise<string> {
    const keyUse = openKeyUse(database, clock, log);
    closers.add('the last use of keys', () => keyUse.flush());
    const { creator, policies, views, wakeSenders, identity, contents, savedSegments } = modules;
    const authenticator = createAuthenticator(database, clock, {
      hints,
      onUse: (keyId, ip) => keyUse.note(keyId, ip),
      tokens: new IdentityTokens({ database, clock, hints, policies }),
    });
    const files = new ExportFiles({ database, clock, signer, publicUrl });
    const exports = new Exports({
      database,
      clock,
      files,
      findSegment: (...asked) => modules.segments.segments.meaningOf(...asked),
      hasMessage: async (appId, id) =>
        (await findAppsOfMessages(database, [id])).get(id.toLowerCase()) === appId,
    });
    const counting = { database, clock, log, limits: config.rateLimits };
    const privacy = new Privacy({
      database,
      clock,
      identity,
      parts: composePersonalData({ database, clock, identity, contents }),
      keyNames: (appId, ids) => findKeyNames(database, appId, ids),
      erasedAliases: erased,
    });
    const server = await createHttpServer({
      authenticator,
      limiter: createLimiter(counting),
      trustedProxies: config.trustedProxies,
      log,
      clock,
      routes: [
        verifyIdentity({ database, isRequired: (appId) => policies.requiresTokens(appId) }),
        policyRoutes({ database, clock, hints, policies }),
        accountsRoutes({
          database,
          clock,
          authenticator,
          keyUse,
          facts: {
            countSubscriptions: (ids) => modules.identity.countSubscriptions(ids),
            channelsOf: (appId) => modules.channels.of(appId),
            credentials: modules.channels.credentials,
          },
          erasers: appErasers,
          auditLogDays: config.auditLogDays,
        }),
        rateLimitRoutes(counting),
        identityRoutes(modules.identity),
        customEventsRoutes(modules.customEvents),
        eventListRoutes({ database, identity }),
        eventNameRoutes(modules.eventNames),
        outcomeRoutes(modules.outcomes),
        dataFeedRoutes(modules.dataFeeds),
        segmentRoutes(modules.segments),
        templateRoutes(modules.templates),
        ...modules.channels.routes({
          recordDeliveryEvents: modules.recordDeliveryEvents,
          readDeliveryHistory: (reference) => readDeliveryHistory(database, reference),
          unsubscribe: (...asked) => modules.identity.subscriptions.unsubscribe(...asked),
          sandbox,
          sandboxOpenToAll: false,
        }),
        endpointRoutes(modules.endpoints),
        postRoutes({ database, endpoints: modules.endpoints }),
        ...testSendRoutes({
          clock,
          identity,
          providers: (appId, transport) => modules.channels.providers(appId, transport),
        }),
        messageRoutes({
          database,
          clock,
          creator,
          views,
          counting: { identity, counter: modules.audienceCounter, savedSegments },
          wakeSenders,
        }),
        abTestRoutes(modules.abTests),
        pauseRoutes({ database, clock, wakeSenders }),
        deviceReportRoutes({ database, clock, recordDeliveryEvents: modules.recordDeliveryEvents }),
        liveActivityRoutes({ database, creator, savedSegments }),
        activityTokenRoutes({ database, clock, identity }),
        deliveryRoutes(new Deliveries({ database, identity })),
        messageExportRoutes(new MessageExports(database, files)),
        exportRoutes(exports),
        importRoutes({ database, clock, batches: identity.batches, publicUrl }),
        downloadRoute(files),
        previewRoutes(modules.previews),
        journeysRoutes(modules.journeys),
        webhookRoutes(modules.webhooks),
        webhookAttemptRoutes({ database, webhooks: modules.webhooks }),
        journeyVersionRoutes(modules.journeys),
        journeyInsightRoutes(modules.journeyInsight),
        simulationRoutes(composeSimulations(database, clock, modules)),
        feedRoutes({ database, hints }),
        liveRoutes({ database, hints, clock }),
        topicRoutes(new FeedTopics({ database, clock })),
        eventStreamRoutes({ streams: modules.eventStreams, course: modules.streamCourse, clock }),
        attemptRoutes({ database, streams: modules.eventStreams }),
        privacyRoutes(privacy),
      ],
      checks: { database: () => database.rows({ name: 'health', text: 'select 1' }) },
    });
    closers.add('the HTTP server', () => server.close());
    return server.listen({ host: config.host, ...reserved });
  }
}

/** What a browser on this machine can reach when the server listens everywhere. */
function reachableHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
