/** Configuration: what is taken, and the one clear line for each mistake. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, readConfig, type Config } from '../src/config.ts';
import { exampleHotel } from './example-hotel.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bellhop-config-'));
  file = join(folder, 'bellhop.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const PROFILE = `hotel:
  name: The Elm
  time_zone: Europe/Lisbon
  rooms: [412, "1-3"]
  departments:
    front-desk:
      name: the front desk
      number: "+15550110"
`;

function read(yaml: string, environment: Record<string, string> = {}): Config {
  writeFileSync(file, yaml);
  return readConfig(environment, folder);
}

/** @returns the mistakes, with the file's folder left out. */
function mistakesOf(yaml: string, environment: Record<string, string> = {}): string[] {
  try {
    read(yaml, environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map((mistake) => mistake.replaceAll(`${folder}/`, ''));
  }
  return [];
}

describe('the environment', () => {
  it('needs nothing: the local agent, the embedded database, this machine only', () => {
    expect(read(PROFILE)).toMatchObject({
      realtime: { kind: 'local' },
      twilio: { accountSid: undefined, authToken: undefined, baseUrl: undefined },
      databaseUrl: undefined,
      dataDir: join(folder, '.data'),
      publicUrl: undefined,
      host: '127.0.0.1',
      port: 3000,
      audioMode: 'transcode',
      limits: { maxCalls: 200, maxCallMs: 1_800_000 },
      hotelFile: file,
    });
  });

  it('an empty value counts as none', () => {
    const empty = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', PORT: '', PUBLIC_URL: '', DATABASE_URL: '', DATA_DIR: '' };
    expect(read(PROFILE, empty)).toEqual(read(PROFILE));
  });

  it('a key makes the agent a hosted one; addresses lose their last slash', () => {
    const config = read(PROFILE, {
      OPENAI_API_KEY: 'sk-12345678',
      OPENAI_BASE_URL: 'wss://realtime.example/v1/',
      PUBLIC_URL: 'https://bellhop.example/',
    });
    expect(config.realtime).toMatchObject({
      kind: 'hosted',
      baseUrl: 'wss://realtime.example/v1',
      apiKey: 'sk-12345678',
    });
    expect(config.publicUrl).toBe('https://bellhop.example');
  });

  it('each mistake has a line that names the setting and what was expected, all at once', () => {
    const environment = {
      PORT: 'abc',
      MAX_CALLS: '1.5',
      MAX_CALL_MINUTES: '90',
      PUBLIC_URL: 'bellhop.example',
      DATABASE_URL: 'mysql://db/x',
      AUDIO_MODE: 'fast',
      TWILIO_ACCOUNT_SID: 'AC12',
    };
    expect(mistakesOf(PROFILE, environment).toSorted()).toEqual([
      'environment: AUDIO_MODE: expected one of "transcode"|"passthrough"',
      'environment: DATABASE_URL: expected a URL with postgres or postgresql',
      'environment: MAX_CALLS: expected a whole number',
      'environment: MAX_CALL_MINUTES: expected a number from 1 to 55',
      'environment: PORT: expected a number from 0 to 65535',
      'environment: PUBLIC_URL: expected a URL with http or https',
      'environment: TWILIO_ACCOUNT_SID: expected AC and 32 hex digits',
    ]);
  });

  it('another server than the usual one needs a key', () => {
    expect(mistakesOf(PROFILE, { OPENAI_BASE_URL: 'https://realtime.example/v1' })).toEqual([
      'environment: OPENAI_API_KEY: expected a key, because OPENAI_BASE_URL is set',
    ]);
  });

  it('no line repeats a value: it may be a secret in the wrong place', () => {
    const environment = {
      OPENAI_API_KEY: 'hunt-2',
      TWILIO_AUTH_TOKEN: 'hu2',
      TWILIO_ACCOUNT_SID: 'hunter2-hunter2',
      DATABASE_URL: 'mysql://hunter2@db/x',
      METRICS_TOKEN: 'hunt',
    };
    const lines = mistakesOf(PROFILE, environment);
    expect(lines).toHaveLength(5);
    expect(lines.join('\n')).not.toMatch(/hunt|hu2/);
  });

  it('mistakes of environment and file are told together', () => {
    const mistakes = mistakesOf(PROFILE.replace('Europe/Lisbon', 'Mars/Base'), { PORT: '-1' });
    expect(mistakes).toEqual([
      'environment: PORT: expected a number from 0 to 65535',
      'bellhop.yaml:3: hotel.time_zone: expected an IANA time zone such as Europe/Lisbon',
    ]);
  });
});

describe('the hotel’s file', () => {
  it('the example is sound, and is what counts when there is no bellhop.yaml', () => {
    expect(exampleHotel().name).toBe('The Larkspur');
    writeFileSync(join(folder, 'bellhop.example.yaml'), PROFILE);
    expect(readConfig({}, folder).hotelFile).toBe(join(folder, 'bellhop.example.yaml'));
    expect(read(PROFILE).hotelFile).toBe(file);
  });

  it('bare rooms are taken as they stand', () => {
    expect(read(PROFILE).hotel.rooms).toEqual(['412', '1-3']);
  });

  it.each([
    [
      'an unknown setting',
      `${PROFILE}  colour: red\n  spa: no\n`,
      ['9: hotel.colour: there is no such setting', '10: hotel.spa: there is no such setting'],
    ],
    ['a setting beside the hotel', `${PROFILE}other: 1\n`, ['9: other: there is no such setting']],
    ['a missing name', PROFILE.replace('  name: The Elm\n', ''), ['2: hotel.name: missing, expected string']],
    [
      'a room that is none',
      PROFILE.replace('412', 'attic'),
      ['4: hotel.rooms.0: expected a room such as 412 or a range such as 401-420'],
    ],
    [
      'a range backwards',
      PROFILE.replace('1-3', '3-1'),
      ['4: hotel.rooms.1: expected a range from the lower room to the higher one'],
    ],
    [
      'a number without quotes',
      PROFILE.replace('"+15550110"', '+15550110'),
      [
        '8: hotel.departments.front-desk.number: expected a number in E.164 form and in quotes, such as "+15550100", or sip:name@host',
      ],
    ],
    [
      'a premium number',
      PROFILE.replace('+15550110', '+19005550110'),
      [
        '8: hotel.departments.front-desk.number: expected a number at the usual cost: premium and satellite numbers are refused',
      ],
    ],
    [
      'a wrong hour',
      `${PROFILE}      hours: { from: "9", to: "19:00" }\n`,
      ['9: hotel.departments.front-desk.hours.from: expected a time of day such as 07:00'],
    ],
    [
      'hours in words',
      `${PROFILE}      hours: daily\n`,
      [
        '9: hotel.departments.front-desk.hours: expected always, or times of day such as { from: "09:00", to: "19:00" }',
      ],
    ],
    [
      'a way of putting through that there is not',
      `${PROFILE}      transfer: hot\n`,
      ['9: hotel.departments.front-desk.transfer: expected warm or cold'],
    ],
    [
      'bounds of transfers that bound nothing',
      `${PROFILE}  transfers:\n    per_call: 0\n    per_hour: many\n`,
      [
        '10: hotel.transfers.per_call: expected a whole number from 1 to 20',
        '11: hotel.transfers.per_hour: expected a whole number from 1 to 1000',
      ],
    ],
    [
      'a fact in capitals',
      `${PROFILE}  facts:\n    WiFi: yes\n`,
      ['10: hotel.facts.WiFi: expected lower-case letters, digits and dashes'],
    ],
    [
      'a front desk without a number',
      PROFILE.replace('      number: "+15550110"\n', ''),
      [
        '7: hotel.departments.front-desk.number: expected the front desk to have a number: calls must always be able to end with a person',
      ],
    ],
    [
      'a front desk that is not there',
      PROFILE.replace('front-desk:', 'reception:'),
      [
        '6: hotel.departments.front-desk.number: expected the front desk to have a number: calls must always be able to end with a person',
      ],
    ],
    ['an empty file', '', ['1: expected object, received null']],
    ['a list', '- hotel', ['1: expected object, received array']],
    ['the same key twice', `${PROFILE}  name: The Oak\n`, ['9: Map keys must be unique']],
    [
      'an alias without an anchor',
      'hotel: *elm\n',
      ['1: Unresolved alias (the anchor must be set before the alias): elm'],
    ],
  ])('%s: file, line, path, what was expected', (_what, yaml, lines) => {
    expect(mistakesOf(yaml)).toEqual(lines.map((line) => `bellhop.yaml:${line}`));
  });

  it('a file that is broken has a line for it, without an excerpt', () => {
    expect(mistakesOf('hotel:\n  name: [\n')).toEqual([expect.stringMatching(/^bellhop\.yaml:[23]: [^\n]+$/)]);
  });

  it('aliases that multiply are refused, not unfolded', () => {
    const levels = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de'])
      levels.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join()}]`);
    expect(mistakesOf(levels.join('\n'))).toEqual([expect.stringMatching(/^bellhop\.yaml:1: Excessive alias count/)]);
  });

  it('a file that was named and is not there is said so, and no other is taken', () => {
    expect(mistakesOf(PROFILE, { BELLHOP_CONFIG: 'ours.yaml' })).toEqual(['ours.yaml: cannot be read (ENOENT)']);
  });
});

it('our own engine takes over from a hosted one only in a language that it speaks', () => {
  const german = PROFILE.replace('rooms:', 'languages: [de, en]\n  rooms:');
  const key = { OPENAI_API_KEY: 'sk-test-0123456789', REALTIME_FALLBACK: 'local' };
  expect(mistakesOf(german, key)).toEqual([
    "environment: REALTIME_FALLBACK: expected desk, because our own engine speaks en and fr alone, and this hotel's first language is de",
  ]);
  expect(mistakesOf(german, { ...key, REALTIME_FALLBACK: 'desk' })).toEqual([]);
  expect(mistakesOf(german.replace('[de, en]', '[fr, de]'), key)).toEqual([]);
});
