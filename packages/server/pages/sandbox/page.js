// What the files of the page share.

export async function ask(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(await whyNot(path, response));
  return response.json();
}

/** What the server says of a refusal, in its own words. */
async function whyNot(path, response) {
  const { errors = [] } = await response.json().catch(() => ({}));
  const [first] = errors;
  return first?.title ?? first ?? `${path} answered ${response.status}`;
}

/** Everything that a message says is set as text, never as HTML. */
export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** By the API's `channel`: what it is called in the list, and on whose screen it is shown. */
export const CHANNELS = {
  email: { label: 'Email' },
  sms: { label: 'SMS' },
  ios_push: { label: 'iPhone' },
  android_push: { label: 'Android' },
  huawei_push: { label: 'Huawei' },
  amazon_push: { label: 'Amazon' },
  web_push: { label: 'Browser' },
};

/** Tokens and endpoints are long: their ends tell them apart. */
export function shortAddress({ channel, to }) {
  if (channel === 'email' || channel === 'sms' || to.length <= 24) return to;
  return `${to.slice(0, 10)}…${to.slice(-10)}`;
}
