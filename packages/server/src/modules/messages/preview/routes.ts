import { templatePreview, templatePreviewBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import type { Previews } from './preview.ts';

/** Ours: a template as one person would get it. */
export function previewRoutes(previews: Previews): Routes {
  return (http) => {
    http.post(
      '/apps/:app_id/templates/preview',
      {
        config: { access: 'app', envelope: 'basic', rate: 'views' },
        schema: {
          summary: 'Preview a template',
          description: 'Writes nothing and sends nothing.',
          params: Type.Object({ app_id: Type.String() }),
          body: templatePreviewBody,
          response: { 200: templatePreview },
        },
      },
      (request) => previews.preview(request.appId, request.body),
    );
  };
}
