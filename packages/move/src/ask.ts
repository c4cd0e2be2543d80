import { describeFailure } from '@carillon/client';
import type { Answer } from '@carillon/client';
import { kindOfStop, MoveStopped } from './fault.ts';
import type { Side } from './fault.ts';

/** The value of a call that has to succeed. Throws MoveStopped. */
export async function ask<Value>(side: Side, call: Promise<Answer<Value>>): Promise<Value> {
  const answer = await call;
  if (answer.ok) return answer.value;
  throw new MoveStopped(side, describeFailure(answer.failure), kindOfStop(answer.failure));
}

/** The value, or why the server does not take or show this one thing. Throws MoveStopped for all that is not about it. */
export async function askWhether<Value>(
  side: Side,
  call: Promise<Answer<Value>>,
): Promise<{ readonly value: Value } | { readonly refusal: string }> {
  const answer = await call;
  if (answer.ok) return { value: answer.value };
  const { failure } = answer;
  if (failure.kind !== 'invalid' && failure.kind !== 'conflict' && failure.kind !== 'not-found') {
    throw new MoveStopped(side, describeFailure(failure), kindOfStop(failure));
  }
  const said = failure.errors.map(({ title }) => title).join('; ');
  return { refusal: said === '' ? describeFailure(failure) : said };
}
