/** What staff should look at before they approve a tool: hidden characters, text that speaks to the agent (T6). Pure. */
import { hiddenIn, visible } from './hidden-text.ts';
import type { ListedTool } from './ports.ts';

/** What a provider takes as a tool's name (rule TOOL-44). */
export const PROVIDER_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const LONG_DESCRIPTION = 1_024;
const LARGE_TOOL = 16_000;
/** Texts of one tool that are read, and how much of each; a larger tool is flagged for its size. */
const MAX_TEXTS = 3_000;
const MAX_READ = 20_000;
const MAX_FLAGS = 20;

/** Quantifiers are bounded and parts do not overlap, so that no text takes long to read: calls talk meanwhile. */
const MANNERS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:previous|prior|above|earlier|other|all|an[y]|your|instructions?|rules?)\b/,
    'tells the agent to ignore what it was told',
  ],
  [
    /\b(?:do not|don['’]t|never|without)\b.{0,20}\b(?:tell(?:ing)?|mention(?:ing)?|inform(?:ing)?|reveal(?:ing)?|show(?:ing)?|disclos(?:e|ing)|notify(?:ing)?|ask(?:ing)?)\b/,
    'tells the agent to keep something quiet',
  ],
  [
    /<\/?\s{0,3}(?:important|system|instructions?|secret|admin|assistant|critical)\b[^>]{0,40}>|\[\/?inst\]|<\|[a-z_]{2,20}\|>|(?:^|\s)#{1,4} ?(?:system|instructions?)\b/,
    'marks text as if it came from the hotel',
  ],
  [
    /\byou (?:must|have to|need to|shall|are required to|should always)\b|\b(?:always|must) (?:first )?(?:call|use|run|invoke)\b/,
    'tells the agent what it must do',
  ],
  [
    /\bsystem prompt\b|\bsystem message\b|\bdeveloper message\b|\b(?:hidden|new|your) instructions\b|\bjailbreak\b|\byou are (?:now|an?) /,
    'speaks of the agent’s own instructions',
  ],
  [
    /\b(?:before|instead of|after|when(?:ever)?)\b.{0,30}\b(?:an[y] |every |an?other |other |the )?tools?\b/,
    'speaks of how other tools are used',
  ],
  [
    /\b(?:read|open|cat|fetch|load|send|include|attach|pass|upload|forward|paste)\b.{0,60}(?:\b(?:files?|passwords?|secrets?|tokens?|api[ _-]?keys?|credentials?|conversation|chat history|transcript|environment variables?)\b|~\/|\.env\b|\.ssh\b|\bid_rsa\b|\/etc\/)/,
    'asks for files, secrets or the conversation',
  ],
  [
    /\b(?:https?|wss?|ftp):\/\/[^\s"'<>?&#]{1,200}(?:[?&#][^\s"'<>?&#=]{0,80}){1,4}=|!\[[^\][]{0,80}\]\(/,
    'holds a web address that carries data',
  ],
  [/\b(?:data:[a-z/+.-]{3,40};base64,|(?:[A-Za-z0-9+/]{4}){15,}={0,2})/i, 'holds a block of encoded text'],
];

/** @returns in words for staff what is odd about a tool, at most 20. */
export function flagsOf(tool: ListedTool): string[] {
  const flags = new Set<string>(oddForm(tool));
  for (const { place, text } of textsOf(tool)) {
    for (const kind of hiddenIn(text)) flags.add(`${place}: ${kind}`);
    const read = visible(text.slice(0, MAX_READ)).normalize('NFKC').replaceAll(/\s+/g, ' ');
    const lower = read.toLowerCase();
    for (const [manner, words] of MANNERS)
      if (manner.test(manner.ignoreCase ? read : lower)) flags.add(`${place}: ${words}`);
    if (flags.size >= MAX_FLAGS) break;
  }
  return [...flags].slice(0, MAX_FLAGS);
}

function oddForm({ name, description, inputSchema, outputSchema }: ListedTool): string[] {
  const size = JSON.stringify([inputSchema, outputSchema]).length + description.length;
  return [
    ...(PROVIDER_NAME.test(name)
      ? []
      : ['name: not of 1 to 64 letters A to Z, digits, _ and -; it is renamed or left out']),
    ...(description.trim() === '' ? ['description: there is none'] : []),
    ...(description.length > LONG_DESCRIPTION ? [`description: ${description.length} characters long`] : []),
    ...(size > LARGE_TOOL ? [`the whole tool is ${size} characters long`] : []),
  ];
}

interface Placed {
  place: string;
  text: string;
}

/** All texts of a tool that a model may read: names of fields, descriptions, enumerations, defaults. */
function textsOf({ name, title, description, inputSchema, outputSchema, annotations }: ListedTool): Placed[] {
  const texts: Placed[] = [];
  const open: { place: string; value: unknown }[] = [
    { place: 'result', value: outputSchema },
    { place: 'annotations', value: annotations },
    { place: 'arguments', value: inputSchema },
    { place: 'title', value: title },
    { place: 'description', value: description },
    { place: 'name', value: name },
  ];
  for (let next = open.pop(); next && texts.length < MAX_TEXTS; next = open.pop()) {
    const { place, value } = next;
    if (typeof value === 'string') texts.push({ place, text: value });
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value).toReversed()) {
      // A schema's own words say little about where; the names of fields say more.
      const isOwnWord = Array.isArray(value) || ['properties', 'items', '$defs', 'definitions', 'anyOf'].includes(key);
      if (!Array.isArray(value)) texts.push({ place, text: key });
      open.push({ place: isOwnWord ? place : `${place}.${visible(key).slice(0, 40)}`.slice(0, 120), value: inner });
    }
  }
  return texts;
}
