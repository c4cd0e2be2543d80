// Notifications and text messages as their person sees them, with what that person can do.

import { ask, element } from './page.js';

const SEPARATORS = {
  ios_push: 'now',
  android_push: 'Your app · now',
  huawei_push: 'Your app · now',
  amazon_push: 'Your app · now',
  web_push: 'now',
};
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** @param done called when something was done, with nothing */
export function deviceView(message, done) {
  const view = element('div', 'stage');
  view.append(message.sms === null ? screenOf(message) : phoneOf(message));
  view.append(message.sms === null ? actionsOf(message, done) : repliesOf(message, done));
  return view;
}

// --- a notification

function screenOf(message) {
  const { channel, push, received_at } = message;
  if (channel === 'web_push') {
    const browser = element('div', 'browser');
    browser.append(noteOf(message));
    return browser;
  }
  const phone = element('div', channel === 'ios_push' ? 'phone iphone' : 'phone android');
  phone.append(element('p', 'hour', clock.format(new Date(received_at))));
  if (push.title === null && push.body === null) {
    phone.append(element('p', 'silent', 'Nothing is shown: this push only wakes the app.'));
  } else {
    phone.append(noteOf(message));
  }
  return phone;
}

function noteOf({ channel, push }) {
  const note = element('div', 'note');
  const icon = element('img', 'app');
  icon.src = '/sandbox/mark.svg';
  icon.alt = '';
  const words = element('div', 'said');
  words.append(element('span', 'when', SEPARATORS[channel]));
  for (const name of ['title', 'subtitle', 'body']) {
    if (push[name] !== null) words.append(element('p', name, push[name]));
  }
  if (push.image !== null) words.append(element('p', 'picture', push.image));
  note.append(icon, words);
  if (push.buttons.length > 0) {
    const row = element('div', 'choices');
    for (const { id, text } of push.buttons) row.append(element('span', '', text || id));
    note.append(row);
  }
  return note;
}

const LABELS = {
  show: { device: 'Show it', browser: 'Show it' },
  click: { device: 'Tap it', browser: 'Click it' },
  uninstall: { device: 'Uninstall the app', browser: 'Unsubscribe the browser' },
};

function actionsOf({ id, channel, push, actions, message_id }, done) {
  const panel = element('div', 'acts');
  const row = element('div', 'row');
  const said = saidLine();
  for (const action of actions) {
    const label = LABELS[action][channel === 'web_push' ? 'browser' : 'device'];
    row.append(buttonOf(label, () => act(`/sandbox/messages/${id}/${action}`, undefined, said, done)));
  }
  panel.append(row);
  if (push.url !== null) panel.append(lineOf('A click opens', push.url));
  if (push.data !== null) panel.append(lineOf('Data for the app', JSON.stringify(push.data)));
  if (push.uninstalled_at !== null) {
    panel.append(
      element('p', 'soft', 'The app is gone from here: the next message for this token is refused.'),
    );
  }
  if (message_id === null)
    panel.append(element('p', 'soft', 'Not sent by Carillon: nobody is told of clicks.'));
  panel.append(said);
  return panel;
}

// --- a text message

function phoneOf({ from, sms }) {
  const phone = element('div', 'phone texts');
  phone.append(element('p', 'sender', from.address));
  const bubble = element('div', 'bubble');
  for (const part of sms.parts) bubble.append(element('span', 'part', part));
  phone.append(bubble);
  for (const url of sms.media_urls) phone.append(element('p', 'picture', url));
  const segments = `${sms.segments} ${sms.segments === 1 ? 'segment' : 'segments'}`;
  const counts = `${segments} · ${sms.encoding} · ${sms.units} units, room for ${sms.left_in_last} more`;
  phone.append(element('p', 'counts', counts));
  return phone;
}

function repliesOf({ id }, done) {
  const panel = element('form', 'acts');
  const said = saidLine();
  const row = element('div', 'row');
  const reply = (text) => act(`/sandbox/messages/${id}/reply`, { text }, said, done);
  for (const word of ['STOP', 'START', 'HELP']) row.append(buttonOf(word, () => reply(word)));
  const input = element('input', 'words');
  input.placeholder = 'Text back';
  input.setAttribute('aria-label', 'Text back');
  input.maxLength = 1_600;
  row.append(
    input,
    buttonOf('Send', () => panel.requestSubmit()),
  );
  panel.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    void reply(text);
  });
  panel.append(row, said);
  return panel;
}

// --- what both have

async function act(path, body, said, done) {
  said.className = 'outcome';
  said.textContent = '…';
  try {
    await ask(path, { method: 'POST', ...(body !== undefined && { body: JSON.stringify(body) }) });
    said.textContent = body === undefined ? 'Done.' : `“${body.text}” was sent.`;
    done();
  } catch (error) {
    said.className = 'outcome wrong';
    said.textContent = error.message;
  }
}

function buttonOf(label, press) {
  const button = element('button', 'act', label);
  button.type = 'button';
  button.addEventListener('click', () => void press());
  return button;
}

function lineOf(name, value) {
  const line = element('p', 'fact');
  line.append(element('strong', '', name), ' ', element('span', '', value));
  return line;
}

function saidLine() {
  const said = element('p', 'outcome');
  said.setAttribute('role', 'status');
  return said;
}
