import { isUuid } from '../../../platform/ids.ts';
import { checkDataFeedOf } from '../../templates/index.ts';
import type { AdmitContent, Content, HasDataFeed } from '../../templates/index.ts';
import { customDataRule } from '../custom-data-rule.ts';
import { wrong } from '../wrong-field.ts';
import { chooseContent, chooseLiveActivity, hasOwnContent } from './choose-content.ts';
import type { MessageDraft } from './parse-message.ts';

export interface ContentSource {
  /** A template's content, or null when the app has no template with this id. */
  readonly findTemplate: (appId: string, id: string) => Promise<Content | null>;
  /** Throws ApiError naming field, line and column when the Liquid of a content is wrong, or its MJML. */
  readonly admitContent: AdmitContent;
  /** Whether an app has a data feed of this alias. */
  readonly hasDataFeed: HasDataFeed;
}

/** What a message says, with its template. Throws ApiError for a template or a content that will not do. */
export async function contentOfDraft(
  { appId, channel, body, liveActivity }: Pick<MessageDraft, 'appId' | 'channel' | 'body' | 'liveActivity'>,
  { findTemplate, admitContent, hasDataFeed }: ContentSource,
): Promise<Content> {
  const templateId = body.template_id ?? null;
  const template = templateId !== null && isUuid(templateId) ? await findTemplate(appId, templateId) : null;
  if (templateId !== null && template === null) throw wrong('template_id', 'names no template of this app');
  const chosen =
    liveActivity === undefined
      ? chooseContent(body, channel, template)
      : chooseLiveActivity(body, liveActivity);
  const rule = customDataRule(chosen.channel, body.custom_data);
  if (rule !== null) throw wrong('custom_data', rule);
  // What a template holds was checked when it was saved.
  const isChecked = template !== null && !hasOwnContent(body, chosen.channel);
  const content = isChecked ? chosen : await admitContent(chosen);
  await checkDataFeedOf(appId, content, hasDataFeed);
  return content;
}
