import { inGroups } from '../../../platform/in-groups.ts';
import { languagesOf, readerLanguage } from '../../templates/index.ts';
import type { PushContent, SmsContent } from '../../templates/index.ts';
import type { Renderer, RenderJob, RenderResult } from '../rendering/index.ts';

/** Renders for each recipient in the language that they read, as far as the content has it: results in their order. */
export async function renderLanguages<Said extends PushContent | SmsContent>(
  renderer: Pick<Renderer, 'render'>,
  job: Omit<RenderJob<Said>, 'language'>,
): Promise<readonly RenderResult<Said>[]> {
  const { recipients } = job;
  const languages = languagesOf(job.content);
  if (languages.size === 0) return renderer.render(job);
  return inGroups(
    recipients,
    ({ language }) => readerLanguage(languages, language),
    (language, readers) => renderer.render({ ...job, language, recipients: readers }),
  );
}
