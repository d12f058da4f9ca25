/**
 * What kind of address it is. `loopback` and `private` are reachable by the operator's leave, `embedded` ones
 * are judged by the IPv4 address in their last 32 bits, and all others are never reachable.
 */
export type AddressClass =
  'embedded' | 'metadata' | 'unspecified' | 'link-local' | 'multicast' | 'loopback' | 'private' | 'reserved';

/** One row of the table: the most specific row that contains an address decides. */
export interface SpecialAddressRange {
  range: string;
  addressClass: AddressClass;
  /** Who says so, and what for. */
  source: string;
}

/** The ranges that are not public. Spec: the table before POL-001. */
export const SPECIAL_ADDRESS_RANGES: readonly SpecialAddressRange[] = [
  { range: '0.0.0.0/8', addressClass: 'unspecified', source: 'RFC 1122' },
  { range: '10.0.0.0/8', addressClass: 'private', source: 'RFC 1918' },
  { range: '100.64.0.0/10', addressClass: 'private', source: 'RFC 6598' },
  { range: '100.100.100.200/32', addressClass: 'metadata', source: 'Alibaba Cloud' },
  { range: '127.0.0.0/8', addressClass: 'loopback', source: 'RFC 1122' },
  { range: '168.63.129.16/32', addressClass: 'metadata', source: 'Azure' },
  { range: '169.254.0.0/16', addressClass: 'link-local', source: 'RFC 3927' },
  { range: '169.254.169.254/32', addressClass: 'metadata', source: 'AWS, Azure, Google Cloud' },
  { range: '169.254.170.2/32', addressClass: 'metadata', source: 'AWS ECS' },
  { range: '169.254.170.23/32', addressClass: 'metadata', source: 'AWS EKS' },
  { range: '172.16.0.0/12', addressClass: 'private', source: 'RFC 1918' },
  { range: '192.0.0.0/24', addressClass: 'reserved', source: 'protocols, RFC 6890' },
  { range: '192.0.0.192/32', addressClass: 'metadata', source: 'Oracle Cloud' },
  { range: '192.0.2.0/24', addressClass: 'reserved', source: 'documentation, RFC 5737' },
  { range: '192.88.99.0/24', addressClass: 'reserved', source: '6to4 relay, RFC 7526' },
  { range: '192.168.0.0/16', addressClass: 'private', source: 'RFC 1918' },
  { range: '198.18.0.0/15', addressClass: 'reserved', source: 'benchmark, RFC 2544' },
  { range: '198.51.100.0/24', addressClass: 'reserved', source: 'documentation, RFC 5737' },
  { range: '203.0.113.0/24', addressClass: 'reserved', source: 'documentation, RFC 5737' },
  { range: '224.0.0.0/4', addressClass: 'multicast', source: 'RFC 5771' },
  { range: '240.0.0.0/4', addressClass: 'reserved', source: 'RFC 1112' },
  { range: '255.255.255.255/32', addressClass: 'reserved', source: 'broadcast, RFC 919' },

  // Global unicast is 2000::/3 alone (RFC 4291): these three are all the rest, 64:ff9b:1::/48 (local NAT64),
  // IPv4-compatible and site-local addresses among it. More specific rows carve out of them.
  { range: '::/3', addressClass: 'reserved', source: 'RFC 4291' },
  { range: '4000::/2', addressClass: 'reserved', source: 'RFC 4291' },
  { range: '8000::/1', addressClass: 'reserved', source: 'RFC 4291' },
  { range: '::/128', addressClass: 'unspecified', source: 'RFC 4291' },
  { range: '::1/128', addressClass: 'loopback', source: 'RFC 4291' },
  { range: '::ffff:0:0/96', addressClass: 'embedded', source: 'IPv4-mapped, RFC 4291' },
  { range: '64:ff9b::/96', addressClass: 'embedded', source: 'NAT64, RFC 6052' },
  {
    range: '2001::/23',
    addressClass: 'reserved',
    source: 'protocols, Teredo and benchmark among them, RFC 2928',
  },
  { range: '2001:db8::/32', addressClass: 'reserved', source: 'documentation, RFC 3849' },
  { range: '2002::/16', addressClass: 'reserved', source: '6to4, RFC 3056' },
  { range: '3fff::/20', addressClass: 'reserved', source: 'documentation, RFC 9637' },
  { range: 'fc00::/7', addressClass: 'private', source: 'RFC 4193' },
  { range: 'fd00:ec2::23/128', addressClass: 'metadata', source: 'AWS EKS' },
  { range: 'fd00:ec2::254/128', addressClass: 'metadata', source: 'AWS' },
  { range: 'fd20:ce::254/128', addressClass: 'metadata', source: 'Google Cloud' },
  { range: 'fe80::/10', addressClass: 'link-local', source: 'RFC 4291' },
  { range: 'ff00::/8', addressClass: 'multicast', source: 'RFC 4291' },
];
