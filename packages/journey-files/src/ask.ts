import { describeFailure } from '@carillon/client';
import type { Answer } from '@carillon/client';
import { ServerFailed } from './fault.ts';

/** The value of a call that has to succeed. Throws ServerFailed. */
export async function ask<Value>(call: Promise<Answer<Value>>): Promise<Value> {
  const answer = await call;
  if (answer.ok) return answer.value;
  const { failure } = answer;
  throw new ServerFailed(`the server: ${describeFailure(failure)}`, failure.kind === 'unauthorized');
}
