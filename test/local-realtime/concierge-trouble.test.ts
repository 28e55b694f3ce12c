import { describe, expect, it } from 'vitest';
import { concierge } from '../../src/local-realtime/concierge.ts';
import { Guest, TOOLS } from './concierge-guest.ts';

const without = (...names: string[]) => TOOLS.filter(({ name }) => !names.includes(name));

describe('when it goes wrong', () => {
  it('two utterances that were not understood offer the front desk, a third is put through', () => {
    const guest = new Guest();
    expect(guest.mumbles().said).toMatch(/didn't catch that\. How can I help you/);
    expect(guest.mumbles().said).toMatch(/front desk\?/);
    expect(guest.mumbles().calls).toMatchObject([{ name: 'transfer_call', arguments: { department: 'front-desk' } }]);
  });

  it('words understood in between start the count again', () => {
    const guest = new Guest();
    guest.mumbles();
    guest.says('two towels please');
    expect(guest.mumbles().said).toMatch(/didn't catch that\. What is your room number/);
  });

  it('a yes to the front desk after two failures is put through', () => {
    const guest = new Guest();
    guest.mumbles();
    guest.mumbles();
    expect(guest.says('yes please').calls.map(({ name }) => name)).toEqual(['transfer_call']);
  });

  it('[BARGE-8] what a noise cut off is said again', () => {
    const guest = new Guest();
    const { said } = guest.says('two towels to room four twelve');
    guest.interrupts('Two towels to');
    expect(guest.mumbles().said).toBe(said);
    expect(guest.says('yes').calls.map(({ name }) => name)).toEqual(['create_service_request']);
  });

  it('[BARGE-8] "mm-hm" does not take the turn', () => {
    const guest = new Guest();
    guest.says('a towel to room four twelve');
    const { said } = guest.says('yes');
    guest.interrupts('Your request number for');
    expect(guest.says('mm hm').said).toBe(said);
  });

  it('the greeting that a noise cut off ends in its question', () => {
    const guest = new Guest();
    guest.interrupts('Hello, this is');
    expect(guest.mumbles().said).toBe('How can I help you?');
  });

  it('words that cut the agent off are answered', () => {
    const guest = new Guest();
    guest.interrupts('Hello, this');
    expect(guest.says('i need two towels in room four twelve').said).toMatch(/^Two towels to room four one two/);
  });

  it('a yes that was heard together with "leave it" is asked about again, and drops nothing', () => {
    const guest = new Guest();
    const { said } = guest.says('two towels to room four twelve');
    const again = guest.says('yes uh leave it');
    expect(again.calls).toEqual([]);
    expect(again.said).toContain(said.replace(/^\w/, (letter) => letter.toUpperCase()).split(',')[0]);
    expect(guest.says('yes').calls.map(({ name }) => name)).toEqual(['create_service_request']);
    expect(new Guest().says('leave it').calls).toEqual([]);
  });

  it('a request that could not be recorded is not claimed', () => {
    const guest = new Guest({
      create_service_request: () => ({
        error: 'I could not record that just now. Tell the guest so, and offer the front desk.',
      }),
    });
    guest.says('two towels to room four twelve');
    const { said } = guest.says('yes');
    expect(said).toBe('I could not record that just now. Shall I put you through to the front desk?');
  });

  it('[TOOL-39] a request that is only noted is told as noted: no number, and no word that it is on its way', () => {
    const guest = new Guest({
      create_service_request: () =>
        'This is noted for housekeeping, but I cannot confirm it yet. Tell the guest so in these words. Offer the front desk if it cannot wait.',
    });
    guest.says('two towels to room four twelve');
    const { said } = guest.says('yes');
    expect(said).toBe(
      'I have noted your request for the towels, but I cannot confirm it yet. Our system does not answer just now. Is there anything else I can do for you?',
    );
    expect(said).not.toMatch(/request number|sent|recorded/);
    expect(guest.says('what is my request number').said).not.toMatch(/number is/);
  });

  it('[TOOL-39] a guest who could not be checked is told so, and not that the name was wrong', () => {
    const guest = new Guest({
      verify_guest: () => ({ error: 'I could not check that just now. Tell the guest so, and offer the front desk.' }),
    });
    guest.says('what about my request in room four twelve');
    const { said } = guest.says('miller');
    expect(said).toBe('I could not check that just now. Shall I put you through to the front desk?');
  });

  it('[TOOL-39] requests that could not be looked up are not told to be none', () => {
    const guest = new Guest({
      get_service_requests: () => ({
        error: 'I could not look that up just now. Tell the guest so, and offer the front desk.',
      }),
    });
    guest.says('what about my request in room four twelve');
    const { said } = guest.says('miller');
    expect(said).toBe('I could not look that up just now. Shall I put you through to the front desk?');
  });

  it('a failure of the wire is put into words', () => {
    const guest = new Guest({
      create_service_request: () => ({ error: 'MCP error -32603: undefined is not a function' }),
    });
    guest.says('two towels to room four twelve');
    expect(guest.says('yes').said).toBe(
      "I'm sorry, I could not record that. Shall I put you through to the front desk?",
    );
  });

  it('a room that the hotel does not have is asked again, and the wish stands', () => {
    const guest = new Guest({
      create_service_request: ({ room_number: room }) =>
        room === '999'
          ? { error: 'There is no room nine nine nine in this hotel. Ask the guest for the room number again.' }
          : 'Recorded for housekeeping as request number one oh four.',
    });
    guest.says('two towels to room nine ninety nine');
    expect(guest.says('yes').said).toMatch(/no room nine nine nine in this hotel\. What is your room number/);
    expect(guest.says('four twelve').said).toMatch(/^Two towels to room four one two/);
    expect(guest.says('yes').said).toMatch(/one oh four/);
  });

  it('a guest who cannot be verified hears nothing, and is offered the front desk', () => {
    const guest = new Guest({
      verify_guest: () => ({ error: 'The guest could not be verified. Offer to put them through to the front desk.' }),
    });
    guest.says('what about my request in room four twelve');
    const { said, calls } = guest.says('smith');
    expect(calls.map(({ name }) => name)).toEqual(['verify_guest']);
    expect(said).toMatch(/only tell that to the guest.*front desk\?/);
  });

  it('a duplicate is told as one', () => {
    const guest = new Guest({
      create_service_request: () => 'This was recorded already: it is request number one oh four.',
    });
    guest.says('two towels to room four twelve');
    expect(guest.says('yes').said).toMatch(/already recorded\. The request number is one oh four/);
  });

  it('several open requests are told, and the guest says which one is urgent', () => {
    const guest = new Guest({
      get_service_requests: () =>
        'Request number one oh one, Two towels to room 412, is with housekeeping and accepted. Request number one oh two, The shower is leaking in room 412, is with maintenance and accepted.',
    });
    guest.says('my request is urgent');
    guest.says('four twelve');
    expect(guest.says('miller').said).toMatch(/one oh one.*one oh two.*What is the request number/);
    expect(guest.says('one oh two').calls).toMatchObject([
      { name: 'update_service_request_priority', arguments: { request_number: 102, priority: 'urgent' } },
    ]);
  });

  it('of several open requests the one that the guest named becomes urgent', () => {
    const guest = new Guest({
      get_service_requests: () =>
        'Request number one oh one, Two towels to room 412, is accepted. Request number one oh two, The shower is leaking in room 412, is accepted.',
    });
    guest.says('my request about the shower is urgent');
    guest.says('four twelve');
    expect(guest.says('miller').calls.at(-1)).toMatchObject({ arguments: { request_number: 102 } });
  });

  it('without the tool for it, the agent says so and offers a person', () => {
    const guest = new Guest({}, without('create_service_request'));
    expect(guest.says('two towels to room four twelve').said).toMatch(
      /can't record requests on this line\. Shall I put you through/,
    );
  });

  it('without any tools, it promises nobody', () => {
    const guest = new Guest({}, []);
    for (const line of [
      'two towels',
      'what is the wifi password',
      'my request is urgent',
      'i want a person',
      'yes',
      'goodbye',
    ])
      expect(guest.says(line)).toMatchObject({ calls: [], said: expect.not.stringMatching(/Shall I put you through/) });
  });

  it('a call that has not answered yet is waited for, not repeated', () => {
    const guest = new Guest();
    guest.says('two towels to room four twelve');
    const turns = [
      ...guest.turns,
      { kind: 'guest' as const, text: 'yes', isUnderstood: true },
      {
        kind: 'tool' as const,
        name: 'create_service_request',
        arguments: { summary: 'Two towels to room 412', room_number: '412' },
        output: '',
        isError: false,
      },
    ];
    expect(concierge.reply({ turns, instructions: '', tools: TOOLS })).toEqual([
      { kind: 'say', text: 'One moment, please.' },
    ]);
  });

  it.each([
    'i would like to think about it',
    'i do not want that',
    'good morning',
    'right now',
    'it is the wrong room',
    'please change the room',
    'can you repeat that',
    'no',
    'what time is breakfast',
  ])('"%s" is no yes to a read-back', (words) => {
    const guest = new Guest();
    guest.says('two towels to room four twelve');
    guest.says(words);
    expect(guest.created()).toEqual([]);
  });

  it('a yes to "are you still there" confirms nothing', () => {
    const guest = new Guest();
    guest.says('two towels to room four twelve');
    guest.turns.push({ kind: 'agent', text: 'Are you still there?', wasCutOff: false });
    const { said, calls } = guest.says('yes');
    expect(calls).toEqual([]);
    expect(said).toMatch(/^Two towels to room four one two, is that right/);
  });

  it('a refused transfer is explained, and a request or the desk offered', () => {
    const guest = new Guest({
      transfer_call: () =>
        'The spa is closed now. It opens at nine in the morning. Offer to take a request or the front desk.',
    });
    guest.says('put me through to the spa');
    const moves = concierge.reply({ turns: guest.turns, instructions: '', tools: TOOLS });
    expect(moves).toEqual([
      {
        kind: 'say',
        text: 'The spa is closed now. It opens at nine in the morning. Shall I put you through to the front desk?',
      },
    ]);
  });

  it('an emergency that nobody takes becomes an urgent request, read back like any other', () => {
    const guest = new Guest({ transfer_call: () => ({ error: 'Nobody at the front desk could take the call.' }) });
    guest.says('two towels to room four twelve');
    guest.says('there is a fire in room four thirteen');
    const text =
      'Nobody at the front desk could take the call. Help in an emergency for room four one three, is that right?';
    expect(concierge.reply({ turns: guest.turns, instructions: '', tools: TOOLS })).toEqual([{ kind: 'say', text }]);
    guest.turns.push({ kind: 'agent', text, wasCutOff: false });
    guest.says('yes');
    expect(guest.created()).toMatchObject([
      { priority: 'urgent', room_number: '413', details: 'The guest said: There is a fire in room four thirteen.' },
    ]);
  });

  it('an emergency on a line without transfers is recorded as urgent', () => {
    const guest = new Guest({}, without('transfer_call'));
    expect(guest.says('i need a doctor').said).toMatch(/What is your room number/);
    guest.says('four twelve');
    guest.says('yes');
    expect(guest.created()).toMatchObject([{ priority: 'urgent', room_number: '412' }]);
  });

  it('staff read what the guest said first, and what then', () => {
    const guest = new Guest();
    guest.says('two towels to room four twelve');
    guest.says('a blanket instead');
    guest.says('yes');
    expect(guest.created()[0]?.details).toBe('The guest said: Two towels to room four twelve; a blanket instead.');
  });

  it('a guest who comes back from a busy line is told so', () => {
    const guest = new Guest();
    guest.says('put me through to the spa');
    const told = guest.isTold(
      'The guest was being put through to the spa, but nobody answered, and is back with you. Tell them so, and offer to take a request instead.',
    );
    expect(told.said).toBe(
      "I'm sorry, nobody answered. I can take a request for the spa instead. What can I do for you?",
    );
  });

  it.each([
    ['Say exactly: "The line was bad."', /^The line was bad\.$/],
    ['Ask the guest whether they are still there.', /still there/],
    ['Say goodbye.', /Goodbye/],
    ['The connection was restored. Continue, do not greet again.', /^Sorry, where were we\. What is your room number/],
  ])('follows the instruction "%s"', (instruction, says) => {
    const guest = new Guest();
    guest.says('two towels please');
    expect(guest.isTold(instruction).said).toMatch(says);
  });

  it('[MODEL-25] a conversation that another model began is taken up', () => {
    const turns = [
      { kind: 'agent' as const, text: 'Welcome! How may I help you?', wasCutOff: false },
      { kind: 'guest' as const, text: 'Hi, could you bring 2 extra pillows to room 412?', isUnderstood: true },
      { kind: 'agent' as const, text: 'So two extra pillows for room four one two, correct?', wasCutOff: false },
      { kind: 'guest' as const, text: 'Yes.', isUnderstood: true },
    ];
    expect(concierge.reply({ turns, instructions: '', tools: TOOLS })).toMatchObject([
      {
        kind: 'call',
        name: 'create_service_request',
        arguments: { room_number: '412', summary: 'Two extra pillows to room 412' },
      },
    ]);
  });

  it('results of foreign tools are spoken as data, short and without markup', () => {
    const guest = new Guest({
      get_hotel_information: () =>
        JSON.stringify({ text: `**Pool** hours are 07:00 to 21:00. ${'More words follow here. '.repeat(60)}` }),
    });
    const { said } = guest.says('when does the pool open');
    expect(said).toMatch(/^Pool hours are seven in the morning to nine in the evening\./);
    expect(said.length).toBeLessThan(520);
  });
});
