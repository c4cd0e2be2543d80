import type { CreateMessageAnswer } from '@carillon/wire';
import type { Targets } from './find-targets.ts';
import type { MessageDraft } from './parse-message.ts';

/** What the caller is told. `id` comes back empty when nobody can be reached: nothing is sent then. */
export function answerFor(
  { reachable, unsubscribed }: Targets,
  { idempotencyKey: key, body, targeting }: Pick<MessageDraft, 'idempotencyKey' | 'body' | 'targeting'>,
  id: string,
): CreateMessageAnswer {
  const warnings = targeting.kind === 'audience' ? targeting.warnings : [];
  const warned = warnings.length > 0 && { warnings: [...warnings] };
  if (reachable === 0) {
    return { id: '', external_id: key, errors: ['All included players are not subscribed'], ...warned };
  }
  const { aliases, subscriptionIds, emails, phones } = unsubscribed;
  const external = body.include_external_user_ids === undefined ? null : (aliases['external_id'] ?? []);
  const errors = {
    ...(external === null && Object.keys(aliases).length > 0 && { invalid_aliases: copyOf(aliases) }),
    ...(external !== null && external.length > 0 && { invalid_external_user_ids: [...external] }),
    ...(subscriptionIds.length > 0 && { invalid_player_ids: [...subscriptionIds] }),
    ...(emails.length > 0 && { invalid_email_tokens: [...emails] }),
    ...(phones.length > 0 && { invalid_phone_numbers: [...phones] }),
  };
  return { id, external_id: key, ...warned, ...(Object.keys(errors).length > 0 && { errors }) };
}

function copyOf(aliases: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(aliases).map(([label, values]) => [label, [...values]]));
}
