/** Lights, temperature and curtains: with a tool for them they are changed, without one all is as it was. */
import { describe, expect, it } from 'vitest';
import { hearComforts } from '../../src/local-realtime/concierge-comfort.ts';
import { planFor } from '../../src/local-realtime/concierge-comfort-tools.ts';
import type { OfferedTool } from '../../src/local-realtime/ports.ts';
import { Guest, TOOLS, type Hotel } from './concierge-guest.ts';

const room = { type: 'string', pattern: '^\\d{1,5}$', description: 'The room number' };
const tool = (name: string, properties: Record<string, unknown>, required = Object.keys(properties)): OfferedTool => ({
  name,
  description: '',
  parameters: { type: 'object', properties, required },
});
/** As the smart room of the tests is offered. */
const SMART = [
  tool('set_lights', { room, state: { type: 'string', enum: ['on', 'off', 'dim'] } }),
  tool('set_temperature', { room, celsius: { type: 'number', minimum: 16, maximum: 28 } }),
  tool('open_curtains', { room, position: { type: 'string', enum: ['open', 'half', 'closed'] } }),
  tool('get_room_state', { room }),
];
const guest = (tools: OfferedTool[] = SMART, hotel: Hotel = {}): Guest => new Guest(hotel, [...TOOLS, ...tools]);
/** The tool is given the room by the call itself. */
const withoutRoom = SMART.map(({ name, parameters }) => {
  const { room: _room, ...properties } = parameters.properties as Record<string, unknown>;
  return tool(name, properties);
});

type Step = [guest: string, says: RegExp, ...calls: [name: string, args: object][]];
const STORIES: Record<string, { tools?: OfferedTool[]; hotel?: Hotel; steps: Step[] }> = {
  'the room is asked for, then it is done without reading back': {
    steps: [
      ['could you turn on the lights', /^What is your room number, please\?$/],
      ['four twelve', /^The lights are on\. Is there anything else/, ['set_lights', { room: '412', state: 'on' }]],
      ['and dim the bedside lamp please', /^The lights are dimmed\./, ['set_lights', { room: '412', state: 'dim' }]],
      ['no thank you goodbye', /Goodbye/, ['hang_up', {}]],
    ],
  },
  'a tool that needs no room is not given any, and nobody is asked': {
    tools: withoutRoom,
    steps: [
      ['switch the lights off', /^The lights are off\./, ['set_lights', { state: 'off' }]],
      ['close the curtains please', /^The curtains are closed\./, ['open_curtains', { position: 'closed' }]],
    ],
  },
  'the room is said with it': {
    steps: [
      [
        'please open the blinds in room four twelve',
        /^The curtains are open\. Is there/,
        ['open_curtains', { room: '412', position: 'open' }],
      ],
    ],
  },
  'warmer is not a number: how warm is asked': {
    tools: withoutRoom,
    steps: [
      ['could you make it a little warmer', /^How many degrees would you like\?$/],
      ['twenty three', /^The temperature is set to twenty three degrees\./, ['set_temperature', { celsius: 23 }]],
      [
        'set the temperature to twenty two degrees',
        /set to twenty two degrees\./,
        ['set_temperature', { celsius: 22 }],
      ],
      ["it's too cold in here", /^How many degrees/],
      ['forget it', /^All right, I have left that/],
    ],
  },
  'more than the tool takes is said, not sent': {
    steps: [
      [
        "i'd like thirty five degrees in room four twelve",
        /^I can only set it between sixteen and twenty eight degrees\. How many degrees/,
      ],
      ['twenty eight degrees', /twenty eight degrees/, ['set_temperature', { room: '412', celsius: 28 }]],
    ],
  },
  'Fahrenheit is understood': {
    tools: withoutRoom,
    steps: [['seventy two degrees please', /twenty two|seventy two/, ['set_temperature', { celsius: 22 }]]],
  },
  'something else said in the same breath is not lost': {
    steps: [
      [
        'turn on the lights and bring two towels to room four twelve',
        /^The lights are on\. Two towels to room four one two, is that right\?$/,
        ['set_lights', { room: '412', state: 'on' }],
      ],
      ['yes', /towels is one oh four/, ['create_service_request', {}]],
    ],
  },
  'two of them at once': {
    tools: withoutRoom,
    steps: [
      [
        'turn off the lights and close the curtains',
        /The lights are off\. The curtains are closed\./,
        ['set_lights', { state: 'off' }],
        ['open_curtains', { position: 'closed' }],
      ],
    ],
  },
  'what is broken stays a matter of maintenance': {
    steps: [
      ['the lights are not working', /room number/],
      ['four twelve', /^Someone to look at the light in room four one two, is that right/],
      ['yes', /light is one oh four/, ['create_service_request', {}]],
      ["i can't turn on the lights in the bathroom", /^Someone to look at the light|bathroom/],
    ],
  },
  'a curtain that does not close is no curtain to close': {
    steps: [
      ["the curtains won't close in room four twelve", /^Someone to look at the curtain in room four one two, is/],
    ],
  },
};

describe('with tools for comfort', () => {
  it.each(Object.entries(STORIES))('%s', (_name, { tools, hotel, steps }) => {
    const caller = guest(tools, hotel);
    for (const [text, says, ...calls] of steps) {
      const answer = caller.says(text);
      expect(answer.said).toMatch(says);
      expect(answer.calls.map(({ name }) => name)).toEqual(calls.map(([name]) => name));
      for (const [at, [, args]] of calls.entries()) expect(answer.calls[at]?.arguments).toMatchObject(args);
    }
  });

  it.each([
    [
      { error: 'The room controller does not answer.' },
      /^The room controller does not answer\. Shall I put you through/,
    ],
    [
      'There was no certain answer: it may or may not have been done. Tell the guest that you cannot confirm it, do not try it again, and offer the front desk.',
      /^There was no certain answer: it may or may not have been done\. Shall I put/,
    ],
    ['A colleague did not allow it.', /^A colleague did not allow it\./],
    [{ error: 'MCP error -32603: undefined' }, /^I'm sorry, I could not do that just now\./],
  ])('what was not done is never told as done: %j', (output, says) => {
    const { said } = guest(withoutRoom, { set_lights: () => output }).says('turn the lights on please');
    expect(said).toMatch(says);
    expect(said).not.toMatch(/lights are on/);
  });

  it('a tool that went away after it was used leaves no request behind', () => {
    const caller = guest(withoutRoom);
    caller.says('turn on the lights');
    const later = new Guest({}, TOOLS);
    later.turns.splice(0, 1, ...caller.turns);
    expect(later.says('thank you').said).toMatch(/^You're welcome\. Is there anything else/);
    expect(later.says('turn on the lights').said).toMatch(/^I'm sorry, I can't do that\. Shall I put you through/);
  });

  it('while it is under way it is not done twice', () => {
    const caller = guest(withoutRoom);
    caller.says('turn on the lights');
    const call = caller.turns.find((turn) => turn.kind === 'tool');
    Object.assign(call ?? {}, { output: '' });
    caller.turns.splice(caller.turns.indexOf(call!) + 1);
    expect(caller.says('two towels please').calls).toEqual([]);
  });
});

describe('without tools for comfort', () => {
  it.each([
    ['could you turn on the lights', /room number/],
    ['the lights are broken', /room number/],
    ['close the curtains', /front desk/],
    ['set the temperature to twenty two degrees', /front desk/],
  ])('%s: as ever', (text, says) => {
    const { said, calls } = new Guest().says(text);
    expect(said).toMatch(says);
    expect(calls).toEqual([]);
  });
});

describe('what guests say', () => {
  it.each([
    ['could you turn on the lights', 'lights on'],
    ['turn the lights on', 'lights on'],
    ['lights on please', 'lights on'],
    ['turn the lights off', 'lights off'],
    ['turn the lights down', 'lights dim'],
    ['turn the lamp up', 'lights on'],
    ['turn the heating down a bit', 'temperature cooler'],
    ['put the blinds down', 'curtains closed'],
    ['pull down the blinds', 'curtains closed'],
    ['lower the temperature please', 'temperature cooler'],
    ['raise the temperature to twenty four', 'temperature 24'],
    ['turn the temperature down to eighteen degrees', 'temperature 18'],
    ['can you turn the light on in the bathroom', 'lights on'],
    ['leave the lights on', ''],
    ['the lights are on but the television is off', ''],
    ['are the curtains open', ''],
    ['is the pool warm', ''],
    ['my coffee is too cold', ''],
    ['i left my lamp on', ''],
    ['can you switch all the lights off', 'lights off'],
    ['please dim the lights a bit', 'lights dim'],
    ['make it warmer', 'temperature warmer'],
    ["it's freezing in here", 'temperature warmer'],
    ['turn up the heating', 'temperature warmer'],
    ["i'm too hot", 'temperature cooler'],
    ['can you turn the air conditioning up', 'temperature cooler'],
    ['twenty one degrees please', 'temperature 21'],
    ['set the thermostat to 19', 'temperature 19'],
    ['could you change the temperature in my room to 22.5 degrees', 'temperature 22'],
    ['draw the curtains', 'curtains closed'],
    ['pull the blinds up', 'curtains open'],
    ['open the curtains half way', 'curtains half'],
    ["don't turn on the lights", ''],
    ["i can't close the curtains", ''],
    ['how do i turn on the lights', ''],
    ['the soup was cold', ''],
    ['make it three towels', ''],
    ['room two twelve', ''],
    ['i have an open request', ''],
  ])('%s', (text, expected) => {
    const { comforts } = hearComforts(text, false);
    const told = comforts.map((comfort) =>
      comfort.kind === 'temperature'
        ? `temperature ${comfort.degrees ?? comfort.direction}`
        : `${comfort.kind} ${comfort.state}`,
    );
    expect(told.join(', ')).toBe(expected);
  });
});

describe('tools of others, by name and schema', () => {
  const lights = { kind: 'lights', state: 'dim' } as const;
  it.each([
    ['a boolean', tool('light.set', { isOn: { type: 'boolean' } }), { kind: 'lights', state: 'on' }, { isOn: true }],
    [
      'a boolean the other way round',
      tool('lights', { off: { type: 'boolean' } }),
      { kind: 'lights', state: 'on' },
      { off: false },
    ],
    [
      'a level',
      tool('setLightLevel', { brightness: { type: 'integer', minimum: 0, maximum: 10 } }),
      lights,
      { brightness: 3 },
    ],
    [
      'a switch and a level',
      tool('lamp', { on: { type: 'boolean' }, level: { type: 'number' } }, ['level']),
      lights,
      { level: 30 },
    ],
    [
      'words behind anyOf',
      tool('lighting', { mode: { anyOf: [{ const: 'OFF' }, { const: 'DIMMED' }] } }),
      lights,
      { mode: 'DIMMED' },
    ],
    ['a name alone', tool('turn_on_lights', {}), { kind: 'lights', state: 'on' }, {}],
    [
      'up and down',
      tool('climate', { direction: { enum: ['up', 'down'] } }),
      { kind: 'temperature', direction: 'warmer' },
      { direction: 'up' },
    ],
    [
      'Fahrenheit',
      tool('heating', { target_fahrenheit: { type: 'integer' } }),
      { kind: 'temperature', degrees: 20 },
      { target_fahrenheit: 68 },
    ],
    [
      'a position, 0 is open',
      tool('blinds', { position: { type: 'number', description: '0 is open' } }),
      { kind: 'curtains', state: 'open' },
      { position: 0 },
    ],
    [
      'a room that is a number',
      tool('lights', { room_number: { type: 'integer' }, state: { enum: ['on'] } }),
      { kind: 'lights', state: 'on' },
      { room_number: 412, state: 'on' },
    ],
  ] as const)('%s', (_what, offered, comfort, args) => {
    expect(planFor(comfort, '412', [offered])).toEqual({
      kind: 'call',
      call: { kind: 'call', name: offered.name, arguments: args },
    });
  });

  it.each([
    ['one that only looks', tool('get_lights', { state: { enum: ['on', 'off', 'dim'] } }), lights],
    [
      'one that needs what is not known',
      tool('lights', { zone: { type: 'string' }, state: { enum: ['dim'] } }),
      lights,
    ],
    ['one that cannot', tool('lights', { on: { type: 'boolean' } }), lights],
    ['one named for the opposite', tool('turn_off_lights', {}), { kind: 'lights', state: 'on' }],
  ] as const)('%s is not used', (_what, offered, comfort) => {
    expect(planFor(comfort, '412', [offered])).toBeUndefined();
  });
});
