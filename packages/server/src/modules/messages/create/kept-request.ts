import type { CreateMessageBody } from '@carillon/wire';

/** What is kept of a request for reading back: under the present names, and no address. */
export function keptRequest({
  email_to: _emails,
  include_email_tokens: _tokens,
  include_player_ids: players,
  include_external_user_ids: externals,
  ...body
}: CreateMessageBody): CreateMessageBody {
  return {
    ...body,
    ...(players !== undefined && { include_subscription_ids: players }),
    ...(externals !== undefined && { include_aliases: { external_id: externals } }),
  };
}
