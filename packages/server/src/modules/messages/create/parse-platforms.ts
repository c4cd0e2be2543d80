import type { Channel, PlatformFlags } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { typesOfFlags } from '../../audience/index.ts';
import type { Condition } from '../../audience/index.ts';

/** The flags of platforms, and those that name a channel which is not push. */
export interface PlatformFields extends PlatformFlags {
  readonly isEmail?: boolean | null | undefined;
  readonly isSms?: boolean | null | undefined;
}

/**
 * The flags that are true leave out the platforms of the others. Throws ApiError when one of them belongs to
 * another channel than the message.
 */
export function parsePlatforms(body: PlatformFields, channel: Channel): readonly Condition[] {
  const types = typesOfFlags(body);
  const named = [
    ...(types === null ? [] : ['push']),
    ...(body.isEmail === true ? ['email'] : []),
    ...(body.isSms === true ? ['sms'] : []),
  ];
  if (named.some((one) => one !== channel)) throw new ApiError('message-channels');
  return types === null ? [] : [{ kind: 'type', types, not: false }];
}
