import { loadConfig } from '../config/load-config.ts';
import { EXIT } from './exit-code.ts';
import { runPlan } from './run-plan.ts';
import type { Plan } from './run-plan.ts';

export async function plan(options: {
  readonly config: string;
  readonly json: boolean;
  readonly sample: number;
  readonly exitCode: boolean;
}): Promise<number> {
  const found = await runPlan(await loadConfig(options.config), options.sample);
  process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : describe(found));
  return options.exitCode && found.fresh + found.changed > 0 ? EXIT.planFoundChanges : EXIT.done;
}

function describe({ rows, fresh, changed, unchanged, rejects, sample }: Plan): string {
  const lines = [
    `users   ${rows} rows in model   ${fresh + changed} change   +${fresh} new  ~${changed} changed  ${unchanged} as acknowledged`,
    ...sample.map(
      ({ externalId, properties, subscriptions }) =>
        `        ${externalId}   ${JSON.stringify(properties)}   ${subscriptions.map(({ token, enabled }) => `${token}${enabled ? '' : ' (off)'}`).join(', ')}`,
    ),
    ...Object.entries(rejects).map(([rule, count]) => `        rejects ${count}   ${rule}`),
    'nothing was sent',
  ];
  return `${lines.join('\n')}\n`;
}
