import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Hints } from '../../platform/database/hints.ts';
import type { Partitions } from '../../platform/database/partitions.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { AT_ANY_TIME } from '../accounts/index.ts';
import type { SendingPolicy } from '../accounts/index.ts';
import type { Identity, UserPlace } from '../identity/index.ts';
import { ContentCache } from '../templates/index.ts';
import type { Content } from '../templates/index.ts';
import { AbTests } from './ab-tests/ab-tests.ts';
import { AbTestDecider } from './ab-tests/decider.ts';
import type { AudienceGuard } from './create/audience-guard.ts';
import { MessageCreator } from './create/message-creator.ts';
import { Circuits } from './send/circuits.ts';
import type { Deliverer } from './send/deliverer.ts';
import { MessageCache } from './send/message-cache.ts';
import { PageFlow } from './send/page-flow.ts';
import type { PageFlowOptions } from './send/page-flow.ts';
import { Sender } from './send/sender.ts';
import { Strides } from './send/strides.ts';
import { createPlanner } from './timing/plan-page.ts';

export interface SendingProcessOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly hints: Hints;
  readonly partitions: Partitions;
  readonly identity: Identity;
  readonly deliver: Deliverer['deliver'];
  readonly leaseMs: number;
  readonly pageSize: number;
  readonly lookedAt?: number;
  readonly mostRecipients?: number;
  readonly provider?: NonNullable<PageFlowOptions['provider']>;
  readonly circuits?: Circuits;
  readonly guard?: AudienceGuard;
  /** When the messages of all apps may go; at any time when absent. */
  readonly policy?: SendingPolicy;
  /** Accepts only, and leaves the sending to others. */
  readonly onlyAccepts?: boolean;
}

/** For tests: what one process has of this module, without templates and channels. */
export function composeSendingProcess(options: SendingProcessOptions): {
  readonly sender: Sender;
  readonly creator: MessageCreator;
  readonly abTests: AbTests;
  readonly decider: AbTestDecider;
} {
  const { database, onlyAccepts = false, circuits = new Circuits() } = options;
  const contents = new ContentCache(database);
  const owner = newId();
  const sendingPolicy = async () => options.policy ?? AT_ANY_TIME;
  const lastActive = (users: readonly UserPlace[]) => options.identity.lastActive(users);
  const plan = createPlanner({ ...options, sendingPolicy, lastActive });
  const strides = new Strides(options.clock, { page: options.pageSize });
  const flow = new PageFlow({ ...options, strides, plan, onClosed: () => undefined });
  const messages = new MessageCache(database, contents);
  const sender = new Sender({
    ...options,
    circuits,
    log: createLog({ level: 'silent' }),
    flow,
    messages,
    owner,
  });
  const wakeSenders = () => options.hints.give('senders');
  const accepting = {
    ...options,
    contents,
    findTemplate: async () => null,
    admitContent: async (content: Content) => content,
    hasDataFeed: async () => false,
    sendingPolicy,
    wakeSenders,
    outcomeOfMessages: async () => new Map(),
  };
  const creator = new MessageCreator({ ...accepting, owner, sender: onlyAccepts ? null : sender });
  const abTests = new AbTests({
    ...accepting,
    savedSegments: async () => new Map(),
    wakeDeciders: () => options.hints.give('ab-tests'),
  });
  const decider = new AbTestDecider({ ...accepting, log: createLog({ level: 'silent' }) });
  return { sender, creator, abTests, decider };
}
