import { readFile } from 'node:fs/promises';
import type { Routes } from '../../../../platform/http/route.ts';
import { localOnly } from './local-only.ts';

/** The page's files stand beside the migrations: found from the source and from the build alike. */
const FOLDER = new URL('../../../../../pages/sandbox/', import.meta.url);

const FILES = [
  { path: '/sandbox', file: 'inbox.html', type: 'text/html; charset=utf-8' },
  { path: '/sandbox/inbox.css', file: 'inbox.css', type: 'text/css; charset=utf-8' },
  { path: '/sandbox/inbox.js', file: 'inbox.js', type: 'text/javascript; charset=utf-8' },
  { path: '/sandbox/page.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
  { path: '/sandbox/device-views.js', file: 'device-views.js', type: 'text/javascript; charset=utf-8' },
  { path: '/sandbox/device-views.css', file: 'device-views.css', type: 'text/css; charset=utf-8' },
  { path: '/sandbox/mark.svg', file: 'mark.svg', type: 'image/svg+xml' },
];

/**
 * Nothing from elsewhere, nothing inline: of pictures in notifications the address is shown. A mail is a document of
 * its own in a sandboxed frame.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `GET /sandbox`: the inbox, a page of plain HTML, CSS and JavaScript on top of the sandbox's API. */
export function sandboxPageRoutes({ openToAll }: { readonly openToAll: boolean }): Routes {
  return (http) => {
    for (const { path, file, type } of FILES) {
      http.get(
        path,
        {
          config: { access: 'public', rate: 'unlimited', pages: 'own' },
          schema: { hide: true },
          onRequest: openToAll ? [] : [localOnly],
        },
        async (_request, reply) => {
          void reply
            .header('content-security-policy', POLICY)
            .header('x-content-type-options', 'nosniff')
            .header('referrer-policy', 'no-referrer')
            .header('cache-control', 'no-cache');
          return reply.type(type).send(await readFile(new URL(file, FOLDER)));
        },
      );
    }
  };
}
