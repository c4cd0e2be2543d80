import type { Answer, Client } from '@carillon/client';
import type { MessageItem } from '../model/outbox-item.ts';
import { deliveredOf } from './delivered-of.ts';
import { DONE } from './destination.ts';
import type { Delivered } from './destination.ts';
import type { TemplateNames } from './template-names.ts';

/** Calls until there is an answer that will not change. */
export type Persist = <Value>(call: () => Promise<Answer<Value>>) => Promise<Answer<Value>>;

/** Sends one message. Looking up a template and sending may each go at a pace of its own. */
export async function sendMessage(
  client: Client,
  templates: TemplateNames,
  message: MessageItem,
  persist: { readonly lookUp: Persist; readonly send: Persist },
  signal: AbortSignal,
): Promise<Delivered> {
  const known = templates.known(message.template);
  if (known === null) {
    const looked = await persist.lookUp(() => templates.find(message.template, signal));
    if (!looked.ok) return deliveredOf(looked);
    if (looked.value === null) {
      return { kind: 'rejected', rule: `there is no template named ${message.template}` };
    }
  }
  const body = {
    include_aliases: { external_id: [message.externalId] },
    target_channel: message.channel,
    template_id: known ?? templates.known(message.template) ?? message.template,
    custom_data: message.data,
    idempotency_key: message.id,
    name: message.name,
  };
  const answer = await persist.send(() => client.notifications.create(body, signal));
  if (!answer.ok) return deliveredOf(answer);
  // 200 with an empty id: nobody to send to.
  return answer.value.kind === 'accepted'
    ? DONE
    : { kind: 'no-recipients', reason: answer.value.reasons.join('; ') };
}
