import { until } from '@carillon/test-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../platform/log.ts';
import { MjmlCompiler } from './mjml-compiler.ts';

const body = (inside: string, head = '') =>
  `<mjml><mj-head>${head}</mj-head><mj-body><mj-section><mj-column>${inside}</mj-column></mj-section></mj-body></mjml>`;
const good = body('<mj-text>Hi {{ first_name }}</mj-text>');
/** One long attribute, many times. */
const fills = body(
  '<mj-text>a</mj-text>'.repeat(4_000),
  `<mj-attributes><mj-all css-class="${'a'.repeat(90_000)}" /></mj-attributes>`,
);
/** Each rule is tried on each element. */
const holds = body(
  '<mj-text>a</mj-text>'.repeat(2_000),
  `<mj-style inline="inline">${'td div b i{color:red}td>div{top:0}'.repeat(4_000)}</mj-style>`,
);

let compiler: MjmlCompiler;
afterEach(() => compiler.close());
const start = (restMs?: number) => {
  compiler = new MjmlCompiler({
    log: createLog({ level: 'silent' }),
    ...(restMs !== undefined && { restMs }),
  });
};
const compiled = { html: expect.stringContaining('Hi {{ first_name }}') };

describe('the MJML compiler', () => {
  it('starts its process with the first document, and ends it when there are no more', async () => {
    start(1);
    expect(compiler.isAwake).toBe(false);
    expect(await compiler.compile(good)).toEqual(compiled);
    await until('the process is gone', async () => !compiler.isAwake);
    expect(await compiler.compile(good)).toEqual(compiled);
  });

  it('compiles the same document once', async () => {
    start();
    const [first, second] = await Promise.all([compiler.compile(good), compiler.compile(good)]);
    expect(second).toBe(first);
    expect(await compiler.compile(good)).toBe(first);
  });

  it.each([
    ['holds it for too long', holds, 'it takes longer than 5 seconds'],
    ['fills its memory', fills, 'it takes more than 192 MB of memory'],
  ])('refuses a document that %s, and compiles those that wait behind it', async (_, source, problem) => {
    start();
    const results = await Promise.all([compiler.compile(source), compiler.compile(good)]);
    expect(results).toEqual([{ line: null, problem }, compiled]);
  });

  it('refuses a document whose HTML is too large to be kept', async () => {
    start();
    expect(await compiler.compile(body('<mj-text>a</mj-text>'.repeat(2_000)))).toEqual({
      line: null,
      problem: 'the HTML made of it is larger than 256 KB',
    });
  });

  it('refuses more documents when many wait', async () => {
    start();
    const asked = Array.from({ length: 150 }, (_, index) => compiler.compile(good + ' '.repeat(index)));
    const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(49);
    expect(refused[0]).toMatchObject({ reason: { code: 'mjml-busy', status: 503 } });
  });

  it('tells those that wait when it is closed', async () => {
    start();
    await Promise.all([
      expect(compiler.compile(good)).rejects.toMatchObject({ code: 'unavailable' }),
      compiler.close(),
    ]);
    expect(compiler.isAwake).toBe(false);
  });
});
