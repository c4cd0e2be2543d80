import { Type } from 'typebox';
import { ApiError } from '../../../../platform/http/api-error.ts';
import type { Routes } from '../../../../platform/http/route.ts';
import { localOnly } from './local-only.ts';
import type { KeptMessage, MessageBox } from './message-box.ts';
import type { PersonActions } from './person-actions.ts';

export interface ActionRoutesOptions {
  readonly box: MessageBox;
  readonly actions: PersonActions;
  /** True: everyone who reaches the server may act. */
  readonly openToAll: boolean;
}

const params = Type.Object({ id: Type.String({ pattern: '^\\d{1,15}$' }) });
const success = Type.Object({ success: Type.Boolean() });
const reply = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: 1_600, description: 'What the person texts: STOP.' }) },
  { additionalProperties: false },
);

const DONE_AT_ONCE = {
  show: 'Have a device tell that it has shown a push',
  click: 'Click or tap a push',
  uninstall: 'Uninstall the app from the device, or end the browser’s subscription',
  complain: 'Report a mail as spam',
} as const;

/** `POST /sandbox/messages/{id}/{show, click, uninstall, complain, reply}`: what the person at the other end does. */
export function sandboxActionRoutes({ box, actions, openToAll }: ActionRoutesOptions): Routes {
  const find = async (id: string): Promise<KeptMessage> => {
    const message = await box.find(Number(id));
    if (message === null) throw new ApiError('sandbox-message-not-found', { params: { id } });
    return message;
  };
  const config = { access: 'public', rate: 'unlimited', pages: 'own' } as const;
  const common = { config, onRequest: openToAll ? [] : [localOnly] };
  return (http) => {
    for (const action of ['show', 'click', 'uninstall', 'complain'] as const) {
      http.post(
        `/sandbox/messages/:id/${action}`,
        { ...common, schema: { summary: DONE_AT_ONCE[action], params, response: { 200: success } } },
        async ({ params: { id } }) => {
          await actions[action](await find(id));
          return { success: true };
        },
      );
    }
    http.post(
      '/sandbox/messages/:id/reply',
      {
        ...common,
        schema: { summary: 'Text back to a text message', params, body: reply, response: { 200: success } },
      },
      async ({ params: { id }, body }) => {
        await actions.reply(await find(id), body.text);
        return { success: true };
      },
    );
  };
}
