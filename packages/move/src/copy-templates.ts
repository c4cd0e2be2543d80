import type { Client, TemplateView } from '@carillon/client';
import { ask, askWhether } from './ask.ts';
import { copyOne, tellOutcome } from './copy-one.ts';
import type { Outcome, Twin } from './copy-one.ts';
import type { Side } from './fault.ts';
import type { Move } from './move.ts';
import { bodyOf, channelOf, printOf } from './template-form.ts';

const ON_A_PAGE = 50;

/** Copies what differs of each template, by its name and channel. Returns what has become of each. */
export async function copyTemplates(move: Move): Promise<readonly Outcome[]> {
  const { from, to, pace, file } = move;
  const copies = file.state.templates;
  const here = await readTemplates('Carillon', to, async () => undefined);
  const taken = new Set(Object.values(copies).map(({ id }) => id));
  const outcomes: Outcome[] = [];
  for (const { id } of await readTemplates('OneSignal', from, () => pace.turn())) {
    await pace.turn();
    const template = await ask('OneSignal', from.templates.view(id));
    const copied = here.some((one) => one.id === copies[id]?.id) ? copies[id] : undefined;
    const twin = copied === undefined ? await twinOf(template, here, taken, to) : undefined;
    if (twin !== undefined) taken.add(twin.id);
    const outcome = await copyOne(move, {
      print: printOf(template),
      copied,
      twin,
      tryOut: () => tryOut(template, to),
      create: () => askWhether('Carillon', to.templates.create(withoutNulls(bodyOf(template)))),
      update: (mine) => askWhether('Carillon', to.templates.update(mine, bodyOf(template))),
      keep: (kept) => (copies[id] = kept),
    });
    tellOutcome(move, { kind: 'template', name: template.name, id }, outcome, copies[id]?.id);
    outcomes.push(outcome);
  }
  return outcomes;
}

type Summary = { readonly id: string; readonly name: string };

async function readTemplates(
  side: Side,
  client: Client,
  turn: () => Promise<void>,
): Promise<readonly Summary[]> {
  const found: Summary[] = [];
  for (let total = Infinity; found.length < total;) {
    await turn();
    const page = await ask(side, client.templates.list({ limit: ON_A_PAGE, offset: found.length }));
    found.push(...page.templates);
    total = page.templates.length === 0 ? 0 : page.total_count;
  }
  return found;
}

/** A template here of the same name and channel that nothing else was copied to. */
async function twinOf(
  template: TemplateView,
  here: readonly Summary[],
  taken: ReadonlySet<string>,
  to: Client,
): Promise<Twin | undefined> {
  for (const { id } of here.filter((one) => one.name === template.name && !taken.has(one.id))) {
    const other = await ask('Carillon', to.templates.view(id));
    if (channelOf(other) === channelOf(template)) return { id, print: printOf(other) };
  }
  return undefined;
}

/** What cannot be rendered for anybody is refused. */
async function tryOut(
  template: TemplateView,
  to: Client,
): Promise<{ readonly value: unknown } | { readonly refusal: string }> {
  const content: object = withoutNulls(bodyOf(template));
  const previewed = await askWhether('Carillon', to.templates.preview({ template: content, user_data: {} }));
  if ('refusal' in previewed || previewed.value.rendered !== null) return previewed;
  return { refusal: previewed.value.errors.map(({ problem }) => problem).join('; ') };
}

function withoutNulls<Body extends { readonly name: string }>(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) as Body;
}
