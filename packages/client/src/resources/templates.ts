import type {
  CreateTemplateBody,
  TemplateCopy,
  TemplateList,
  TemplatePreview,
  TemplatePreviewBody,
  TemplateView,
  UpdateTemplateBody,
} from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of templates. */
export class Templates {
  readonly #transport: Transport;
  readonly #app: { readonly app_id: string };

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#app = { app_id: appId };
  }

  /** Not repeated after a lost answer: a second arrival would make a second template. */
  create(input: Omit<CreateTemplateBody, 'app_id'>, signal?: AbortSignal): Promise<Answer<TemplateView>> {
    const body = { ...this.#app, ...input };
    return this.#transport.send({ method: 'POST', path: '/templates', body, repeatable: false, signal });
  }

  update(id: string, input: UpdateTemplateBody, signal?: AbortSignal): Promise<Answer<TemplateView>> {
    const call = { path: `/templates/${segment(id)}`, query: this.#app, body: input };
    return this.#transport.send({ method: 'PATCH', ...call, repeatable: true, signal });
  }

  view(id: string, signal?: AbortSignal): Promise<Answer<TemplateView>> {
    const call = { path: `/templates/${segment(id)}`, query: this.#app };
    return this.#transport.send({ method: 'GET', ...call, repeatable: true, signal });
  }

  list(
    query: {
      readonly limit?: number;
      readonly offset?: number;
      readonly channel?: 'push' | 'email' | 'sms';
    } = {},
    signal?: AbortSignal,
  ): Promise<Answer<TemplateList>> {
    const call = { path: '/templates', query: { ...this.#app, ...query } };
    return this.#transport.send({ method: 'GET', ...call, repeatable: true, signal });
  }

  /**
   * A template of the same name and content in another app of the organization. Needs the organization's key.
   * Not repeated after a lost answer.
   */
  copyToApp(id: string, targetAppId: string, signal?: AbortSignal): Promise<Answer<TemplateCopy>> {
    const path = `/templates/${segment(id)}/copy_to_app`;
    const call = { path, query: this.#app, body: { target_app_id: targetAppId } };
    return this.#transport.send({ method: 'POST', ...call, repeatable: false, signal });
  }

  /** Ours: what one person would get. Writes nothing and sends nothing. */
  preview(input: TemplatePreviewBody, signal?: AbortSignal): Promise<Answer<TemplatePreview>> {
    const path = `/apps/${segment(this.#app.app_id)}/templates/preview`;
    return this.#transport.send({ method: 'POST', path, body: input, repeatable: true, signal });
  }

  delete(id: string, signal?: AbortSignal): Promise<Answer<{ success: boolean }>> {
    const call = { path: `/templates/${segment(id)}`, query: this.#app };
    return this.#transport.send({ method: 'DELETE', ...call, repeatable: true, signal });
  }
}
