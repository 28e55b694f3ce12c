import { afterEach, describe, expect, it } from 'vitest';
import { concierge } from '../../src/local-realtime/concierge.ts';
import { startMcpStage, type McpStage } from './mcp-stage.ts';
import { setStage, type Stage } from './realtime-stage.ts';
import { agentSaid, guestSaid, nextAfter, toolDid } from './takeover-call.ts';

const CREATE = 'create_service_request';
const WELCOME = agentSaid('Welcome to the hotel! How may I help you today?');
const TOWELS = guestSaid('Hi! Could you send 2 extra towels to room 412, please?');
const READ_BACK = agentSaid('Two extra towels to room four one two, is that right?');
const STORED = 'Recorded for housekeeping as request number one oh four.';
const created = (summary = '2x towels, rm 412') => toolDid(CREATE, { summary, room_number: '412' }, STORED);

describe('[MODEL-25] what another agent began', () => {
  it.each([
    [
      'a question of another wording',
      [...WELCOME, ...TOWELS, ...agentSaid('So, two extra towels to 412. Shall I request them?')],
    ],
    ['a read-back that was heard in part', [...WELCOME, ...TOWELS, ...agentSaid('Two extra towels …')]],
    [
      'a read-back of which only the beginning was sent',
      [...WELCOME, ...TOWELS, ...agentSaid('Two extra towels to room')],
    ],
    [
      'a read-back, and the question whether the guest is there',
      [...WELCOME, ...TOWELS, ...READ_BACK, ...agentSaid('Are you still there?')],
    ],
    [
      'a stored phrase after the read-back',
      [...WELCOME, ...TOWELS, ...READ_BACK, ...agentSaid('One moment, please. I will be right with you.')],
    ],
  ])('%s: the open question is asked again, briefly', async (_name, items) => {
    expect(await nextAfter(items)).toMatchObject({
      says: 'Sorry, where were we. Two extra towels to room four one two, is that right?',
      calls: [],
    });
  });

  it.each([
    ['said nothing yet', []],
    ['began to tell it', agentSaid('Your request number for …')],
    ['had a stored phrase played', agentSaid('One moment, I am taking care of that.')],
    ['said something else', agentSaid('All right then.')],
  ])('a request is there and the agent %s: its number is told, and nothing is created again', async (_name, more) => {
    const { says, calls } = await nextAfter([
      ...WELCOME,
      ...TOWELS,
      ...READ_BACK,
      ...guestSaid('Yes.'),
      ...created(),
      ...more,
    ]);
    expect(calls).toEqual([]);
    expect(says).toMatch(/Your request number for the towels is one oh four\. Is there anything else/);
  });

  it.each([
    ['without reading it back', [...WELCOME, ...TOWELS, ...created()]],
    ['and the words for it came late', [...WELCOME, ...created(), ...TOWELS]],
    ['and the yes came late', [...WELCOME, ...TOWELS, ...READ_BACK, ...created(), ...guestSaid('Yes.')]],
    ['in words that name nothing', [...WELCOME, ...TOWELS, ...READ_BACK, ...created('As discussed on the telephone')]],
  ])('a request was created %s: it is not created again', async (_name, items) => {
    const { says, calls } = await nextAfter(items);
    expect(calls).toEqual([]);
    expect(says).toMatch(/request number(?: for the towels)? is one oh four/);
    const told = await nextAfter([
      ...items,
      ...agentSaid('Done, that is request 104. Anything else?'),
      ...guestSaid('What was the number?'),
    ]);
    expect(told).toMatchObject({
      says: 'Your request number is one oh four. Is there anything else I can do for you?',
      calls: [],
    });
  });

  it.each([
    ['the second of two wishes', 'AC broken in 412', 'Two towels and a pillow to room 412'],
    ['a part of a wish', '2 towels, rm 412', 'A pillow to room 412'],
  ])('%s was recorded: the rest is still to be done', async (_name, summary, rest) => {
    const { summaries, says } = await nextAfter([
      ...WELCOME,
      ...guestSaid('Two towels and a pillow, and the air conditioning in room 412 is broken.'),
      ...agentSaid('Two towels and a pillow and someone for the air conditioning, room four one two, is that right?'),
      ...guestSaid('yes'),
      ...created(summary),
    ]);
    expect(says).toBe('');
    expect(summaries).toContain(rest);
    expect(summaries.length).toBe(summary.startsWith('AC') ? 1 : 2);
  });

  it('what was recorded in its own words alone can be corrected', async () => {
    const items = [
      ...WELCOME,
      ...created('2 towels, rm 412'),
      ...agentSaid('Done, that is request 104. Anything else?'),
    ];
    expect((await nextAfter([...items, ...guestSaid('no room four thirteen')])).says).toBe(
      'Two towels to room four one three instead, is that right?',
    );
  });

  it.each(['Facts about …', 'Facts about', 'Facts about breakfast.'])(
    'an answer that was heard only as "%s" is given in full',
    async (heard) => {
      const told = toolDid('get_hotel_information', { topic: 'breakfast' }, 'Facts about breakfast. And more.');
      const items = [...WELCOME, ...guestSaid('When is breakfast?'), ...told, ...agentSaid(heard)];
      expect((await nextAfter(items)).says).toBe(
        'Sorry, where were we. Facts about breakfast. And more. Is there anything else I can do for you?',
      );
    },
  );

  it.each([
    [
      'a yes that was answered with puzzlement',
      [...READ_BACK, ...guestSaid('Yes.'), ...agentSaid("Sorry, I didn't quite catch that. Right?")],
    ],
    ['a yes to words that were not heard at all', [...agentSaid('…'), ...guestSaid('yes')]],
    [
      'a request about something else',
      [...READ_BACK, ...created('1 pillow, rm 412'), ...agentSaid('Done: request 104.')],
    ],
  ])('%s leaves the wish open', async (_name, more) => {
    const { says, calls } = await nextAfter([...WELCOME, ...TOWELS, ...more]);
    expect(calls).toEqual([]);
    expect(says).toMatch(/Two extra towels to room four one two, is that right\?$/);
  });

  it('a stored phrase answers nothing', async () => {
    const items = [...guestSaid('are you a robot'), ...agentSaid('One moment, please. I will be right with you.')];
    expect((await nextAfter([...WELCOME, ...items])).says).toMatch(/automated assistant/);
  });

  it('[BARGE-8] "mm-hm" is no yes to a question of which the guest heard the beginning', async () => {
    const items = [...WELCOME, ...TOWELS, ...READ_BACK, ...agentSaid('Sorry, where …'), ...guestSaid('mm-hm')];
    expect(await nextAfter(items)).toMatchObject({
      says: 'Sorry, where were we. Two extra towels to room four one two, is that right?',
      calls: [],
    });
  });

  it('a goodbye that was said is not said again, and the call ends', async () => {
    const items = [...WELCOME, ...guestSaid('never mind, goodbye')];
    expect(await nextAfter([...items, ...agentSaid('Thank you for calling. Goodbye.')])).toMatchObject({
      says: '',
      calls: ['hang_up'],
    });
    expect((await nextAfter([...items, ...agentSaid('Thank you …')])).says).toMatch(/Goodbye\.$/);
  });

  it('a guest who speaks again after the goodbye is answered', async () => {
    const ended = toolDid('hang_up', { reason: 'The guest has nothing more to say' }, 'The call ends now.');
    const items = [...WELCOME, ...guestSaid('goodbye'), ...agentSaid('Thank you for calling. Goodbye.'), ...ended];
    expect(await nextAfter(items)).toMatchObject({ says: 'Thank you for calling. Goodbye.', calls: [] });
    expect((await nextAfter([...items, ...TOWELS])).says).toMatch(/^Two extra towels to room four one two, is that/);
  });

  it('a guest who is being put through is told so, and asked nothing', async () => {
    const done = toolDid('transfer_call', { department: 'spa' }, 'The guest is being put through now.');
    expect(await nextAfter([...WELCOME, ...guestSaid('the spa please, put me through'), ...done])).toMatchObject({
      says: 'I am putting you through now.',
      calls: [],
    });
  });

  it('a greeting that was heard in part is not said again', async () => {
    expect((await nextAfter(agentSaid('Hello, this is Bell, …'))).says).toBe('How can I help you?');
  });

  it('a guest who is verified is not asked again', async () => {
    const verified = toolDid(
      'verify_guest',
      { room_number: '412', last_name: 'Miller' },
      'Verified: the guest of room 4 1 2.',
    );
    const items = [
      ...WELCOME,
      ...guestSaid('what about my request, room 412, Miller'),
      ...agentSaid('And your last name, please?'),
    ];
    expect((await nextAfter([...items, ...guestSaid('Miller'), ...verified])).calls).toEqual(['get_service_requests']);
  });

  it("keys that were typed are the guest's answer", async () => {
    const items = [...WELCOME, ...guestSaid('two towels please'), ...agentSaid('What is your room number, please?')];
    expect((await nextAfter([...items, ...guestSaid("(typed on the telephone's keys) 412")])).says).toBe(
      'Two towels to room four one two, is that right?',
    );
  });
});

describe('[MODEL-25] native tools', () => {
  let stage: Stage;
  let mcp: McpStage;
  afterEach(async () => {
    await stage.close();
    await mcp.close();
  });

  it('the first answer waits for their list', async () => {
    mcp = await startMcpStage({ listDelayMs: 150 });
    stage = await setStage({ reply: (input) => concierge.reply(input) });
    const client = await stage.connect();
    const tools = [{ type: 'mcp', server_label: 'hotel', server_url: mcp.url, require_approval: 'never' }];
    await client.update({ tools });
    client.send({ type: 'response.create' });
    await client.next('response.done');
    expect(stage.asked[0]?.tools.map(({ name }) => name)).toContain('order_towels');
  });
});
