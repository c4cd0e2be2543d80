import { BlockList, isIP } from 'node:net';

interface Range {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** True for `192.0.2.0/24`, `2001:db8::/32` and single addresses. */
export function isAddressRange(text: string): boolean {
  return parse(text) !== null;
}

/** Answers whether an address is in one of the ranges. IPv4 seen through an IPv6 socket counts as IPv4. */
export function allowlist(ranges: readonly string[]): (ip: string) => boolean {
  const list = new BlockList();
  for (const text of ranges) {
    const range = parse(text);
    if (range !== null) list.addSubnet(range.address, range.prefix, range.family);
  }
  return (ip) => list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}

/** As people write it: IPv4 seen through an IPv6 socket is told as IPv4. */
export function plainAddress(ip: string): string {
  return ip.replace(/^::ffff:(?=\d+\.)/i, '');
}

function parse(text: string): Range | null {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return null;
  const longest = version === 6 ? 128 : 32;
  if (prefix === undefined) return { address, prefix: longest, family: version === 6 ? 'ipv6' : 'ipv4' };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) return null;
  return { address, prefix: Number(prefix), family: version === 6 ? 'ipv6' : 'ipv4' };
}
