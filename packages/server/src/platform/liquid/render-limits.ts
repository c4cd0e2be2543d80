import { Context, RenderError } from 'liquidjs';
import type { Liquid } from 'liquidjs';
import { NOW } from './date-filter.ts';

const LONGEST_MS = 100;

/** Characters and list items that filters and tags may produce. */
const MOST_MEMORY = 1e7;

export type LimitKind = 'time' | 'memory';

class OverLimit extends Error {
  readonly kind: LimitKind;

  constructor(kind: LimitKind) {
    super(`${kind} limit exceeded`);
    this.kind = kind;
  }
}

/**
 * What `Context` asks for the memory: liquidjs's own limiter, whose error says nothing that a program
 * can read.
 */
class MemoryLimit {
  #used = 0;

  /** Adds to what is used. Templates choose the count, so it may be anything. */
  use(count: number): void {
    if (!(count > 0)) return;
    this.#used += count;
    if (this.#used > MOST_MEMORY) throw new OverLimit('memory');
  }
}

/**
 * What `Context` asks for the time. A busy machine can keep a process waiting for longer than any
 * template takes, so when the time on the wall is over, the time on the processor is what counts.
 */
class TimeLimit {
  #askAgainAt = performance.now() + LONGEST_MS;
  #usedBefore: number | undefined;

  /** `now` as `performance.now()` has it. */
  check(now: number): void {
    if (now <= this.#askAgainAt) return;
    const { user, system } = process.cpuUsage();
    const used = (user + system) / 1000;
    this.#usedBefore ??= used;
    if (used - this.#usedBefore > LONGEST_MS) throw new OverLimit('time');
    this.#askAgainAt = now + LONGEST_MS / 10;
  }
}

export interface RenderLimits {
  readonly renderLimit: TimeLimit;
  readonly memoryLimit: MemoryLimit;
}

/** Limits of what is rendered for one person, in however many templates. */
export function createLimits(): RenderLimits {
  return { renderLimit: new TimeLimit(), memoryLimit: new MemoryLimit() };
}

/** Where one template is rendered: what it sees, what time it is, and what it may use. */
export function createContext(liquid: Liquid, scope: object, now: number, limits: RenderLimits): Context {
  type Limiters = NonNullable<ConstructorParameters<typeof Context>[3]>;
  // Their class has private members, so ours can be one of them only by a cast.
  const means = { ...limits, liquid } as unknown as Limiters;
  // A copy, because `increment` writes into it.
  const context = new Context({ ...scope }, liquid.options, { sync: true }, means);
  context.setRegister(NOW, now);
  return context;
}

/** Which limit a rendering ran into, or null for any other error. */
export function limitReached(error: unknown): LimitKind | null {
  const cause = error instanceof RenderError ? error.originalError : error;
  if (cause instanceof OverLimit) return cause.kind;
  // V8's own limits: the longest string, the longest array, the stack.
  return cause instanceof RangeError ? 'memory' : null;
}
