import { Type } from 'typebox';
import type { Static } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import { readPem } from '../../push/read-pem.ts';
import { LABEL } from '../domain-label.ts';
import { dkimRecordOf, readDkimKey } from './dkim-key.ts';
import type { DkimSettings } from './dkim-key.ts';

const said = {
  domain: Type.String({
    pattern: `^${LABEL}(?:\\.${LABEL})+$`,
    maxLength: 253,
    description:
      'The domain that answers for the mails, in lower case and ASCII. For DMARC it is that of `from_address`, or one above it.',
  }),
  selector: Type.String({
    pattern: `^${LABEL}(?:\\.${LABEL})*$`,
    maxLength: 63,
    description: 'Names the key among those of the domain, such as `carillon1`.',
  }),
};

/** The member `dkim` of requests: all of it or null. */
export const dkimBody = Type.Union([
  Type.Object(
    {
      ...said,
      private_key: Type.String({
        minLength: 1,
        maxLength: 8_192,
        description: 'An RSA key of 1,024 to 4,096 bits or an Ed25519 key: PEM, as it is or in base64.',
      }),
    },
    { additionalProperties: false },
  ),
  Type.Null(),
]);

/** The member `dkim` of answers: what to publish instead of the key. */
export const dkimShown = Type.Union([
  Type.Object({
    ...said,
    record: Type.Object(
      { name: Type.String(), type: Type.Literal('TXT'), value: Type.String() },
      { description: 'What to publish in the DNS, so that receivers find the key.' },
    ),
  }),
  Type.Null(),
]);

/** Throws ApiError when the key is none that receivers check. */
export function readDkim(given: Static<typeof dkimBody>): DkimSettings | null {
  if (given === null) return null;
  const { domain, selector, private_key } = given;
  const privateKey = readPem(private_key);
  if (readDkimKey(privateKey) === null) {
    throw invalidField(
      'dkim.private_key',
      'must be an RSA key of 1,024 to 4,096 bits or an Ed25519 key, without a passphrase, between the lines BEGIN PRIVATE KEY and END PRIVATE KEY',
    );
  }
  return { domain, selector, privateKey };
}

export function showDkim(dkim: DkimSettings | null): Static<typeof dkimShown> {
  if (dkim === null) return null;
  const { domain, selector } = dkim;
  return { domain, selector, record: dkimRecordOf(dkim) };
}
