import type { TemplatePreview } from '@carillon/wire';
import type { Journey } from '../definition/definition.ts';
import type { SimulatedSend } from './memory-store.ts';

/** Messages of an answer whose texts are shown. */
const MOST_TEXTS = 50;

/** What a message of a template would say to a user, as a preview tells it. */
export type ShowTexts = (
  appId: string,
  message: {
    readonly templateId: string;
    readonly userId: string;
    readonly customData: Readonly<Record<string, unknown>>;
  },
) => Promise<TemplatePreview>;

/** Writes the texts of the first messages of an answer. */
export class TextWriter {
  readonly #show: ShowTexts | null;
  readonly #journey: Pick<Journey, 'appId' | 'name'>;
  #written = 0;

  /** `show` is null where no texts are asked for. */
  constructor(show: ShowTexts | null, journey: Pick<Journey, 'appId' | 'name'>) {
    this.#show = show;
    this.#journey = journey;
  }

  /** Null when none were asked for, or enough are there. */
  async textsOf(userId: string, send: SimulatedSend): Promise<TemplatePreview | null> {
    if (this.#show === null || this.#written >= MOST_TEXTS) return null;
    this.#written += 1;
    const { appId, name } = this.#journey;
    const { template_id: templateId, events } = send;
    return this.#show(appId, { templateId, userId, customData: { journey: { name, events } } });
  }
}
