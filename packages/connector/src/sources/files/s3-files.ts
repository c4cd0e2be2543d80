// It is CommonJS whose names Node does not find: they are members of the default.
import aws4 from 'aws4';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { S3Access } from '../../config/files.ts';
import { send } from '../http/send.ts';
import type { Ask } from '../http/send.ts';
import { FileBroken } from './file-broken.ts';
import { httpFile } from './http-file.ts';
import { isPattern, namePattern } from './name-pattern.ts';
import type { StoredFile } from './stored-file.ts';

type Sign = (ask: Ask) => Promise<Record<string, string>>;

/**
 * The objects of `s3://bucket/key`, in the order of their names.
 *
 * @throws ConfigInvalid without keys; FileBroken where no object has such a name.
 */
export async function s3Files(path: string, access: S3Access, signal: AbortSignal): Promise<StoredFile[]> {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (key === '') throw new ConfigInvalid('source.tables', `${path} is written s3://bucket/key`);
  const region = access.region ?? process.env['AWS_REGION'] ?? 'us-east-1';
  const sign = signer(access, region);
  const root =
    access.endpoint === undefined
      ? `https://${bucket}.s3.${region}.amazonaws.com`
      : `${access.endpoint.replace(/\/$/, '')}/${bucket}`;
  const at = (key: string) =>
    httpFile(`s3://${bucket}/${key}`, `${root}/${key.split('/').map(encodeKey).join('/')}`, sign, signal);
  if (!isPattern(key)) return [at(key)];
  const prefix = key.slice(0, key.search(/[*?]/));
  const pattern = namePattern(key);
  const keys = await listKeys(root, prefix, path, sign, signal);
  const found = keys.filter((name) => pattern.test(name)).toSorted();
  if (found.length === 0) throw new FileBroken(path, null, 'no object has such a name');
  return found.map(at);
}

function signer(access: S3Access, region: string): Sign {
  const accessKeyId = access.accessKeyId ?? process.env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = access.secretAccessKey ?? process.env['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = access.sessionToken ?? process.env['AWS_SESSION_TOKEN'];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new ConfigInvalid('source.s3', 'needs accessKeyId and secretAccessKey, here or in the environment');
  }
  return ({ method = 'GET', url, headers = {} }) => {
    const { host, pathname, search } = new URL(url);
    // Not signed: on its way `fetch` may write it anew.
    const { 'accept-encoding': _encoding, ...lasting } = headers as Record<string, string>;
    const signed = aws4.sign(
      { service: 's3', region, method, host, path: pathname + search, headers: lasting },
      { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    );
    const { Host: _, ...sent } = signed.headers as Record<string, string | number>;
    return Promise.resolve(
      Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, String(value)])),
    );
  };
}

async function listKeys(
  root: string,
  prefix: string,
  what: string,
  authorize: Sign,
  signal: AbortSignal,
): Promise<string[]> {
  const keys: string[] = [];
  for (let token: string | undefined = undefined; ;) {
    const more: string = token === undefined ? '' : `continuation-token=${encodeKey(token)}&`;
    const url = `${root}/?${more}list-type=2&prefix=${encodeKey(prefix)}`;
    const text = await (await send({ url }, { what, signal, authorize })).text();
    keys.push(...[...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => unescapeXml(key)));
    if (!text.includes('<IsTruncated>true</IsTruncated>')) return keys;
    token = unescapeXml(/<NextContinuationToken>([^<]*)</.exec(text)?.[1] ?? '');
    if (token === '') throw new FileBroken(what, null, 'the list of objects is not whole');
  }
}

/** As the signature counts it: encodeURIComponent leaves five characters that S3 wants encoded. */
function encodeKey(part: string): string {
  return encodeURIComponent(part).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.codePointAt(0)?.toString(16).toUpperCase()}`,
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replaceAll(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const digits = name.slice(1);
    return String.fromCodePoint(
      digits.startsWith('x') ? Number.parseInt(digits.slice(1), 16) : Number(digits),
    );
  });
}
