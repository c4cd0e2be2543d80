import type { SenderVerdict, TextToJudge } from '../../channels/index.ts';
import { ownerOf } from '../delivery.ts';
import type { Delivery } from '../delivery.ts';
import type { PlanPage } from './plan-page.ts';

export type JudgeSenders = (text: TextToJudge) => Promise<ReadonlyMap<string, SenderVerdict>>;

/** Plans a page of texts without those who have opted out of the numbers that it may go from. */
export function holdOptedOut(judge: JudgeSenders, plan: PlanPage): PlanPage {
  return async (message, recipients, tried) => {
    const { appId, content } = message;
    if (content.channel !== 'sms' || recipients.length === 0) return plan(message, recipients, tried);
    const numbers = recipients.map(({ token }) => token);
    const verdicts = await judge({ appId, from: content.from, numbers });
    if (verdicts.size === 0) return plan(message, recipients, tried);
    const held: Delivery[] = [];
    const rest = recipients.filter((recipient) => {
      const verdict = verdicts.get(recipient.token);
      if (verdict?.kind !== 'held') return true;
      const attempts = tried.get(recipient.subscriptionId) ?? 0;
      const { reason } = verdict;
      held.push({ ...ownerOf(recipient), state: 'suppressed', reason, ref: null, attempts });
      return false;
    });
    const planned = await plan(message, rest, tried);
    return { ...planned, ended: [...planned.ended, ...held] };
  };
}
