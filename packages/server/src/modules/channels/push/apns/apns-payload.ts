import type { Envelope } from '../../channel.ts';
import { customDataOf, shortButtonsOf } from '../custom-data.ts';
import type { CustomData, ShortButton } from '../custom-data.ts';
import type { RenderedPush } from '../rendered-push.ts';

type Fields = RenderedPush['fields'];

/** The JSON that a device gets, as its SDK and the system read it. What is undefined is left out of it. */
export interface ApnsPayload {
  readonly aps: {
    readonly alert: Readonly<Record<string, unknown>> | undefined;
    readonly badge: number | undefined;
    readonly sound: string | { critical: 1; name: string; volume: 1 } | undefined;
    readonly category: string | undefined;
    readonly 'thread-id': string | undefined;
    readonly 'content-available': 1 | undefined;
    readonly 'mutable-content': 1 | undefined;
    readonly 'interruption-level': string | undefined;
    readonly 'relevance-score': number | undefined;
    readonly 'target-content-id': string | undefined;
  };
  readonly custom: CustomData & {
    /** What the app's extension adds to the badge. */
    readonly badge_inc: number | undefined;
    readonly collapse_id: string | undefined;
  };
  /** Pictures by id. */
  readonly att: Readonly<Record<string, string>> | undefined;
  readonly buttons: readonly ShortButton[] | undefined;
}

/**
 * Whatever shows something is `mutable-content`: the app's extension then fetches pictures, counts the badge and
 * tells that the message has come. The request's `mutable_content` cannot turn that off.
 */
export function apnsPayloadOf(envelope: Envelope<RenderedPush>): ApnsPayload {
  const { content } = envelope;
  const { fields } = content;
  const alert = alertOf(content);
  const isShown = alert !== undefined;
  return {
    aps: {
      alert,
      badge: fields.ios_badgeType === 'SetTo' ? fields.ios_badgeCount : undefined,
      sound: soundOf(fields, isShown),
      category: fields.ios_category,
      'thread-id': fields.thread_id,
      'content-available': fields.content_available === true ? 1 : undefined,
      'mutable-content': isShown ? 1 : undefined,
      'interruption-level': fields.ios_interruption_level?.replace('_', '-'),
      'relevance-score': fields.ios_relevance_score,
      'target-content-id': fields.target_content_identifier,
    },
    custom: {
      ...customDataOf(envelope),
      badge_inc: fields.ios_badgeType === 'Increase' ? fields.ios_badgeCount : undefined,
      collapse_id: fields.collapse_id,
    },
    att: attachmentsOf(fields),
    buttons: shortButtonsOf(content),
  };
}

/** True when it only wakes the app: nothing is shown, played or counted. */
export function isSilent({ aps }: ApnsPayload): boolean {
  return aps.alert === undefined && aps.sound === undefined && aps.badge === undefined;
}

/** The members of `apns_alert`, such as `loc-key`, stand beside the words and win over them. */
function alertOf({ title, subtitle, body, fields }: RenderedPush): ApnsPayload['aps']['alert'] {
  const { apns_alert: more, summary_arg: about, summary_arg_count: count } = fields;
  const isSilent = title === null && subtitle === null && body === null;
  if (isSilent && Object.keys(more ?? {}).length === 0) return undefined;
  return {
    title: title ?? undefined,
    subtitle: subtitle ?? undefined,
    body: body ?? undefined,
    ...more,
    'summary-arg': about,
    'summary-arg-count': count,
  };
}

/** `nil` is silence. What is critical sounds also where the device is muted, which only the long form says. */
function soundOf(
  { ios_sound: sound, ios_interruption_level: level }: Fields,
  isShown: boolean,
): ApnsPayload['aps']['sound'] {
  if (sound === 'nil' || (sound === undefined && !isShown)) return undefined;
  const name = sound ?? 'default';
  return level === 'critical' ? { critical: 1, name, volume: 1 } : name;
}

function attachmentsOf({ ios_attachments: own, global_image: image }: Fields): ApnsPayload['att'] {
  return own ?? (image === undefined ? undefined : { image });
}
