import { invalidField } from '../../../../platform/http/invalid-field.ts';
import type { PostContent } from '../post.ts';

/** What a chat can show of a post: some text, and no data. Throws ApiError `request-invalid`. */
export function chatText(chat: string, { text, data }: PostContent): string {
  if (data !== null) throw invalidField('data', `is for webhooks: ${chat} shows text alone`);
  if (text === null || text.trim() === '') {
    throw invalidField('text', `must say something: ${chat} takes no empty post`);
  }
  return text;
}

/** Throws ApiError `request-invalid` that names `text`, unless `length` is at most `most`. */
export function checkLength(chat: string, length: number, most: number, unit = 'characters'): void {
  if (length <= most) return;
  throw invalidField(
    'text',
    `must make a post of at most ${most} ${unit} for ${chat}, and makes one of ${length}`,
  );
}
