export { Database, asJson, statement } from './platform/database/database.ts';
export type { DatabaseOptions, Queryable, Statement } from './platform/database/database.ts';
export { readSchema } from './platform/database/schema-store.ts';
export { configurationReference } from './platform/config/index.ts';
export { errorReference } from './platform/http/error-reference.ts';
export { migrate } from './platform/database/migrate.ts';
export { systemClock } from './platform/clock.ts';
export type { Clock, Timer } from './platform/clock.ts';
export { connectHints } from './platform/database/hints.ts';
export type { Hints } from './platform/database/hints.ts';
export { EmbeddedPostgresCannotRun, startEmbeddedPostgres } from './platform/embedded-postgres/index.ts';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './platform/embedded-postgres/index.ts';
export { createLog } from './platform/log.ts';
export type { Logger } from './platform/log.ts';
export { Lanes, appendInbox, fence, fenceOf, openLaneDatabase, readInbox } from './modules/lanes/index.ts';
export type { BatchResult, LaneWorker, LanesOptions, OwnedLanes } from './modules/lanes/index.ts';
export { SegmentWatches } from './modules/segments/index.ts';
export { Partitions } from './platform/database/partitions.ts';
export { CustomEvents, NameTallies, customEventsRoutes } from './modules/events/index.ts';
export type { CustomEventsOptions } from './modules/events/index.ts';
export {
  JourneyBook,
  JourneyStore,
  JourneyWorker,
  Journeys,
  journeysRoutes,
} from './modules/journeys/index.ts';
export type { FactSources, JourneyWorkerOptions, JourneysOptions } from './modules/journeys/index.ts';
export { ConfigurationError, loadConfig, summaryOf } from './platform/config/index.ts';
export type { Config } from './platform/config/index.ts';
export { startCarillon } from './start/start.ts';
export type { Carillon, StartOptions } from './start/start.ts';
export {
  Channels,
  EmailChannel,
  PushComposer,
  Sandbox,
  SmsChannel,
  StatusLinks,
  Tracker,
  VapidTokens,
  WebPushChannel,
  makeVapidKeys,
  startCountingReceiver,
  startSmppReceiver,
  startPushService,
  startSmtpReceiver,
} from './modules/channels/index.ts';
export type {
  ArrivedPush,
  CountingReceiver,
  Envelope,
  PushService,
  RenderedEmail,
  RenderedSms,
  SmppSettings,
  RenderedPush,
  SmtpReceiver,
  SmtpSettings,
  VapidKeys,
} from './modules/channels/index.ts';
export { SecretBox, TokenSigner } from './platform/crypto/index.ts';
export { Identity, findBrokenRules } from './modules/identity/index.ts';
export type { BrokenRule } from './modules/identity/index.ts';
export { createRenderer } from './modules/messages/index.ts';
export type { Renderer, RenderJob, RenderResult } from './modules/messages/index.ts';
export { createContext, createLimits, createLiquid, parseLiquid } from './platform/liquid/index.ts';
export { startSender } from './start/start-sender.ts';
export type { RunningSender } from './start/start-sender.ts';
export { parseMasterKeys } from './platform/crypto/index.ts';
export { readMessageId } from './modules/channels/index.ts';
export { textFromHtml } from './modules/channels/index.ts';
export {
  ApnsChannel,
  FcmChannel,
  sandboxApnsSettings,
  sandboxFcmSettings,
  startApnsReceiver,
  startFcmReceiver,
} from './modules/channels/index.ts';
export type { DevicePush } from './modules/channels/index.ts';
export { startWebhooks } from './start/start-webhooks.ts';
export { startStreams } from './start/start-streams.ts';
export type { RunningStreams } from './start/start-streams.ts';
