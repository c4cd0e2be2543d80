import type { Scenario } from './scenario.ts';

/** Every scenario by the name it is run by: `npm run chaos -- NAME`. Loaded when it is asked for. */
export const scenarios: Readonly<Record<string, () => Promise<Scenario>>> = {
  connector: async () => (await import('./connector/connector.ts')).connector,
  'connector-consent': async () => (await import('./connector-consent/consent.ts')).connectorConsent,
  'connector-storm': async () => (await import('./connector-storm/connector-storm.ts')).connectorStorm,
  identity: async () => (await import('./identity/identity.ts')).identity,
  journeys: async () => (await import('./journeys/journeys.ts')).journeys,
  import: async () => (await import('./import/import.ts')).importScenario,
  lanes: async () => (await import('./lanes/lanes.ts')).lanes,
  sends: async () => (await import('./sends/sends.ts')).sends,
  streams: async () => (await import('./streams/streams.ts')).streams,
  webhooks: async () => (await import('./webhooks/webhooks.ts')).webhooks,
  'sends-push': async () => (await import('./sends/sends.ts')).sendsPush,
  'sends-sms': async () => (await import('./sends/sends.ts')).sendsSms,
};
