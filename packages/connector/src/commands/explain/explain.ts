import { loadConfig } from '../../config/load-config.ts';
import { EXIT } from '../exit-code.ts';
import { describeExplanation } from './describe-explanation.ts';
import { explainUser } from './explain-user.ts';

/** `explain ID`: personal data is shown, because that is what was asked for. */
export async function explain(options: {
  readonly config: string;
  readonly json: boolean;
  readonly id: string;
}): Promise<number> {
  const found = await explainUser(await loadConfig(options.config), options.id);
  process.stdout.write(`${options.json ? JSON.stringify(found) : describeExplanation(found, Date.now())}\n`);
  return found.verdict === 'refused' || found.complaints.length > 0 ? EXIT.rejectedRows : EXIT.done;
}
