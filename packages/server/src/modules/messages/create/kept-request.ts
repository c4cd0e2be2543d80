import type { CreateMessageBody, LiveActivity, ShownAttachment } from '@carillon/wire';
import { presentAttachment, readAttachment } from '../../templates/index.ts';

type KeptRequest = Omit<CreateMessageBody, 'email_attachments'> & {
  readonly email_attachments?: readonly ShownAttachment[];
  /** Which one: what it shows is content. */
  readonly live_activity?: Pick<LiveActivity, 'event' | 'activity_id'>;
};

/** What is kept of a request for reading back: under the present names, no address, and no bytes of files. */
export function keptRequest(
  {
    email_to: _emails,
    include_email_tokens: _tokens,
    include_phone_numbers: _phones,
    include_player_ids: players,
    include_external_user_ids: externals,
    email_attachments: attachments,
    ...body
  }: CreateMessageBody,
  liveActivity?: LiveActivity,
): KeptRequest {
  return {
    ...body,
    ...(liveActivity && {
      live_activity: { event: liveActivity.event, activity_id: liveActivity.activity_id },
    }),
    ...(attachments && { email_attachments: attachments.map(readAttachment).map(presentAttachment) }),
    ...(players !== undefined && { include_subscription_ids: players }),
    ...(externals !== undefined && { include_aliases: { external_id: externals } }),
  };
}
