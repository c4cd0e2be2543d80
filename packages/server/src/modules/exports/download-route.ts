import { EXPORT_KINDS } from '@carillon/wire';
import { Type } from 'typebox';
import type { ExportFiles, ReadyFile } from '../../platform/export-files/index.ts';
import { readRange } from '../../platform/http/read-range.ts';
import type { Routes } from '../../platform/http/route.ts';

const OURS: readonly string[] = EXPORT_KINDS;

/** Where the links to export files lead. The link is the key: nobody can guess it, and it leads to one file for some days. */
export function downloadRoute(files: ExportFiles): Routes {
  return (http) => {
    http.get(
      '/exports/:token/:name',
      {
        config: { access: 'public', envelope: 'basic', rate: 'unlimited', pages: 'own' },
        exposeHeadRoute: false,
        schema: { hide: true, params: Type.Object({ token: Type.String(), name: Type.String() }) },
      },
      async (request, reply) => {
        // Files about a message have always answered 404 until they are there.
        const file = await files.open(request.params.token, (kind) =>
          OURS.includes(kind) ? 'export-file-not-ready' : 'export-file-not-found',
        );
        const { size } = file;
        const etag = `"${file.id}-${file.attempt}"`;
        void reply
          .type(typeOf(file))
          .header('content-disposition', `attachment; filename="${file.name}"`)
          .header('cache-control', 'no-store')
          .header('accept-ranges', 'bytes')
          .header('etag', etag)
          .header('last-modified', file.readyAt.toUTCString());
        const { range, 'if-range': ifRange } = request.headers;
        const isSame = ifRange === undefined || ifRange === etag;
        const asked = isSame ? readRange(range, size) : 'all';
        if (asked === 'all') return reply.header('content-length', size).send(files.read(file));
        if (asked === 'none') {
          return reply
            .code(416)
            .header('content-range', `bytes */${size}`)
            .header('content-length', 0)
            .send('');
        }
        const { from, to } = asked;
        return reply
          .code(206)
          .header('content-range', `bytes ${from}-${to}/${size}`)
          .header('content-length', to - from + 1)
          .send(files.read(file, asked));
      },
    );
  };
}

function typeOf({ packed, name }: ReadyFile): string {
  if (packed) return 'application/gzip';
  return name.endsWith('.csv') ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet';
}
