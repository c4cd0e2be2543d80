import { loadConfig } from '../../config/load-config.ts';
import { EXIT } from '../exit-code.ts';
import { runCheck } from './run-check.ts';

const MARKS = { good: 'ok  ', warning: 'warn', refused: 'FAIL' } as const;

export async function check({ config, json }: { config: string; json: boolean }): Promise<number> {
  const findings = await runCheck(await loadConfig(config));
  for (const finding of findings) {
    const { what, state, detail, fix } = finding;
    const line = `${MARKS[state]}  ${what.padEnd(24)} ${detail}${fix === null ? '' : `\n      -> ${fix}`}`;
    process.stdout.write(`${json ? JSON.stringify(finding) : line}\n`);
  }
  return findings.some(({ state }) => state === 'refused') ? EXIT.configInvalid : EXIT.done;
}
