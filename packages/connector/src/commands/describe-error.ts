import { redactText } from '../model/redact.ts';
import { SafetyLimit } from '../model/safety-limit.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';

/**
 * What a command failed with, for a person. `reveal` adds whom a safety limit met, and leaves what a
 * database quotes of its rows.
 */
export function describeError(error: unknown, reveal: boolean): string {
  const code = exitCodeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  const stack = code === EXIT.unexpected && error instanceof Error ? `\n${error.stack}` : '';
  // What the configuration says is no row's: an address in it is the server's.
  if (code === EXIT.configInvalid) return text;
  return `${reveal ? text : redactText(text)}${sampleOf(error, reveal)}${reveal ? stack : redactText(stack)}`;
}

function sampleOf(error: unknown, reveal: boolean): string {
  if (!(error instanceof SafetyLimit) || error.sample.length === 0) return '';
  return reveal
    ? ` The first of them: ${error.sample.join(', ')}.`
    : ' --reveal says who the first of them are.';
}
