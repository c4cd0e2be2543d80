import type { FakeTemplate } from '../app/app.ts';
import { textOf } from '../call.ts';
import type { Call } from '../call.ts';
import { basic, ok } from '../reply.ts';
import type { Json, Reply } from '../reply.ts';

const MOST = 50;

const KEYS: ReadonlySet<string> = new Set([
  'isAndroid',
  'isIos',
  'isMacOSX',
  'isAdm',
  'isAlexa',
  'isWP',
  'isWP_WNS',
  'isChrome',
  'isChromeWeb',
  'isSafari',
  'isFirefox',
  'isEdge',
  'isHuawei',
  'headings',
  'subtitle',
  'contents',
  'global_image',
  'url',
  'isEmail',
  'email_body',
  'email_subject',
  'email_preheader',
  'email_from_address',
  'email_from_name',
  'email_reply_to_address',
  'email_bcc',
  'disable_email_click_tracking',
  'isSMS',
  'sms_from',
  'sms_media_urls',
  'huawei_badge_add_num',
  'huawei_badge_class',
  'huawei_badge_set_num',
]);

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
  return found === undefined ? basic(404, 'template not found') : ok(200, whole(found));
}

/** `POST /templates` */
export function createTemplate({ app, body, now }: Call): Reply {
  const name = textOf(body['name']) ?? '';
  const channel = body['isEmail'] === true ? 'email' : body['isSMS'] === true ? 'sms' : 'push';
  if (channel === 'email' && body['email_body'] === undefined)
    return ok(400, { success: false, errors: ["'message' Email body can not be blank"] });
  if (name === '') return ok(400, { success: false, errors: ['name is required'] });
  const content = Object.fromEntries(Object.entries(body).filter(([key]) => KEYS.has(key)));
  return ok(200, whole(app.addTemplate({ name, channel, content }, now)));
}

/** Every documented member of a content is there, null where it says nothing. */
function whole(template: FakeTemplate): Json {
  const nothing = Object.fromEntries([...KEYS].map((key) => [key, null]));
  const channel = template.channel === 'sms' ? 'SMS' : template.channel;
  return { ...view(template), channel, content: { ...nothing, ...template.content } };
}

function view({ id, name, createdAt }: FakeTemplate): Json {
  return { id, name, created_at: createdAt, updated_at: createdAt };
}
