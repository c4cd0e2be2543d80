import type { AuditAction, CreateTemplateBody, UpdateTemplateBody } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { isUuid, newId } from '../../platform/ids.ts';
import { findApp, recordChange, recordUpdate } from '../accounts/index.ts';
import type { Author, Change } from '../accounts/index.ts';
import type { AdmitContent } from './admit-content.ts';
import { checkDataFeedOf } from './check-data-feed-of.ts';
import type { HasDataFeed } from './check-data-feed-of.ts';
import type { ContentCache } from './content-cache.ts';
import { contentOfBody } from './content-of-body.ts';
import { refuseField } from './refuse-field.ts';
import { presentTemplate } from './template.ts';
import type { Template } from './template.ts';
import {
  findContentIds,
  findTemplate,
  insertTemplate,
  isDataFeedNamed,
  readTemplates,
  removeTemplate,
  updateTemplate,
} from './template-store.ts';
import type { TemplatePage, TemplateRow } from './template-store.ts';

export interface TemplatesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly contents: ContentCache;
  readonly admitContent: AdmitContent;
  /** Whether a journey sends this template: such a template cannot be deleted. */
  readonly isInUse: (appId: string, templateId: string) => Promise<boolean>;
  /** Whether the app has a data feed of this alias. */
  readonly hasDataFeed: HasDataFeed;
}

/** The templates of all apps. */
export class Templates {
  readonly #options: TemplatesOptions;

  constructor(options: TemplatesOptions) {
    this.#options = options;
  }

  /** Null when the app has no template with this id, or it is no id at all. */
  async find(appId: string, id: string): Promise<Template | null> {
    if (!isUuid(id)) return null;
    const row = await findTemplate(this.#options.database, appId, id);
    return row === undefined ? null : this.#withContent(appId, row);
  }

  /** As `find`, but throws `template-not-found`. */
  async view(appId: string, id: string): Promise<Template> {
    const template = await this.find(appId, id);
    if (template === null) throw new ApiError('template-not-found');
    return template;
  }

  async list(
    appId: string,
    page: { channel: string | null; limit: number; offset: number },
  ): Promise<TemplatePage> {
    return readTemplates(this.#options.database, appId, page);
  }

  async create(appId: string, body: CreateTemplateBody, author: Author): Promise<Template> {
    const content = await this.#options.admitContent(contentOfBody(body, null));
    return this.#insert(appId, { name: body.name, content }, author);
  }

  async update(appId: string, id: string, body: UpdateTemplateBody, author: Author): Promise<Template> {
    const { database, clock, contents, admitContent } = this.#options;
    for (;;) {
      const before = isUuid(id) ? await findTemplate(database, appId, id) : undefined;
      if (before === undefined) throw new ApiError('template-not-found');
      const { content: said } = await this.#withContent(appId, before);
      const content = await admitContent(contentOfBody(body, said));
      await checkDataFeedOf(appId, content, this.#options.hasDataFeed);
      const now = clock.now();
      const contentId = await contents.keep(appId, content, now);
      const after = { name: body.name ?? before.name, contentId };
      const row = await database.transaction(async (transaction) => {
        const changed = await updateTemplate(transaction, appId, before, after, now);
        if (changed === undefined) return undefined;
        await recordUpdate(transaction, now, author, {
          ...changeOf('template.updated', appId, changed),
          before: fieldsOf({ ...before, content: said }),
          after: fieldsOf({ ...changed, content }),
        });
        return changed;
      });
      // Changed by somebody else in between: this change is made again, over theirs.
      if (row !== undefined) return { ...row, content };
    }
  }

  /**
   * Makes a template of the same name and content in another app of the organization, and returns it. Throws
   * ApiError `template-copy-not-found` when there is no such template, or the organization has no such app.
   */
  async copy(
    { appId, id }: { readonly appId: string; readonly id: string },
    { targetAppId, organizationId }: { readonly targetAppId: string; readonly organizationId: string },
    author: Author,
  ): Promise<Template> {
    if (targetAppId === appId) refuseField('target_app_id', 'must be another app than the template is in');
    const template = await this.find(appId, id);
    const target = await findApp(this.#options.database, targetAppId);
    if (template === null || target?.organization_id !== organizationId) {
      throw new ApiError('template-copy-not-found');
    }
    return this.#insert(targetAppId, template, author);
  }

  async remove(appId: string, id: string, author: Author): Promise<void> {
    const { database, clock, isInUse } = this.#options;
    if (!isUuid(id)) throw new ApiError('template-not-found');
    if (await isInUse(appId, id)) throw new ApiError('template-in-use');
    await database.transaction(async (transaction) => {
      const removed = await removeTemplate(transaction, appId, id);
      if (removed === null) throw new ApiError('template-not-found');
      await recordChange(transaction, clock.now(), author, changeOf('template.deleted', appId, removed));
    });
  }

  /**
   * Email templates of an app to the ids of what they say now, in one statement; unknown ones, and those of
   * other channels, are absent: journeys send email so far.
   */
  contentIdsOf(appId: string, templateIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return findContentIds(this.#options.database, appId, templateIds, 'email');
  }

  /** Whether any template of an app names this data feed. */
  nameDataFeed(appId: string, alias: string): Promise<boolean> {
    return isDataFeedNamed(this.#options.database, appId, alias);
  }

  async #insert(
    appId: string,
    { name, content }: Pick<Template, 'name' | 'content'>,
    author: Author,
  ): Promise<Template> {
    const { database, clock, contents, hasDataFeed } = this.#options;
    await checkDataFeedOf(appId, content, hasDataFeed);
    const now = clock.now();
    const contentId = await contents.keep(appId, content, now);
    const id = newId();
    await database.transaction(async (transaction) => {
      await insertTemplate(transaction, appId, { id, name, channel: content.channel, contentId }, now);
      await recordChange(transaction, now, author, changeOf('template.created', appId, { id, name }));
    });
    return { id, name, content, createdAt: new Date(now), updatedAt: new Date(now) };
  }

  async #withContent(appId: string, row: TemplateRow): Promise<Template> {
    const found = await this.#options.contents.load([{ appId, id: row.contentId }]);
    const content = found.get(`${appId} ${row.contentId}`);
    if (content === undefined) throw new Error(`the content of template ${row.id} is gone`);
    return { ...row, content };
  }
}

function changeOf(
  action: AuditAction,
  appId: string,
  { id, name }: { readonly id: string; readonly name: string },
): Change {
  return { action, appId, target: { type: 'template', id, name } };
}

/** As requests name them. */
function fieldsOf(template: Template): Readonly<Record<string, unknown>> {
  const { name, content } = presentTemplate(template);
  return { name, ...content };
}
