/** A `Publish` to a number, as it was asked for. */
export interface AskedPublish {
  readonly to: string;
  readonly text: string;
  readonly from: string;
  readonly delivery: string | null;
}

const LONGEST = 1_600;

/** The message of a form, or what SNS says is wrong with it. */
export function readPublish(body: string): AskedPublish | { readonly code: string; readonly words: string } {
  const form = new URLSearchParams(body);
  if (form.get('Action') !== 'Publish')
    return { code: 'InvalidAction', words: 'Could not find the operation' };
  const to = form.get('PhoneNumber') ?? '';
  const text = form.get('Message') ?? '';
  if (!/^\+[1-9]\d{6,14}$/.test(to)) {
    return {
      code: 'InvalidParameter',
      words: `Invalid parameter: PhoneNumber Reason: ${to} is not valid to publish to`,
    };
  }
  if (text === '') return { code: 'InvalidParameter', words: 'Invalid parameter: Empty message' };
  if (text.length > LONGEST)
    return { code: 'InvalidParameter', words: 'Invalid parameter: Message too long' };
  const attributes = attributesOf(form);
  const from = attributes.get('AWS.MM.SMS.OriginationNumber') ?? attributes.get('AWS.SNS.SMS.SenderID') ?? '';
  return { to, text, from, delivery: attributes.get('delivery') ?? null };
}

function attributesOf(form: URLSearchParams): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (let n = 1; ; n += 1) {
    const name = form.get(`MessageAttributes.entry.${n}.Name`);
    if (name === null) return attributes;
    attributes.set(name, form.get(`MessageAttributes.entry.${n}.Value.StringValue`) ?? '');
  }
}
