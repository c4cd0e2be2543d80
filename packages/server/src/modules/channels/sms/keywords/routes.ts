import { smsKeywordsBody, smsKeywordsView } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../../platform/http/route.ts';
import { authorOf } from '../../../accounts/index.ts';
import type { AppKeywords } from './app-keywords.ts';
import { NO_KEYWORDS, presentKeywords } from './own-keywords.ts';
import { readKeywords } from './read-keywords.ts';

const url = '/apps/:app_id/channels/sms/keywords';
const config = { access: 'app' } as const;
const params = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const response = { 200: smsKeywordsView };

/** `/apps/{app_id}/channels/sms/keywords`: the words that people text, and what is answered. An extension of ours. */
export function keywordRoutes(keywords: AppKeywords): Routes {
  return (http) => {
    http.get(
      url,
      {
        config,
        schema: { summary: 'Show the keywords of text messages and their replies', params, response },
      },
      async ({ appId }) => {
        const own = await keywords.view(appId);
        return presentKeywords(own?.settings ?? NO_KEYWORDS, own?.updatedAt ?? null);
      },
    );
    http.put(
      url,
      {
        config,
        schema: {
          summary: 'Set the keywords of text messages and their replies',
          description:
            'Replaces what was set before; what is left out is as for every app. Words are added to the fixed ones, which cannot be removed.',
          params,
          body: smsKeywordsBody,
          response,
        },
      },
      async (request) => {
        const set = await keywords.set(request.appId, readKeywords(request.body), authorOf(request));
        return presentKeywords(set.settings, set.updatedAt);
      },
    );
    http.delete(
      url,
      {
        config,
        schema: {
          summary: 'Take the usual keywords and replies again',
          params,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await keywords.remove(request.appId, authorOf(request));
        return { success: true };
      },
    );
  };
}
