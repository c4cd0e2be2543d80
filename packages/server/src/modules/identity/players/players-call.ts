import type { Principal } from '../../../platform/http/route.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { sourceOf } from '../change-source.ts';
import type { ChangeSource } from '../change-source.ts';

/** Who asks, and about which app. */
export interface PlayersCall {
  readonly appId: string;
  readonly source: ChangeSource;
}

/** Some old clients name no app, because their key does. Throws ApiError `app-id-missing`. */
export function playersCall({
  appId,
  principal,
}: {
  readonly appId: string;
  readonly principal: Principal;
}): PlayersCall {
  if (appId === '') throw new ApiError('app-id-missing');
  return { appId, source: { ...sourceOf(principal), way: 'players' } };
}
