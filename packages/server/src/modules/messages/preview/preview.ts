import type { Channel, TemplatePreview, TemplatePreviewBody } from '@carillon/wire';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import type { AppNames } from '../../accounts/index.ts';
import type { Identity } from '../../identity/index.ts';
import {
  checkFields,
  compileContent,
  contentId,
  contentOfBody,
  findFaults,
  MjmlFault,
  textsFor,
} from '../../templates/index.ts';
import type { Content, MjmlCompiler, Templates } from '../../templates/index.ts';
import { customDataRule } from '../custom-data-rule.ts';
import type { FeedData } from '../feeds/feed-data.ts';
import { journeyObject } from '../rendering/index.ts';
import type { Renderer, RenderResult, SharedObjects } from '../rendering/index.ts';
import { findMissing } from './find-missing.ts';
import { findPerson, makeUpPerson } from './person-of-preview.ts';
import type { PreviewedPerson } from './person-of-preview.ts';

export interface PreviewsOptions {
  readonly renderer: Pick<Renderer, 'render'>;
  readonly templates: Pick<Templates, 'view'>;
  readonly mjml: Pick<MjmlCompiler, 'compile'>;
  readonly identity: Pick<Identity, 'users'>;
  readonly appNames: (appId: string) => Promise<AppNames | null>;
  readonly feedData: Pick<FeedData, 'of'>;
}

/** It opens nothing: nobody is unsubscribed by a preview. */
const unsubscribeToken = () => 'preview';

const NO_FEED = { ok: true, data: '{}' } as const;

const NO_MESSAGE = '00000000-0000-0000-0000-000000000000';

/** The names of an email's rendered texts, as the wire calls them. */
const FIELDS: Readonly<Record<string, string>> = {
  subject: 'email_subject',
  html: 'email_body',
  preheader: 'email_preheader',
  fromName: 'email_from_name',
  fromAddress: 'email_from_address',
  replyTo: 'email_reply_to_address',
};

/** Shows what one person would get of a template, with what its data feed answers. Writes and sends nothing. */
export class Previews {
  readonly #options: PreviewsOptions;

  constructor(options: PreviewsOptions) {
    this.#options = options;
  }

  /** Throws ApiError `request-invalid`, `template-not-found`, `user-not-found`. */
  async preview(appId: string, body: TemplatePreviewBody): Promise<TemplatePreview> {
    const { name, content: said } = await this.#content(appId, body);
    const { channel } = said;
    const rule = customDataRule(channel, body.custom_data);
    if (rule !== null) throw invalidField('custom_data', rule);
    return this.#show(appId, body, { name, said });
  }

  /** What a message of a saved template says to a user, with data of any size. Throws ApiError as `preview`. */
  async previewSaved(
    appId: string,
    templateId: string,
    userId: string,
    customData: Readonly<Record<string, unknown>>,
  ): Promise<TemplatePreview> {
    const body = { template_id: templateId, user: { onesignal_id: userId }, custom_data: customData };
    const { name, content: said } = await this.#content(appId, body);
    return this.#show(appId, body, { name, said });
  }

  async #show(
    appId: string,
    body: TemplatePreviewBody,
    { name, said }: { readonly name: string; readonly said: Content },
  ): Promise<TemplatePreview> {
    const { channel } = said;
    const person = await this.#person(appId, channel, body);
    const language = body.language ?? person.recipient.language;
    const faulty = (errors: TemplatePreview['errors']): TemplatePreview => {
      return { channel, language, rendered: null, plain_text: null, missing: [], errors };
    };
    const faults = findFaults(said);
    if (faults.length > 0) return faulty(faults);
    checkFields(said);
    const content = await this.#compile(said);
    if (content instanceof MjmlFault) {
      const { line, message: problem } = content;
      return faulty([{ field: 'email_body', line, column: null, problem }]);
    }
    const shared = await this.#shared(appId, body, name);
    const { recipient } = person;
    const facts = {
      shared,
      unsubscribeToken,
      subscriptionsOf: async () => new Map([[recipient.userId, person.subscriptions]]),
    };
    const alias = content.channel === 'email' ? content.dataFeed : null;
    const answer = alias === null ? NO_FEED : await this.#options.feedData.of(appId, alias, recipient, facts);
    if (!answer.ok) {
      return faulty([{ field: 'data_feed', line: null, column: null, problem: answer.reason }]);
    }
    const feedData = new Map([[recipient.subscriptionId, answer.data]]);
    const [result] = await this.#options.renderer.render({
      ...facts,
      key: contentId(content),
      content,
      language,
      recipients: [recipient],
      feedData,
      explain: true,
    });
    const { dynamicContent } = content;
    const seen = dynamicContent === null ? shared : { ...shared, dynamic_content: dynamicContent };
    const missing = findMissing(textsFor(content, language), person, seen, {
      unsubscribeToken,
      feedData,
    });
    return { channel, language, missing, ...present(result) };
  }

  async #content(
    appId: string,
    { template_id: id, template }: TemplatePreviewBody,
  ): Promise<{ readonly name: string; readonly content: Content }> {
    if ((id === undefined) === (template === undefined)) {
      throw invalidField('template_id', 'or template must be given, and not both');
    }
    if (id !== undefined) return this.#options.templates.view(appId, id);
    return { name: '', content: contentOfBody(template ?? {}, null) };
  }

  async #compile(content: Content): Promise<Content | MjmlFault> {
    try {
      return await compileContent(content, this.#options.mjml);
    } catch (error) {
      if (error instanceof MjmlFault) return error;
      throw error;
    }
  }

  #person(appId: string, channel: Channel, body: TemplatePreviewBody): Promise<PreviewedPerson> {
    const [alias] = Object.entries(body.user ?? {});
    if (alias === undefined) return Promise.resolve(makeUpPerson(channel, body.user_data ?? {}));
    if (body.user_data !== undefined)
      throw invalidField('user', 'and user_data cannot be combined: give one of them');
    return findPerson(this.#options.identity, appId, channel, alias);
  }

  async #shared(appId: string, body: TemplatePreviewBody, name: string): Promise<SharedObjects> {
    const app = await this.#options.appNames(appId);
    const { template_id: id = null, custom_data = null } = body;
    return {
      message: { id: NO_MESSAGE, name: null, template_id: id, custom_data },
      template: id === null ? null : { id, name },
      app: { id: appId, name: app?.name ?? '' },
      org: app?.org ?? { id: '', name: '' },
      journey: journeyObject(custom_data),
    };
  }
}

function present(
  result: RenderResult<Content> | undefined,
): Pick<TemplatePreview, 'rendered' | 'plain_text' | 'errors'> {
  if (result?.ok !== true) {
    const problem = result?.reason ?? 'the template cannot be rendered';
    return { rendered: null, plain_text: null, errors: [{ field: null, line: null, column: null, problem }] };
  }
  const { text, ...texts }: Readonly<Record<string, string | null | undefined>> = { ...result.texts };
  const rendered = Object.entries(texts).flatMap(([name, filled]) =>
    filled === null || filled === undefined ? [] : [[FIELDS[name] ?? name, filled] as const],
  );
  // The plain text is made of the body, so what fails there has been told of the body.
  const errors = (result.faults ?? [])
    .filter((fault) => fault.text !== 'text')
    .map(({ text: name, line, column, problem }) => ({ field: FIELDS[name] ?? name, line, column, problem }));
  return { rendered: Object.fromEntries(rendered), plain_text: text ?? null, errors };
}
