import type { Suppressions } from '../../channels/index.ts';
import { suppressedForm } from '../../channels/index.ts';
import { ownerOf } from '../delivery.ts';
import type { Delivery } from '../delivery.ts';
import type { PlanPage } from './plan-page.ts';

const REASONS = {
  bounce: 'the address is on the suppression list: a mail to it bounced',
  complaint: 'the address is on the suppression list: a mail to it was reported as spam',
  manual: 'the address is on the suppression list',
} as const;

/** Plans a page without those whose address gets no email from the app: they end before anything else is asked. */
export function holdSuppressed(suppressions: Pick<Suppressions, 'of'>, plan: PlanPage): PlanPage {
  return async (message, recipients, tried) => {
    if (message.channel !== 'email' || recipients.length === 0) return plan(message, recipients, tried);
    const reasons = await suppressions.of(
      message.appId,
      recipients.map(({ token }) => token),
    );
    if (reasons.size === 0) return plan(message, recipients, tried);
    const held: Delivery[] = [];
    const rest = recipients.filter((recipient) => {
      const reason = reasons.get(suppressedForm(recipient.token));
      if (reason === undefined) return true;
      const attempts = tried.get(recipient.subscriptionId) ?? 0;
      held.push({ ...ownerOf(recipient), state: 'suppressed', reason: REASONS[reason], ref: null, attempts });
      return false;
    });
    const planned = await plan(message, rest, tried);
    return { ...planned, ended: [...planned.ended, ...held] };
  };
}
