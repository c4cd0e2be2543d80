import type { Content } from './content.ts';
import { textsOfEmail } from './email/texts-of-email.ts';
import type { LiquidText } from './liquid-text.ts';
import { textsOfPush } from './push/texts-of-push.ts';
import { textsOfSms } from './sms/texts-of-sms.ts';
import { chooseLanguage } from './texts.ts';

/** Every text of a content that is Liquid, in all languages. */
export function textsOfContent(content: Content): LiquidText[] {
  switch (content.channel) {
    case 'email':
      return textsOfEmail(content);
    case 'push':
      return textsOfPush(content);
    case 'sms':
      return textsOfSms(content);
  }
}

/** Those that a reader of `language` gets: for each field one, in that language or the one that stands for it. */
export function textsFor(content: Content, language: string | null): LiquidText[] {
  const texts = textsOfContent(content);
  const inLanguages = new Map<string, Record<string, string>>();
  for (const text of texts) {
    if (text.language === null) continue;
    inLanguages.set(text.field, { ...inLanguages.get(text.field), [text.language]: text.source });
  }
  return texts.filter(
    (text) =>
      text.language === null || text.language === chooseLanguage(inLanguages.get(text.field) ?? {}, language),
  );
}
