import { oneOfKinds } from '../../../platform/http/one-of-kinds.ts';
import { streamBodies } from './targets/stream-target.ts';

/** PUT /apps/{app_id}/event_streams/{name} */
export const eventStreamBody = oneOfKinds(streamBodies);
