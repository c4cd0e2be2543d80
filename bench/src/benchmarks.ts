import type { Benchmark } from './benchmark.ts';

/** Every benchmark by the name it is run by: `npm run bench -- NAME`. Loaded when it is asked for. */
export const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  apns: async () => (await import('./device-push/apns.ts')).apns,
  broadcast: async () => (await import('./broadcast/broadcast.ts')).broadcast,
  'connector-bulk': async () => (await import('./connector-bulk/connector-bulk.ts')).connectorBulk,
  'connector-catchup': async () =>
    (await import('./connector-catchup/connector-catchup.ts')).connectorCatchup,
  'connector-coalesce': async () =>
    (await import('./connector-coalesce/connector-coalesce.ts')).connectorCoalesce,
  'connector-diff': async () => (await import('./connector-diff/connector-diff.ts')).connectorDiff,
  'connector-holes': async () => (await import('./connector-holes/connector-holes.ts')).connectorHoles,
  'connector-latency': async () =>
    (await import('./connector-latency/connector-latency.ts')).connectorLatency,
  'connector-load': async () => (await import('./connector-load/connector-load.ts')).connectorLoad,
  'connector-outage': async () => (await import('./connector-outage/connector-outage.ts')).connectorOutage,
  'connector-return': async () => (await import('./connector-return/return.ts')).connectorReturn,
  email: async () => (await import('./email/email.ts')).email,
  events: async () => (await import('./events/events.ts')).events,
  export: async () => (await import('./export/export.ts')).exportBenchmark,
  fcm: async () => (await import('./device-push/fcm.ts')).fcm,
  import: async () => (await import('./import/import.ts')).importBenchmark,
  lanes: async () => (await import('./lanes/lanes.ts')).lanes,
  rendering: async () => (await import('./rendering/benchmark.ts')).benchmark,
  schedules: async () => (await import('./schedules/schedules.ts')).schedules,
  segments: async () => (await import('./segments/segments.ts')).segments,
  'sms-smpp': async () => (await import('./sms-smpp/sms-smpp.ts')).smsSmpp,
  streams: async () => (await import('./streams/streams.ts')).streams,
  'users-api': async () => (await import('./users-api/users-api.ts')).usersApi,
  timers: async () => (await import('./timers/timers.ts')).timers,
  transactional: async () => (await import('./transactional/transactional.ts')).transactional,
  'web-push': async () => (await import('./web-push/web-push.ts')).webPush,
  'users-bulk': async () => (await import('./users-bulk/users-bulk.ts')).usersBulk,
};
