import { listAt, textAt, valueAt } from '../../read-json.ts';
import { kindOfBounce } from '../reports/bounce-class.ts';
import type { EmailReport } from '../reports/email-report.ts';

type News = Pick<EmailReport, 'kind' | 'at' | 'reason' | 'url'>;

/** What an event of SES tells of its mail; null for what is no news. */
export function newsOfSes(event: unknown): News | null {
  // Notifications of an identity have another name for it than events of a configuration set.
  const type = textAt(event, 'eventType') || textAt(event, 'notificationType');
  const member = type.toLowerCase();
  const said = valueAt(event, member);
  const at = Date.parse(textAt(said, 'timestamp') || textAt(event, 'mail', 'timestamp'));
  if (Number.isNaN(at)) return null;
  switch (type) {
    case 'Delivery':
      return { kind: 'delivered', at };
    case 'Bounce':
      return bounceOf(said, at);
    case 'Complaint':
      // Somebody has taken a mail out of the spam folder: that is none.
      if (textAt(said, 'complaintFeedbackType') === 'not-spam') return null;
      return { kind: 'complained', at, reason: 'SES: reported as spam' };
    case 'Reject':
      return { kind: kindOfBounce('blocked'), at, reason: `SES: ${textAt(said, 'reason')}` };
    case 'Open':
      return { kind: 'opened', at };
    case 'Click':
      return { kind: 'clicked', at, url: textAt(said, 'link') };
    case 'Subscription':
      return valueAt(said, 'newTopicPreferences', 'unsubscribeAll') === true
        ? { kind: 'unsubscribed', at, reason: 'SES' }
        : null;
    default:
      return null;
  }
}

/** `Transient` and `Undetermined` say nothing of the address for good. */
function bounceOf(bounce: unknown, at: number): News {
  const [recipient] = listAt(bounce, 'bouncedRecipients');
  const kind = kindOfBounce(textAt(bounce, 'bounceType') === 'Permanent' ? 'hard' : 'soft');
  const reason = textAt(recipient, 'diagnosticCode') || `SES: ${textAt(bounce, 'bounceSubType')}`;
  return { kind, at, reason };
}
