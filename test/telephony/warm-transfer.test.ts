/** A call on its way to a department, as the carrier tells and asks it: whisper, keys, and how the dial came out. */
import { parseXml, type XmlElement } from '@rgrove/parse-xml';
import fastify, { type FastifyInstance } from 'fastify';
import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallControl } from '../../src/call/ports.ts';
import { systemClock } from '../../src/system-clock.ts';
import { registerVoiceRoutes } from '../../src/telephony/voice-routes.ts';

const PUBLIC_URL = 'https://hotel.example.com';
const AUTH_TOKEN = 'secret-token';
const words = { summary: 'Towels & "soap" for <412>. Press one.', again: 'Press one.' };

let app: FastifyInstance;
let control: CallControl;
let told: string[];
let twimls: string[];

beforeEach(async () => {
  told = [];
  twimls = [];
  app = fastify();
  await registerVoiceRoutes(app, {
    publicUrl: () => PUBLIC_URL,
    authToken: AUTH_TOKEN,
    updateCall: async (_callSid, change) => void twimls.push('twiml' in change ? change.twiml : change.status),
    numbers: { 'front-desk': '+15550110', housekeeping: '+15550111', spa: 'sip:spa@hotel.example.com' },
    frontDesk: 'front-desk',
    greeting: undefined,
    apology: 'Sorry.',
    switchboard: {
      callArrived: (arrival) => ((control = arrival.control), 'take'),
      streamOpened: () => undefined,
      streamFaulted: () => {},
      callStatus: () => void told.push('over'),
      colleagueAccepted: () => void told.push('accepted'),
      dialEnded: (_callId, outcome) => (
        told.push(outcome),
        outcome === 'connected' || outcome === 'cancelled' ? 'hang-up' : 'resume'
      ),
    },
    clock: systemClock,
  });
  await post('/twilio/voice', { CallSid: 'CA1' });
});
afterEach(() => app.close());

async function post(path: string, fields: Record<string, string>, signature?: string) {
  const signed = signature ?? twilio.getExpectedTwilioSignature(AUTH_TOKEN, PUBLIC_URL + path, fields);
  const headers = { 'x-twilio-signature': signed, 'content-type': 'application/x-www-form-urlencoded' };
  const response = await app.inject({
    method: 'POST',
    url: path,
    headers,
    payload: new URLSearchParams(fields).toString(),
  });
  return { status: response.statusCode, text: response.body };
}

/** Dials, and follows the URLs of the dial as the carrier does: under the addresses that the TwiML names. */
async function dial(department = 'housekeeping', isCold = false) {
  expect(await control.dial(department, isCold ? undefined : words)).toBe('done');
  const root = parseXml(twimls.at(-1) ?? '').root?.children[0] as XmlElement;
  const target = root.children[0] as XmlElement;
  const path = (url: string | undefined): string => (url ?? '').replace(PUBLIC_URL, '');
  const whisperUrl = target.attributes.url;
  const leg = { CallSid: 'CA2', ParentCallSid: 'CA1' };
  return {
    target,
    whisperUrl,
    actionUrl: path(root.attributes.action),
    whisper: (more = {}) => post(path(whisperUrl), { ...leg, ...more }),
    press: (Digits: string, more = {}) =>
      post(path(whisperUrl).replace('/whisper?', '/whisper-key?'), { ...leg, Digits, ...more }),
    ends: (fields: Record<string, string>) =>
      post(path(root.attributes.action), { CallSid: 'CA1', CallStatus: 'in-progress', ...fields }),
  };
}
const HANG_UP = /<Response><Hangup\/><\/Response>$/;

describe('warm transfer', () => {
  it('[XFER-47] the colleague hears the summary and is joined with the guest by pressing one', async () => {
    const { whisper, press, ends, target } = await dial();
    expect(target.text).toBe('+15550111');
    const { text } = await whisper();
    const gather = parseXml(text).root?.children[0] as XmlElement;
    expect(gather).toMatchObject({ name: 'Gather', attributes: { numDigits: '1', actionOnEmptyResult: 'true' } });
    expect(gather.text).toBe(words.summary);
    expect(told).toEqual([]);
    expect((await press('1')).text).toMatch(/<Response\/>$/);
    expect((await press('1')).text).toMatch(/<Response\/>$/);
    expect(told).toEqual(['accepted']);
    expect((await ends({ DialCallStatus: 'completed', DialBridged: 'true' })).text).toMatch(HANG_UP);
    expect(told).toEqual(['accepted', 'connected']);
  });

  it('[XFER-47] two declines, whatever the carrier calls it, and the guest is back', async () => {
    const { whisper, press, ends } = await dial();
    await whisper();
    expect((await press('2')).text).toMatch(HANG_UP);
    expect((await press('1')).text).toMatch(HANG_UP);
    expect((await ends({ DialCallStatus: 'completed' })).text).toContain('<Stream');
    expect(told).toEqual(['declined']);
  });

  it('[XFER-47] no key, or another one, is asked once more; a voicemail never takes the call', async () => {
    const { whisper, press, ends } = await dial();
    await whisper();
    const again = await press('7');
    expect(again.text).toContain(`<Say>${words.again}</Say>`);
    expect((await press('')).text).toMatch(HANG_UP);
    expect((await press('1')).text).toMatch(HANG_UP);
    expect((await ends({ DialCallStatus: 'completed' })).text).toContain('<Stream');
    expect(told).toEqual(['no-answer']);
  });

  it.each(['busy', 'no-answer', 'failed'])('[XFER-36] a telephone that is %s brings the guest back', async (status) => {
    const { ends } = await dial();
    expect((await ends({ DialCallStatus: status })).text).toContain('<Stream');
    expect(told).toEqual([status]);
  });

  it('[XFER-47] a colleague who accepted and was never joined with the guest has not taken the call', async () => {
    const { whisper, press, ends } = await dial();
    await whisper();
    await press('1');
    expect((await ends({ DialCallStatus: 'completed', DialBridged: 'false' })).text).toContain('<Stream');
    expect(told).toEqual(['accepted', 'failed']);
  });

  it('a cold transfer asks nobody, and a SIP telephone can be asked too', async () => {
    const cold = await dial('spa', true);
    expect(cold.target).toMatchObject({ name: 'Sip', text: 'sip:spa@hotel.example.com' });
    expect(cold.whisperUrl).toBeUndefined();
    await cold.ends({ DialCallStatus: 'completed' });
    expect(told).toEqual(['connected']);
    expect((await dial('spa')).whisperUrl).toContain('/twilio/whisper?dial=');
  });

  it('[T1] a department without a number is not dialled', async () => {
    expect(await control.dial('maintenance', words)).toBe('failed');
    expect(twimls).toEqual([]);
  });
});

describe('webhooks of a dial', () => {
  it('[XFER-48] a wrong signature, another call and another dial change nothing', async () => {
    const { whisper, press, actionUrl } = await dial();
    await post('/twilio/voice', { CallSid: 'CA9' });
    expect((await whisper({ ParentCallSid: 'CA9' })).text).toMatch(HANG_UP);
    expect((await press('1', { ParentCallSid: 'CA9' })).text).toMatch(HANG_UP);
    const id = new URLSearchParams(actionUrl.split('?')[1]).get('dial') ?? '';
    const key = { CallSid: 'CA2', ParentCallSid: 'CA1', Digits: '1' };
    for (const query of ['', '?dial=', `?dial=${id.slice(1)}`])
      expect((await post(`/twilio/whisper-key${query}`, key)).text).toMatch(HANG_UP);
    const elsewhere = twilio.getExpectedTwilioSignature(AUTH_TOKEN, `${PUBLIC_URL}/twilio/whisper-key`, key);
    expect((await post(`/twilio/whisper-key?dial=${id}`, key, elsewhere)).status).toBe(403);
    expect(told).toEqual([]);
  });

  it('[XFER-48] once the guest has hung up, the colleague’s leg is hung up too', async () => {
    const { whisper, press, ends } = await dial();
    await whisper();
    await ends({ DialCallStatus: 'no-answer', CallStatus: 'completed' });
    expect(told).toEqual(['cancelled']);
    await post('/twilio/status', { CallSid: 'CA1', CallStatus: 'completed' });
    expect((await whisper()).text).toMatch(HANG_UP);
    expect((await press('1')).text).toMatch(HANG_UP);
    expect(told).toEqual(['cancelled', 'over']);
  });

  it('[XFER-48] the same when the carrier tells only that the call is over', async () => {
    const { whisper, press } = await dial();
    await whisper();
    await post('/twilio/status', { CallSid: 'CA1', CallStatus: 'completed' });
    expect((await press('1')).text).toMatch(HANG_UP);
    expect((await whisper()).text).toMatch(HANG_UP);
    expect(told).toEqual(['over']);
  });

  it('[XFER-48] a result that is told twice is answered the same and is one', async () => {
    const { ends, whisper } = await dial();
    const first = await ends({ DialCallStatus: 'busy' });
    expect((await ends({ DialCallStatus: 'busy' })).text).toBe(first.text);
    expect(told).toEqual(['busy']);
    expect((await whisper()).text).toMatch(HANG_UP);
  });

  it('[XFER-48] the end of an earlier dial, or of one from before a restart, gives the guest to the desk', async () => {
    const { ends } = await dial();
    await dial();
    expect((await ends({ DialCallStatus: 'busy' })).text).toContain('+15550110');
    const unknown = await post('/twilio/dial-result?dial=before', {
      CallSid: 'CA7',
      DialCallStatus: 'completed',
      DialBridged: 'false',
    });
    expect(unknown.text).toContain('+15550110');
    expect(told).toEqual([]);
  });
});
