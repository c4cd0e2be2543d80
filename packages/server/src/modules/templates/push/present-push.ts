import type { TemplateContent } from '@carillon/wire';
import type { PushContent } from './push-content.ts';

/** The keys of a push message in a template's answer: those that are set. */
export function presentPush({ fields, platforms }: PushContent): Partial<TemplateContent> {
  return { ...platforms, ...fields };
}
