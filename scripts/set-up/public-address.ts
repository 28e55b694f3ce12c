/** Is this machine reached from outside, and do signatures survive the way? Asked as the carrier would. */
import twilio from 'twilio';
import { get, wrong, type Finding } from './probes.ts';

const ANSWER_WITHIN_MS = 8_000;

/** @param publicUrl without a trailing slash. */
export async function probePublicAddress(publicUrl: string): Promise<Finding> {
  const { protocol, host } = new URL(publicUrl);
  if (protocol !== 'https:')
    return wrong(
      `PUBLIC_URL ${publicUrl} is not https.`,
      'Media streams need wss: put a TLS proxy or a tunnel in front.',
    );
  const status = await get(`${publicUrl}/healthz`);
  if (status === undefined)
    return wrong(`${host} cannot be reached.`, 'Check its name, the proxy or the tunnel, and that Bellhop runs.');
  if (status !== 200)
    return wrong(`${host} answers ${status} to /healthz.`, 'Point the proxy or tunnel to Bellhop’s port.');
  return { state: 'good', sentence: `${host} reaches Bellhop.` };
}

/** A signed webhook must be taken and an unsigned one refused. The call it tells about is unknown, so nothing happens. */
export async function probeSignature(publicUrl: string, authToken: string): Promise<Finding> {
  const url = `${publicUrl}/twilio/status`;
  const form = { CallSid: `CA${'0'.repeat(32)}`, CallStatus: 'in-progress' };
  const unsigned = await post(url, form, 'none');
  const signed = await post(url, form, twilio.getExpectedTwilioSignature(authToken, url, form));
  if (unsigned === undefined || signed === undefined)
    return wrong('Webhooks do not reach Bellhop.', 'Start it with npm start and look at the proxy or tunnel.');
  if (unsigned !== 403)
    return wrong(
      `An unsigned webhook is answered with ${unsigned}.`,
      'Something else than Bellhop answers at PUBLIC_URL.',
    );
  if (signed === 403)
    return wrong(
      'Signed webhooks are refused.',
      'Bellhop must run with this PUBLIC_URL and this TWILIO_AUTH_TOKEN, exactly; restart it after a change.',
    );
  if (signed !== 204) return wrong(`A signed webhook is answered with ${signed}.`, 'Look at Bellhop’s log.');
  return { state: 'good', sentence: 'Signed webhooks are taken, unsigned ones refused.' };
}

async function post(url: string, form: Record<string, string>, signature: string): Promise<number | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'x-twilio-signature': signature },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}
