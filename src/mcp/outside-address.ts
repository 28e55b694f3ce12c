/**
 * Which addresses of others we may speak to (T10): https to global unicast addresses alone. What the operator's own file names
 * may lie in the hotel's network, without https where it says so; for development a loopback host may be reached. Pure.
 */
import ipaddr from 'ipaddr.js';

/** How far requests may go. The lists come from the operator's file, never from staff. */
export interface OutsideRules {
  /** A development switch: localhost, 127.0.0.0/8 and [::1], also without https. */
  isLoopbackAllowed: boolean;
  /** `host` or `*.suffix`, lower case; when it names any, no other public host is allowed. */
  trustedHosts: readonly string[];
  /** Lower case. `host` or `host:port`: may have private addresses, by https. `http://host[:port]`: has them, without https. */
  privateHosts?: readonly string[];
}

/** An address that we do not go to. The message is one line for staff; nothing of a secret stands in it. */
export class OutsideAddressError extends Error {
  override readonly name = 'OutsideAddressError';
}

/** What a host may resolve to. `inside`: private addresses and nothing else, since it is spoken to without https. */
export type Reach = 'public' | 'private' | 'inside' | 'loopback';

const MAX_URL_LENGTH = 2_048;
const WITHOUT_HTTPS =
  'expected https: without it only hosts that bellhop.yaml lists with http:// under private_hosts are spoken to';
/** Services that speak no http, where a request of ours could still be understood as something else. */
const NO_HTTP_PORTS: ReadonlySet<string> = new Set(
  (
    '0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 ' +
    '137 138 139 143 161 179 389 427 445 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 873 989 990 ' +
    '993 995 1433 1521 1719 1720 1723 2049 3306 3389 3659 4045 4190 5060 5061 5432 5672 5900 6000 6379 6566 6665 6666 ' +
    '6667 6668 6669 6679 6697 10080 11211 27017'
  ).split(' '),
);
/** Endings of names that mean something inside a network only. */
const INSIDE_NAMES =
  /(^|\.)(localhost|local|localdomain|internal|intranet|private|corp|home|lan|svc|home\.arpa|onion)$/;
/** Where clouds tell a machine its secrets, and are not refused as private, link-local or reserved already. */
const METADATA = new Set(['100.100.100.200', '168.63.129.16', 'fd00:ec2::254', 'fd20:ce::254']);

/** @returns what is wrong with the address, in words for staff, as far as it shows without asking the network; undefined: nothing. */
export function checkOutsideUrl(text: string, rules: OutsideRules): string | undefined {
  // URL drops and turns some of these silently, so that people and machines would read different addresses.
  if (text.length > MAX_URL_LENGTH) return `expected an address of at most ${MAX_URL_LENGTH} characters`;
  // eslint-disable-next-line no-control-regex
  if (/[\s\u0000-\u001f\u007f\\]/.test(text)) return 'expected an address without spaces and backslashes';
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(text)) return 'expected an address such as https://tools.example.com/mcp';
  if (!URL.canParse(text)) return 'expected an address such as https://tools.example.com/mcp';
  return mistakeIn(new URL(text), rules);
}

function mistakeIn(url: URL, rules: OutsideRules): string | undefined {
  const { hostname } = url;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'expected https';
  if (url.username !== '' || url.password !== '' || /^\w+:\/\/[^/?#]*@/.test(url.href))
    return 'expected no user name or password in the address: there is `authorization` for it';
  if (hostname.endsWith('.')) return 'expected a host without a dot at its end';
  const reach = reachOf(url, rules);
  if (url.protocol !== 'https:' && reach !== 'loopback' && reach !== 'inside') return WITHOUT_HTTPS;
  if (NO_HTTP_PORTS.has(url.port)) return `port ${url.port} belongs to another service than https`;
  const address = literalOf(hostname);
  if (address !== undefined) return mistakeOfAddress(address, reach) ?? untrusted(hostname, reach, rules);
  if (reach === 'public' && (INSIDE_NAMES.test(hostname) || !hostname.includes('.')))
    return `${hostname} is a name inside a network: only hosts that bellhop.yaml lists under private_hosts may be there`;
  return untrusted(hostname, reach, rules);
}

function untrusted(hostname: string, reach: Reach, { trustedHosts }: OutsideRules): string | undefined {
  if (reach !== 'public' || trustedHosts.length === 0) return undefined;
  const isTrusted = trustedHosts.some((host) =>
    host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host,
  );
  return isTrusted ? undefined : `${hostname} is not among the hosts that bellhop.yaml trusts`;
}

/** @returns how far the host of the address may be away, as the operator decided. */
export function reachOf(url: URL, { isLoopbackAllowed, privateHosts = [] }: OutsideRules): Reach {
  const { hostname } = url;
  if (isLoopbackAllowed && isLoopbackHost(hostname)) return 'loopback';
  const isNamed = (...names: string[]): boolean => names.some((name) => privateHosts.includes(name));
  const [port, at] = [portOf(url), `${hostname}:${portOf(url)}`];
  if (url.protocol === 'http:' && isNamed(`http://${at}`, ...(port === 80 ? [`http://${hostname}`] : [])))
    return 'inside';
  return isNamed(hostname, at) ? 'private' : 'public';
}

/** @returns why a host of this reach may not be at the address, in words for staff; undefined: it may. */
export function mistakeOfAddress(address: string, reach: Reach): string | undefined {
  if (!ipaddr.isValid(address)) return `${address} is no address`;
  const parsed = embedded(ipaddr.parse(address));
  const [plain, range] = [parsed.toString(), parsed.range()];
  if (METADATA.has(plain)) return `${address} belongs to the machine's own network`;
  if (reach === 'loopback') return range === 'loopback' ? undefined : `${address} is no address of this machine`;
  const isPrivate = range === 'private' || range === 'uniqueLocal' || range === 'carrierGradeNat';
  if (reach === 'inside') return isPrivate ? undefined : `${address} is no address of the hotel's network`;
  if (range === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST))) return undefined;
  return reach === 'private' && isPrivate ? undefined : `${address} is no public address`;
}

const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
const NAT64: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];

/** IPv4 within IPv6 is what counts where translators deliver to it. Other tunnels are no unicast and refused as they are. */
function embedded(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4) return address;
  if (!address.isIPv4MappedAddress() && !address.match(NAT64)) return address;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}

const portOf = ({ port, protocol }: URL): number => (port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port));

/** @returns the address when the host is one: URL has brought decimal, octal and hexadecimal forms into the usual one. */
function literalOf(hostname: string): string | undefined {
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  return ipaddr.IPv4.isValidFourPartDecimal(hostname) ? hostname : undefined;
}

function isLoopbackHost(hostname: string): boolean {
  const address = literalOf(hostname);
  if (address !== undefined) return mistakeOfAddress(address, 'loopback') === undefined;
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}
