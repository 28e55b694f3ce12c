/** Lights, temperature and curtains that a guest wants changed, in the words guests use; faults of them are not among these. Pure. */
import { readPieces, digitsOf } from './concierge-numbers.ts';
import { phrase, wordsOf } from './concierge-words.ts';

/** `degrees`: undefined when it is not said how warm; `warmer` and `cooler` stand beside it then. */
export type Comfort =
  | { kind: 'lights'; state: 'on' | 'off' | 'dim' }
  | { kind: 'temperature'; direction?: 'warmer' | 'cooler'; degrees?: number }
  | { kind: 'curtains'; state: 'open' | 'half' | 'closed' };

/** On its way to being done. */
export type OpenComfort = Comfort & {
  /** The tool was called and has not answered yet. */
  isUnderWay?: boolean;
};

/** What a comfort is about when its things are broken, as `concierge-things.ts` names them. */
export const FIXTURES_OF: Record<Comfort['kind'], readonly string[]> = {
  lights: ['light'],
  temperature: ['heating', 'air conditioning'],
  curtains: ['curtain'],
};

const THE = '(?:(?:all|both) )?(?:(?:of )?(?:the|my|our|these|those) )?';
const LIGHTS = `${THE}(?:(?:bed ?side|bed ?room|bath ?room|reading|ceiling|desk|main|room|night) )?(?:lights?|lamps?|lighting)`;
const CURTAINS = `${THE}(?:window )?(?:curtains?|blinds?|drapes|shades?|shutters?)`;
const HEATING = `${THE}(?:room )?(?:heat|heating|heater|radiators?|temperature|thermostat)`;
const COOLING = `${THE}(?:air ?con(?:ditioning|ditioner)?|ac|cooling)`;
const SWITCH = '(?:turn|switch|put)';
const A_BIT = '(?:(?:just )?(?:a (?:little )?(?:bit|little|touch)|slightly|much|some|somewhat) )?';
const IT = `(?:it|things|this room|${THE}room|${HEATING}|${COOLING})`;
const TOO = '(?:(?:a (?:bit|little)|too|very|so|really|quite|rather|way|getting|freezing|pretty) )*';
const HERE =
  "(?:it's|it is|this room is|(?:the|my|our) room is|(?:the|my|our) room's|i'm|i am|we're|we are|i feel|it feels)";
const ONES = 'one|two|three|four|five|six|seven|eight|nine';
const NUMBER = `(?:\\d{2,3}|(?:twenty|thirty|fifty|sixty|seventy|eighty)(?: (?:${ONES}))?|ten|fifteen|sixteen|seventeen|eighteen|nineteen)`;
const DEGREES = '(?: and a half| point five| 5)?(?: degrees?)(?: (?:celsius|centigrade|fahrenheit))?';

/** Where a wish may begin without a verb: "lights off", not "the lights off" in "are the lights off". */
const BARE = '(?<=^|\\b(?:and|please|want|like|yes|okay|then|just) )';
const pair = (verb: string, thing: string, particle: string): string =>
  `${verb} (?:${particle} ${thing}|${thing} ${particle})`;

const SAYINGS: readonly (readonly [RegExp, Comfort])[] = (
  [
    [
      `${pair(SWITCH, LIGHTS, 'on')}|turn up ${LIGHTS}|turn ${LIGHTS} up|brighten(?: up)? ${LIGHTS}|make ${LIGHTS} brighter|${BARE}${LIGHTS} on`,
      { kind: 'lights', state: 'on' },
    ],
    [`${pair(SWITCH, LIGHTS, '(?:off|out)')}|${BARE}${LIGHTS} (?:off|out)`, { kind: 'lights', state: 'off' }],
    [
      `${pair('(?:turn|bring)', LIGHTS, 'down')}|dim ${LIGHTS}|(?:make|get|have) ${LIGHTS} (?:${A_BIT}(?:dimmer|softer|darker|lower)|dimmed)|lower ${LIGHTS}|${BARE}${LIGHTS} (?:dim|dimmed)`,
      { kind: 'lights', state: 'dim' },
    ],
    [
      `(?:(?:make|get|have) ${IT} ${A_BIT}(?:warmer|hotter)|(?:turn|put|bring) (?:up ${HEATING}|${HEATING} ${A_BIT}(?:up|higher))|${SWITCH} (?:on ${HEATING}|${HEATING} on)|(?:raise|increase) ${HEATING}|turn down ${COOLING}|turn ${COOLING} down|(?:warm|heat) (?:up ${IT}|${IT} up)|${HERE} ${TOO}(?:cold|freezing|chilly)(?: (?:in )?(?:here|my room|the room|our room))?|${A_BIT}warmer)`,
      { kind: 'temperature', direction: 'warmer' },
    ],
    [
      `(?:(?:make|get|have) ${IT} ${A_BIT}(?:cooler|colder)|turn (?:down ${HEATING}|${HEATING} ${A_BIT}(?:down|lower))|(?:lower|reduce|decrease) ${HEATING}|(?:turn|put) (?:up ${COOLING}|${COOLING} up)|${SWITCH} (?:on ${COOLING}|${COOLING} on)|cool (?:down ${IT}|${IT} down)|${HERE} ${TOO}(?:hot|warm|stuffy)(?: (?:in )?(?:here|my room|the room|our room))?|${A_BIT}(?:cooler|colder))`,
      { kind: 'temperature', direction: 'cooler' },
    ],
    [
      `half (?:open|close) ${CURTAINS}|(?:open|close) ${CURTAINS} (?:half ?way|half|a (?:bit|little))|${BARE}${CURTAINS} half ?way`,
      { kind: 'curtains', state: 'half' },
    ],
    [
      `(?:open|raise|lift|pull up|draw back|pull back) ${CURTAINS}(?: up)?|(?:pull|put|draw) ${CURTAINS} (?:open|up|back)|${BARE}${CURTAINS} open`,
      { kind: 'curtains', state: 'open' },
    ],
    [
      `(?:close|shut|draw|lower|pull down|pull) ${CURTAINS}(?: (?:down|closed|shut))?|put ${CURTAINS} down|${BARE}${CURTAINS} (?:closed|shut)`,
      { kind: 'curtains', state: 'closed' },
    ],
  ] as const
).map(([words, comfort]) => [phrase(words), comfort] as const);

/** How warm: with degrees after it, or behind what is set. */
const WARMTH = phrase(
  `(?:(?:set|put|turn|change|adjust|make|raise|lower|bring|get|have|keep) )?(?:(?:${IT}|that)(?: in (?:the|my|our) room)? )?(?:up |down )?(?:(?:to|at|on) )?(${NUMBER})${DEGREES}|(?:set|put|turn|change|adjust|raise|lower|bring|keep) (?:${HEATING}|${COOLING})(?: in (?:the|my|our) room)?(?: up| down)? (?:to|at|on) (${NUMBER})`,
);
const WARMTH_ALONE = phrase(`(${NUMBER})(?: degrees?)?`);

/** Said of what does not work, or of how it is done: no wish to have it done. */
const NOT_WANTED =
  /\b(?:can't|cannot|can not|couldn't|could not|don't|do not|won't|will not|doesn't|does not|didn't|unable to|tried to|try to|trying to|how (?:do|can|could) (?:i|we|you)|how to|where (?:do|can) i|isn't|not)(?: (?:even|you|please|to|get))*$/;
/** What is left around a wish and means nothing by itself. */
const AROUND = new Set(
  "please could can would will you i i'd we we'd like want need to the and also a bit little hi hello hey okay just so that for me us it in my our room here now thanks thank oh um well yes some someone somebody have get make be degrees celsius fahrenheit set".split(
    ' ',
  ),
);

export interface HeardComforts {
  comforts: Comfort[];
  /** The other words; '' when they mean nothing alone. */
  rest: string;
}

/** @param asksDegrees how warm was asked just now: a number alone tells it. */
export function hearComforts(text: string, asksDegrees: boolean): HeardComforts {
  const comforts: Comfort[] = [];
  let rest = wordsOf(text).join(' ');
  const found = (pattern: RegExp, comfortOf: (match: RegExpExecArray) => Comfort): void => {
    for (const match of [...rest.matchAll(pattern)].toReversed()) {
      const before = rest.slice(0, match.index).trimEnd();
      if (NOT_WANTED.test(before)) continue;
      const comfort = comfortOf(match);
      if (!comforts.some(({ kind }) => kind === comfort.kind)) comforts.push(comfort);
      rest = `${before} ${rest.slice(match.index + match[0].length).trimStart()}`.trim();
    }
  };
  const degreesOf = (match: RegExpExecArray): Comfort => ({
    kind: 'temperature',
    degrees: Number(digitsOf(readPieces((match[1] ?? match[2] ?? '').split(' '), 0, 3))),
  });
  found(WARMTH, degreesOf);
  if (asksDegrees && comforts.length === 0) found(WARMTH_ALONE, degreesOf);
  for (const [pattern, comfort] of SAYINGS) found(pattern, () => comfort);
  const isEmpty = comforts.length > 0 && rest.split(' ').every((word) => word === '' || AROUND.has(word));
  return { comforts, rest: isEmpty ? '' : rest };
}
