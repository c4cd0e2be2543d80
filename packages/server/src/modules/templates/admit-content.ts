import { ApiError } from '../../platform/http/api-error.ts';
import { checkContent } from './check-content.ts';
import type { Content } from './content.ts';
import { awaitsCompiling, compileContent, MjmlFault } from './mjml/compile-content.ts';
import type { MjmlCompiler } from './mjml/mjml-compiler.ts';

/** The content as it is kept. Throws ApiError for what is wrong with it. */
export type AdmitContent = (content: Content) => Promise<Content>;

/** Checks contents and compiles those that are MJML: wrong Liquid is told of with its place in what was written. */
export function createAdmission(compiler: Pick<MjmlCompiler, 'compile'>): AdmitContent {
  return async (content) => {
    checkContent(content);
    if (!awaitsCompiling(content)) return content;
    try {
      return await compileContent(content, compiler);
    } catch (error) {
      throw error instanceof MjmlFault ? refusalOf(error) : error;
    }
  };
}

function refusalOf({ message: problem, line }: MjmlFault): ApiError {
  const field = 'email_body';
  return line === null
    ? new ApiError('mjml-uncompiled', { params: { field, problem }, meta: { field } })
    : new ApiError('mjml-invalid', { params: { field, line, problem }, meta: { field, line } });
}
