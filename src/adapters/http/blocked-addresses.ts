import { BlockList, isIP, isIPv6 } from 'node:net';

/** Networks that are not the public internet (IANA special-purpose registries), and one metadata service with a public address. */
const networks: readonly (readonly [address: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Azure answers its machines here.
  ['168.63.129.16', 32],
  // Unspecified, loopback and the addresses that hold an IPv4 address in their end.
  ['::', 96],
  ['::ffff:0:0', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

// One list a family: a list of both takes every IPv4 address for the IPv6 one that embeds it.
const lists = { 4: new BlockList(), 6: new BlockList() } as const;
for (const [address, prefix] of networks) {
  if (isIPv6(address)) lists[6].addSubnet(address, prefix, 'ipv6');
  else lists[4].addSubnet(address, prefix, 'ipv4');
}

/** Whether an IP address lies outside the public internet. An address that is none is blocked too. */
export function isBlocked(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 4) return lists[4].check(plain, 'ipv4');
  return family === 6 ? lists[6].check(plain, 'ipv6') : true;
}
