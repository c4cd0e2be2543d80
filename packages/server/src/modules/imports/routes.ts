import type { Http, Routes } from '../../platform/http/route.ts';
import { fileRoute } from './file-route.ts';
import { ImportFiles } from './import-files.ts';
import { ImportWork } from './import-work.ts';
import { Imports } from './imports.ts';
import type { ImportsOptions } from './imports-options.ts';
import { addList, addReading } from './reading-routes.ts';
import { addWork } from './work-routes.ts';

/** Users, tags and subscriptions from a CSV file: an extension of ours. */
export function importRoutes(options: ImportsOptions): Routes {
  const imports = new Imports(options);
  return (http) => {
    void http.register(async (scope: Http) => {
      fileRoute(new ImportFiles(options))(scope);
      // Beside it, so that the path is known as one.
      addList(scope, imports);
    });
    addReading(http, imports);
    addWork(http, new ImportWork(options));
  };
}
