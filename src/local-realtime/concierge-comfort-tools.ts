/** Which offered tool changes lights, temperature or curtains, and what it is called with: names and schemas read by meaning. Pure. */
import { fit, optionsOf, propertiesOf, typesOf, type Call, type Schema } from './concierge-calls.ts';
import type { Comfort } from './concierge-comfort.ts';
import type { OfferedTool } from './ports.ts';

const NAMES: Record<Comfort['kind'], RegExp> = {
  lights: /light|lamp/i,
  temperature: /temperature|climate|heating|thermostat|hvac|air.?con/i,
  curtains: /curtain|blind|drape|shade|shutter/i,
};
const READS = /(?:^|[^a-z])(?:get|read|list|query|check|fetch|status|state of|describe|find|search)(?:[^a-z]|$)/i;
const ROOM = /room|suite/i;

type Want = 'on' | 'off' | 'dim' | 'warmer' | 'cooler' | 'open' | 'half' | 'closed';

const WORDS: Record<Want, RegExp> = {
  on: /^(?:(?:turn|switch|set)?_?on|enabled?|true|full|bright|active|1)$/i,
  off: /^(?:(?:turn|switch|set)?_?off|disabled?|false|out|dark|inactive|0)$/i,
  dim: /^(?:dim(?:med)?|low|soft|night|half|mood|relax)$/i,
  warmer: /^(?:warm(?:er)?|up|increase|raise|higher|hotter|heat)$/i,
  cooler: /^(?:cool(?:er)?|down|decrease|lower|reduce|colder)$/i,
  open: /^(?:open(?:ed)?|fully_?open|up|raised?)$/i,
  half: /^(?:half(?:_?(?:way|open|closed))?|partial(?:ly)?|middle|mid)$/i,
  closed: /^(?:closed?|shut|fully_?closed?|down|lower(?:ed)?)$/i,
};
const OPPOSITE: Record<Want, Want> = {
  on: 'off',
  off: 'on',
  dim: 'off',
  warmer: 'cooler',
  cooler: 'warmer',
  open: 'closed',
  half: 'closed',
  closed: 'open',
};
/** Of a range from nothing to everything. */
const SHARE: Record<Want, number> = { on: 1, off: 0, dim: 0.3, warmer: 1, cooler: 0, open: 1, half: 0.5, closed: 0 };
const LEVEL = /bright|level|dim|intensity|percent|position|opening|value|amount/i;
const WARMTH = /temp|celsius|degree|target|set.?point|value|fahrenheit|warmth/i;

/** What is still missing, or the call. `beyond`: more or fewer degrees than the tool takes. */
export type Plan =
  | { kind: 'call'; call: Call }
  | { kind: 'asks'; piece: 'room' | 'degrees' }
  | { kind: 'beyond'; least: number; most: number };

/** @returns the first plan that an offered tool allows; undefined when none does. @param room as far as it is known. */
export function planFor(comfort: Comfort, room: string | undefined, tools: readonly OfferedTool[]): Plan | undefined {
  const plans = tools
    .filter(({ name }) => kindOf(name) === comfort.kind)
    .map((tool) => planWith(tool, comfort, room))
    .filter((plan) => plan !== undefined);
  return plans.find(({ kind }) => kind === 'call') ?? plans.find(({ kind }) => kind === 'asks') ?? plans[0];
}

/** @returns which comfort a tool of this name changes; undefined for all others, and for those that only look. */
export function kindOf(toolName: string): Comfort['kind'] | undefined {
  if (READS.test(toolName.replaceAll(/([a-z])([A-Z])/g, '$1_$2'))) return undefined;
  return (['lights', 'temperature', 'curtains'] as const).find((kind) => NAMES[kind].test(toolName));
}

function planWith(tool: OfferedTool, comfort: Comfort, room: string | undefined): Plan | undefined {
  const properties = Object.entries(propertiesOf(tool));
  const required = Array.isArray(tool.parameters.required) ? (tool.parameters.required as unknown[]) : [];
  const args: Record<string, unknown> = {};
  let asked: Plan | undefined;
  let isSaid = false;
  for (const [name, schema] of properties) {
    if (ROOM.test(name)) {
      if (room === undefined) asked ??= { kind: 'asks', piece: 'room' };
      else args[name] = fit(schema, room);
      continue;
    }
    const found =
      comfort.kind === 'temperature' ? warmthIn(name, schema, comfort) : stateIn(name, schema, comfort.state);
    if (found === 'degrees') asked = { kind: 'asks', piece: 'degrees' };
    else if (isPlan(found)) return found;
    else if (found !== undefined && (!isSaid || required.includes(name))) args[name] = found;
    isSaid ||= found !== undefined;
  }
  if (!isSaid && !isNamedFor(tool.name, wantOf(comfort))) return undefined;
  if (asked) return asked;
  const isWhole = required.every((name) => typeof name === 'string' && args[name] !== undefined);
  return isWhole ? { kind: 'call', call: { kind: 'call', name: tool.name, arguments: args } } : undefined;
}

const wantOf = (comfort: Comfort): Want | undefined =>
  comfort.kind === 'temperature' ? comfort.direction : comfort.state;

/** "turn_on_lights" needs no argument that says so. */
function isNamedFor(toolName: string, want: Want | undefined): boolean {
  const words = toolName.replaceAll(/([a-z])([A-Z])/g, '$1_$2').split(/[^A-Za-z]+/);
  if (want === undefined || words.some((word) => WORDS[OPPOSITE[want]].test(word))) return false;
  return words.some((word) => WORDS[want].test(word));
}

/** @returns the value that says it; undefined when this argument cannot. */
function stateIn(name: string, schema: Schema, want: Want): unknown {
  const options = optionsOf(schema);
  if (options.length > 0) return options.find((option) => WORDS[want].test(option));
  const types = typesOf(schema);
  if (types.includes('boolean')) {
    if (want === 'half') return undefined;
    if (want === 'dim') return /dim/i.test(name) ? true : undefined;
    const isOn = want === 'on' || want === 'open';
    return /off|closed?|shut/i.test(name) ? !isOn : isOn;
  }
  const isNumber = types.includes('number') || types.includes('integer');
  if (!isNumber || !LEVEL.test(name)) return undefined;
  return shareOf(schema, SHARE[want], types.includes('integer'));
}

function shareOf(schema: Schema, share: number, isWhole: boolean): number {
  const least = typeof schema.minimum === 'number' ? schema.minimum : 0;
  const most = typeof schema.maximum === 'number' ? schema.maximum : 100;
  // "0 is open": the other way round.
  const isTurned =
    typeof schema.description === 'string' && /\b0 ?%? ?(?:is|=|means|:) ?(?:fully )?open/i.test(schema.description);
  const value = least + (most - least) * (isTurned ? 1 - share : share);
  return isWhole || most - least > 10 ? Math.round(value) : value;
}

type Warmth = Extract<Comfort, { kind: 'temperature' }>;

const isPlan = (found: unknown): found is Plan => typeof found === 'object' && found !== null && 'kind' in found;

function warmthIn(name: string, schema: Schema, { degrees, direction }: Warmth): unknown {
  const options = optionsOf(schema);
  if (options.length > 0)
    return direction && degrees === undefined ? options.find((option) => WORDS[direction].test(option)) : undefined;
  const types = typesOf(schema);
  if (!WARMTH.test(name) || !(types.includes('number') || types.includes('integer'))) return undefined;
  if (degrees === undefined) return 'degrees';
  const value = inUnitOf(`${name} ${typeof schema.description === 'string' ? schema.description : ''}`, degrees);
  const least = typeof schema.minimum === 'number' ? schema.minimum : -Infinity;
  const most = typeof schema.maximum === 'number' ? schema.maximum : Infinity;
  return value < least || value > most ? { kind: 'beyond', least, most } : value;
}

/** Nobody wants a room of more than 45 degrees Celsius, or of less Fahrenheit. */
const HOTTEST_CELSIUS = 45;

function inUnitOf(words: string, degrees: number): number {
  const isFahrenheit = degrees > HOTTEST_CELSIUS;
  const wantsFahrenheit = /fahrenheit|°F\b/i.test(words);
  if (isFahrenheit === wantsFahrenheit) return degrees;
  return Math.round(wantsFahrenheit ? (degrees * 9) / 5 + 32 : ((degrees - 32) * 5) / 9);
}
