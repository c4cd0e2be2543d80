import type { IFlattenedRuleSet } from 'dependency-cruiser';
import { MODULE_ORDER, MODULES, SERVER } from './module-order.ts';

const TESTS = String.raw`(\.test\.ts$|/fixtures/)`;

/** The direction of dependencies, in dependency-cruiser's words. */
export const rules = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea, or hide a third one that both need.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'imports-resolve',
      comment: 'What is imported exists.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'wire-stands-alone',
      comment: 'wire runs in Node, a page and a service worker: nothing else of ours.',
      severity: 'error',
      from: { path: '^packages/wire/src/', pathNot: TESTS },
      to: { path: '^(packages/(?!wire/)|bench/|chaos/|conformance/|examples/|tools/)' },
    },
    {
      name: 'wire-knows-no-node',
      comment: 'wire runs in Node, a page and a service worker: nothing of Node.',
      severity: 'error',
      from: { path: '^packages/wire/src/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'meet-the-server-in-wire',
      comment: 'Clients, the connector and the browser packages know the server by its wire only.',
      severity: 'error',
      from: { path: '^packages/(client|connector|dashboard|journey-files|web-sdk)/src/', pathNot: TESTS },
      to: { path: '^packages/(server|test-kit)/' },
    },
    {
      name: 'client-knows-wire-only',
      comment: 'The client is small: wire, and nothing else of ours.',
      severity: 'error',
      from: { path: '^packages/client/src/', pathNot: TESTS },
      to: { path: '^packages/(?!(client|wire)/)' },
    },
    {
      name: 'fake-stands-alone',
      comment: 'The OneSignal fake judges us: it must not share our reading of the wire.',
      severity: 'error',
      from: { path: '^packages/onesignal-fake/src/' },
      to: { path: '^packages/(?!onesignal-fake/)' },
    },
    {
      name: 'fake-is-for-tests',
      comment: 'What ships never depends on the OneSignal fake.',
      severity: 'error',
      from: { path: '^packages/(?!onesignal-fake/)', pathNot: TESTS },
      to: { path: '^packages/onesignal-fake/' },
    },
    {
      name: 'server-knows-no-client',
      comment:
        'The server speaks wire; it does not call itself and knows no connector. main.ts hands the command over.',
      severity: 'error',
      from: { path: `^${SERVER}/`, pathNot: [TESTS, `^${SERVER}/main\\.ts$`] },
      to: { path: '^packages/(?!(server|wire)/)' },
    },
    {
      name: 'test-kit-is-for-tests',
      comment: 'What ships never depends on the test-kit.',
      severity: 'error',
      from: { path: '^packages/(?!test-kit/)', pathNot: TESTS },
      to: { path: '^packages/test-kit/' },
    },
    {
      name: 'platform-knows-no-module',
      comment: 'platform knows no domain word.',
      severity: 'error',
      from: { path: `^${SERVER}/platform/`, pathNot: TESTS },
      to: { path: `^${SERVER}/(?!platform/)` },
    },
    {
      name: 'modules-know-no-process',
      comment: 'api, worker and main compose the modules; a module does not know how it is run.',
      severity: 'error',
      from: { path: `^${MODULES}/`, pathNot: TESTS },
      to: { path: `^${SERVER}/(?!platform/|modules/)` },
    },
    ...MODULE_ORDER.slice(0, -1).map((name, place) => ({
      name: `${name}-comes-before`,
      comment: `A module uses those before it; ${name} is before the one it imports. News travels up as an event.`,
      severity: 'error' as const,
      from: { path: `^${MODULES}/${name}/`, pathNot: TESTS },
      to: { path: `^${MODULES}/(${MODULE_ORDER.slice(place + 1).join('|')})/` },
    })),
  ],
} satisfies IFlattenedRuleSet;
