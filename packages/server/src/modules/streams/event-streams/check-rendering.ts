import { invalidField } from '../../../platform/http/invalid-field.ts';
import type { RenderedTexts } from '../../webhooks/index.ts';
import { objectsOf } from '../facts/event-objects.ts';
import { sampleEvent } from './sample-event.ts';
import type { StreamTarget } from './targets/stream-target.ts';

export type RenderSample = (
  templates: readonly string[],
  scopes: readonly object[],
) => Promise<RenderedTexts[]>;

/**
 * Renders the body of a webhook for an event that is made up, and refuses what cannot be rendered, or is not JSON though
 * it says so. Throws ApiError `request-invalid` that names `body`.
 */
export async function checkRendering(
  render: RenderSample,
  target: StreamTarget,
  appId: string,
  now: number,
): Promise<void> {
  if (target.kind !== 'webhook' || target.body === null) return;
  const { event } = sampleEvent('message.email.opened', now);
  const [rendered] = await render([target.body], [objectsOf(appId, event, undefined, undefined)]);
  if (rendered === undefined) throw new Error('nothing came of a rendering');
  if (!rendered.ok) throw invalidField('body', `must be Liquid that can be rendered: ${rendered.reason}`);
  const type = Object.entries(target.headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  if (type !== undefined && !/json/i.test(type)) return;
  try {
    JSON.parse(rendered.texts[0] ?? '');
  } catch (error) {
    throw invalidField(
      'body',
      `must make JSON, or headers must have another content-type: for an event that is made up, ${(error as Error).message}`,
    );
  }
}
