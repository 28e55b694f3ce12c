/** Who can reach us where: decides between native tools and functions (rule TOOL-48). Pure. */

/**
 * @param realtime where the agent's Realtime server runs. @param publicUrl where the carrier reaches us, if it was set.
 * @param localUrl where this machine reaches us.
 * @returns where the model's side calls our tools, or why it cannot.
 */
export function mcpReach(
  realtime: 'hosted' | 'local',
  publicUrl: string | undefined,
  localUrl: string,
): { url: string } | { reason: string } {
  if (realtime === 'local') return { url: `${localUrl}/mcp` };
  const problem = publicUrl === undefined ? 'not set' : problemOf(publicUrl);
  return problem === undefined
    ? { url: `${publicUrl}/mcp` }
    : { reason: `PUBLIC_URL is ${problem}, so the model’s side cannot reach our tools` };
}

/**
 * Why the model's side does not call a server of somebody else itself, in words for staff; undefined: it does. Our own engine
 * has nothing to gain by it: where it may choose, we call the server, which we can bound and stop.
 * @param isInside the operator's file says that the host is in the hotel's own network.
 */
export function nativeProblem(
  realtime: 'hosted' | 'local',
  mode: 'native' | 'client' | 'auto',
  url: string,
  isInside = false,
): string | undefined {
  if (realtime === 'local') return mode === 'auto' ? 'Our own engine leaves the call of it to us.' : undefined;
  const problem = problemOf(url) ?? (isInside ? 'not public' : undefined);
  return problem && `The address is ${problem}, so the model’s side cannot reach it.`;
}

function problemOf(url: string): string | undefined {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:') return 'not https';
  return isPrivate(hostname) ? 'not public' : undefined;
}

/** Of this machine or its network; so is what has no dot at all, unless it is an IPv6 address. */
const INSIDE_NAMES = /^[^.:]+$|\.(localhost|local|localdomain|internal|intranet|private|corp|home|lan|svc|home\.arpa)$/;

function isPrivate(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (INSIDE_NAMES.test(name)) return true;
  if (name.includes(':')) return name === '::1' || /^(fc|fd|fe8|fe9|fea|feb)/.test(name);
  const [a = 0, b = 0] = name.split('.').map(Number);
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
  return (
    isAddress &&
    (a === 0 ||
      a === 10 ||
      a === 127 ||
      (a === 169 && b === 254) ||
      (a === 172 && b >= 16 && b < 32) ||
      (a === 192 && b === 168))
  );
}
