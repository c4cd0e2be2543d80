import type { TemplateView } from '@carillon/client';
import { templateView } from '@carillon/wire';

/** The documented members of a content, but those that its channel tells. */
const KEYS = Object.keys(templateView.properties.content.properties).filter(
  (key) => key !== 'isEmail' && key !== 'isSMS',
);

/** The channel, which older answers leave out and some spell in capitals. */
export function channelOf({ channel, content }: TemplateView): TemplateView['channel'] {
  const told = (channel as string | undefined)?.toLowerCase();
  if (told === 'push' || told === 'email' || told === 'sms') return told;
  return content.isEmail === true ? 'email' : content.isSMS === true ? 'sms' : 'push';
}

/** What a request has to say so that a template becomes this one: null for what it does not say. */
export function bodyOf(
  template: TemplateView,
): Readonly<Record<string, unknown>> & { readonly name: string } {
  const { name, content } = template;
  const channel = channelOf(template);
  const said = Object.fromEntries(KEYS.map((key) => [key, content[key as keyof typeof content] ?? null]));
  return { ...said, name, isEmail: channel === 'email', isSMS: channel === 'sms' };
}

/** Two templates with the same print say the same. What is empty or off is as good as not said. */
export function printOf(template: TemplateView): string {
  const said = Object.entries(bodyOf(template)).filter(([, value]) => !isNothing(value));
  return JSON.stringify(said.map(([key, value]) => [key, sorted(value)]));
}

function isNothing(value: unknown): boolean {
  if (value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
