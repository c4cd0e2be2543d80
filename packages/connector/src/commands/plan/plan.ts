import { ConfigInvalid } from '../../config/config-invalid.ts';
import { loadConfig } from '../../config/load-config.ts';
import { EXIT } from '../exit-code.ts';
import { describePlan } from './describe-plan.ts';
import { runPlan } from './run-plan.ts';

/** `plan`: shows what would be sent; personal data in the samples, because that is what was asked for. */
export async function plan(options: {
  readonly config: string;
  readonly json: boolean;
  readonly sample: string;
  readonly exitCode: boolean;
}): Promise<number> {
  const sample = Number(options.sample);
  if (!Number.isInteger(sample) || sample < 0) {
    throw new ConfigInvalid('--sample', `is a whole number, 0 or more; it is "${options.sample}"`);
  }
  const found = await runPlan(await loadConfig(options.config), sample);
  process.stdout.write(`${options.json ? JSON.stringify(found) : describePlan(found)}\n`);
  const due = found.triggers.reduce((all, trigger) => all + trigger.due, 0);
  const changes = found.fresh + found.changed + (found.onDelete === 'ignore' ? 0 : found.gone) + due;
  return options.exitCode && changes > 0 ? EXIT.planFoundChanges : EXIT.done;
}
