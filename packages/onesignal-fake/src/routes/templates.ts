import type { FakeTemplate } from '../app/app.ts';
import { textOf } from '../call.ts';
import type { Call } from '../call.ts';
import { basic, ok } from '../reply.ts';
import type { Json, Reply } from '../reply.ts';

const MOST = 50;

/** `GET /templates` */
export function listTemplates({ app, query }: Call): Reply {
  const limit = Number(query.get('limit') ?? MOST);
  const offset = Number(query.get('offset') ?? 0);
  const channel = query.get('channel');
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    return basic(400, `Invalid limit, must be within 1 to ${MOST}`);
  if (channel !== null && !['push', 'email', 'sms'].includes(channel)) return basic(400, 'Invalid channel');
  const all = app.templates.filter((template) => channel === null || template.channel === channel);
  const templates = all.slice(offset, offset + limit).map(view);
  return ok(200, { limit, offset, templates, total_count: all.length });
}

/** `GET /templates/{id}` */
export function viewTemplate({ app }: Call, id: string): Reply {
  const found = app.templates.find((template) => template.id === id);
  return found === undefined
    ? basic(404, 'template not found')
    : ok(200, { ...view(found), channel: found.channel });
}

/** `POST /templates`: the name and the channel are kept, the content is not. */
export function createTemplate({ app, body, now }: Call): Reply {
  const name = textOf(body['name']) ?? '';
  const channel = body['isEmail'] === true ? 'email' : body['isSMS'] === true ? 'sms' : 'push';
  if (channel === 'email' && body['email_body'] === undefined)
    return ok(400, { success: false, errors: ["'message' Email body can not be blank"] });
  if (name === '') return ok(400, { success: false, errors: ['name is required'] });
  const template = app.addTemplate({ name, channel }, now);
  return ok(200, { ...view(template), channel });
}

function view({ id, name, createdAt }: FakeTemplate): Json {
  return { id, name, created_at: createdAt, updated_at: createdAt };
}
