import type { FactSources, Identity } from '@carillon/server';

/** What journeys of these tests ask of others: every template says the same, nobody is in a segment, every webhook takes calls. */
export function plainFacts(identity: Identity, contentId: string): FactSources {
  return {
    identity,
    contents: { contentIdsOf: (_, ids) => Promise.resolve(new Map(ids.map((id) => [id, contentId]))) },
    memberships: {
      readMemberships: () => Promise.resolve(new Map()),
      readMembers: () => Promise.resolve([]),
      areReady: () => Promise.resolve(true),
    },
    messageActions: () => Promise.resolve(new Map()),
    webhooksOf: (_, ids) => Promise.resolve(new Set(ids)),
    rulesOf: () => Promise.resolve({ timeZone: 'UTC', tagLimit: 100 }),
  };
}
