// The sandbox's inbox. Everything that a message says is set as text, never as HTML: a mail is shown only
// inside a sandboxed frame that is served with a policy of its own.

import { deviceView } from './device-views.js';
import { CHANNELS, ask, element, shortAddress } from './page.js';

/** What becomes of messages that are not simply delivered, as the list says it. */
const FATES = {
  bounced: 'bounces',
  soft_bounced: 'bounces for now',
  complained: 'reported as spam',
  undelivered: 'undelivered',
};
const REFRESH_MS = 1_500;
const PAGE = 50;

const at = (id) => document.getElementById(id);
const panes = at('panes');
const list = at('messages');

/** What is shown: the messages, newest first, how to go on, and the id of the open one (0: none). */
const state = {
  messages: [],
  cursor: null,
  search: '',
  channel: '',
  open: 0,
  view: 'html',
  width: 'wide',
  events: '',
};

// --- the list

/** What the list is to show, as the API is asked for it. */
function asked() {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (state.search !== '') query.set('recipient', state.search);
  if (state.channel !== '') query.set('channel', state.channel);
  return query;
}

async function refresh() {
  const query = asked();
  const { search, channel } = state;
  const { messages, next_cursor } = await ask(`/sandbox/messages?${query}`);
  if (search !== state.search || channel !== state.channel) return;
  const oldest = messages.at(-1)?.id ?? 0;
  const older = next_cursor === null ? [] : state.messages.filter((message) => message.id < oldest);
  if (older.length === 0) state.cursor = next_cursor;
  showList([...messages, ...older]);
}

async function showOlder() {
  const query = asked();
  query.set('cursor', String(state.cursor));
  const { messages, next_cursor } = await ask(`/sandbox/messages?${query}`);
  state.cursor = next_cursor;
  showList([...state.messages, ...messages]);
}

function showList(messages) {
  const known = new Map(state.messages.map((message, index) => [message.id, list.children[index]]));
  const first = state.messages.length === 0;
  state.messages = messages;
  list.replaceChildren(...messages.map((message) => known.get(message.id) ?? itemOf(message, !first)));
  for (const [index, message] of messages.entries()) {
    const item = list.children[index].firstElementChild;
    item.setAttribute('aria-current', String(message.id === state.open));
    item.querySelector('time').textContent = shortTime(message.received_at);
  }
  at('more').hidden = state.cursor === null;
  at('nothing').hidden = messages.length > 0;
  const searching = state.search !== '';
  at('nothing-title').textContent = searching ? 'Nobody by that name' : 'No messages yet';
  at('nothing-text').textContent = searching
    ? 'No message to such an address is kept here.'
    : 'What this server sends arrives here instead of at a real person.';
  document.title = `${messages.length > 0 ? `(${messages.length}${state.cursor === null ? '' : '+'}) ` : ''}Inbox · Carillon sandbox`;
}

function itemOf(message, isNew) {
  const item = element('button', isNew ? 'item new' : 'item');
  item.type = 'button';
  const preview = element('span', 'preview');
  if (message.channel !== 'email') preview.append(element('em', 'kind', CHANNELS[message.channel].label));
  if (message.fate !== 'delivered') {
    preview.append(element('em', 'bounced', FATES[message.fate]));
  }
  preview.append(message.preview);
  item.append(
    faceOf(message.to),
    element('span', 'who', shortAddress(message)),
    element('time'),
    element('span', 'subject', titleOf(message)),
    preview,
  );
  item.addEventListener('click', () => {
    location.hash = String(message.id);
  });
  const row = element('li');
  row.append(item);
  return row;
}

function titleOf({ channel, subject }) {
  if (subject !== '') return subject;
  if (channel === 'email') return '(no subject)';
  return channel === 'sms' ? 'Text message' : 'Notification';
}

function faceOf(address) {
  const face = element('span', `face tone-${toneOf(address)}`, (address[0] ?? '?').toUpperCase());
  face.setAttribute('aria-hidden', 'true');
  return face;
}

function toneOf(address) {
  let sum = 0;
  for (const character of address) sum = (sum * 31 + character.codePointAt(0)) % 6_007;
  return sum % 6;
}

// --- the message

async function open(id) {
  state.open = id;
  state.events = '';
  panes.classList.toggle('reading', id !== 0);
  at('message').hidden = id === 0;
  at('unread').hidden = id !== 0;
  for (const [index, message] of state.messages.entries()) {
    list.children[index].firstElementChild.setAttribute('aria-current', String(message.id === id));
  }
  if (id === 0) return;
  const message = await ask(`/sandbox/messages/${id}`).catch(() => null);
  if (state.open !== id) return;
  if (message === null) {
    location.hash = '';
    return;
  }
  at('subject').textContent = titleOf(message);
  at('from-name').textContent = message.from.name || message.from.address || CHANNELS[message.channel].label;
  at('from-address').textContent = message.from.name ? message.from.address : '';
  at('to').textContent = shortAddress(message);
  at('to').title = message.to;
  at('received').textContent = longTime(message.received_at);
  const face = at('face');
  face.textContent = (message.from.name || message.from.address || '?')[0].toUpperCase();
  face.className = `face tone-${toneOf(message.from.address)}`;
  state.message = message;
  const views = viewsOf(message);
  if (!views.includes(state.view)) [state.view] = views;
  showView();
  showEvents(message);
}

/** The ways to look at a message, the best first. */
function viewsOf({ channel, html }) {
  if (channel === 'sms') return ['device'];
  if (channel !== 'email') return ['device', 'headers', 'source'];
  return [...(html === null ? [] : ['html']), 'text', 'headers', 'source'];
}

function showView() {
  const { message, view } = state;
  const views = viewsOf(message);
  for (const tab of at('tabs').querySelectorAll('[role=tab]')) {
    tab.setAttribute('aria-selected', String(tab.dataset.view === view));
    tab.hidden = !views.includes(tab.dataset.view);
  }
  at('widths').hidden = view !== 'html';
  for (const button of at('widths').children) {
    button.setAttribute('aria-pressed', String(button.dataset.width === state.width));
  }
  at('body').replaceChildren(contentOf(message, view));
}

function contentOf(message, view) {
  switch (view) {
    case 'device':
      return deviceView(message, () => void acted(message.id));
    case 'html':
      return frameOf(message);
    case 'headers':
      return headersOf(message);
    case 'source':
      return element('pre', '', message.raw);
    default:
      return element('pre', 'words', message.text ?? 'This message has no text part.');
  }
}

function frameOf({ id, subject }) {
  const frame = element('iframe', state.width);
  frame.title = subject;
  frame.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox');
  frame.referrerPolicy = 'no-referrer';
  frame.src = `/sandbox/messages/${id}/html`;
  return frame;
}

function headersOf({ headers }) {
  const names = element('dl');
  for (const { name, value } of headers) {
    const line = element('div');
    line.append(element('dt', '', name), element('dd', '', value));
    names.append(line);
  }
  return names;
}

/** After something was done with a message: what can be done is another thing now. */
async function acted(id) {
  await refresh();
  const message = await ask(`/sandbox/messages/${id}`).catch(() => null);
  if (message === null || state.open !== id) return;
  const said = at('body').querySelector('.outcome')?.textContent ?? '';
  state.message = message;
  showView();
  const outcome = at('body').querySelector('.outcome');
  if (outcome !== null) outcome.textContent = said;
  showEvents(message);
}

async function refreshEvents() {
  const id = state.open;
  if (id === 0) return;
  const message = await ask(`/sandbox/messages/${id}`).catch(() => null);
  if (message !== null && state.open === id) showEvents(message);
}

function showEvents({ events, message_id, actions }) {
  showSpam(actions.includes('complain'), events);
  const text = JSON.stringify(events);
  if (text === state.events) return;
  state.events = text;
  const rows = events.map(({ kind, at, url, reason }) => {
    const row = element('li', kind);
    const detail = url ?? reason;
    row.append(element('strong', '', kind), element('span', '', clockTime(at)));
    if (detail !== undefined) {
      const line = element('span', '', detail);
      line.title = detail;
      row.append(line);
    }
    return row;
  });
  if (rows.length === 0) {
    const row = element('li', 'waiting');
    row.append(element('strong', '', message_id === null ? 'Not sent by Carillon' : 'Nothing yet'));
    rows.push(row);
  }
  const row = at('events');
  row.replaceChildren(...rows);
  row.scrollLeft = row.scrollWidth;
}

/** A mail is reported as spam once. */
function showSpam(canComplain, events) {
  const isReported = events.some(({ kind }) => kind === 'complained');
  const button = at('spam');
  button.hidden = !canComplain;
  button.disabled = isReported;
  button.textContent = isReported ? 'Reported as spam' : 'Report as spam';
}

async function reportSpam() {
  const button = at('spam');
  button.disabled = true;
  try {
    await ask(`/sandbox/messages/${state.open}/complain`, { method: 'POST' });
    await refreshEvents();
  } catch (error) {
    button.disabled = false;
    button.textContent = error.message;
  }
}

// --- times

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const precise = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

const clockTime = (time) => precise.format(new Date(time));
const longTime = (time) => full.format(new Date(time));

function shortTime(time) {
  const date = new Date(time);
  const seconds = (Date.now() - date.getTime()) / 1_000;
  if (seconds < 60) return 'now';
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return date.toDateString() === new Date().toDateString() ? clock.format(date) : day.format(date);
}

// --- what a person does

at('search').addEventListener('input', ({ target }) => {
  state.search = target.value.trim();
  state.messages = [];
  void tick();
});
at('channel').addEventListener('change', ({ target }) => {
  state.channel = target.value;
  state.messages = [];
  void tick();
});
at('more').addEventListener('click', () => void showOlder());
at('back').addEventListener('click', () => {
  location.hash = '';
});
at('spam').addEventListener('click', () => void reportSpam());
at('clear').addEventListener('click', () => void empty());
at('tabs').addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (button === null) return;
  state.view = button.dataset.view ?? state.view;
  state.width = button.dataset.width ?? state.width;
  showView();
});
globalThis.addEventListener('hashchange', () => void openFromHash());
document.addEventListener('keydown', ({ key, target }) => {
  if (target === at('search') || (key !== 'j' && key !== 'k')) return;
  const index = state.messages.findIndex(({ id }) => id === state.open) + (key === 'j' ? 1 : -1);
  const next = state.messages[index];
  if (next !== undefined) location.hash = String(next.id);
});

async function empty() {
  await ask('/sandbox/messages', { method: 'DELETE' });
  location.hash = '';
  state.messages = [];
  await tick();
}

function openFromHash() {
  const id = Number(location.hash.slice(1));
  return open(id > 0 ? id : 0);
}

let ticking = false;
async function tick() {
  try {
    await refresh();
    await refreshEvents();
    at('live').classList.remove('lost');
  } catch {
    at('live').classList.add('lost');
  }
}

setInterval(() => {
  if (document.hidden || ticking) return;
  ticking = true;
  void tick().finally(() => {
    ticking = false;
  });
}, REFRESH_MS);

await tick();
await openFromHash();
