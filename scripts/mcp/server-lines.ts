/** What is known of tool servers, as lines for a terminal. Texts of servers are shown with everything hidden in them. Pure. */
import { nativeAddressOf, ownTransportOf, type ToolServer } from '../../src/hotel/tool-servers/definition.ts';
import type { TrustedTool } from '../../src/hotel/tool-servers/trust.ts';
import type { Trial } from './trial.ts';

const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
const LONGEST_DESCRIPTION = 100;

/** @returns the text on one line, each character that cannot be seen as its code: a terminal obeys some of them. */
export const revealed = (text: string): string =>
  text.replace(HIDDEN, (sign) => (sign === '\n' ? '\\n' : `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`));

/** One line: where a server is and how it is reached, without secrets. */
export function serverLine({ label, source, definition }: ToolServer): string {
  const own = ownTransportOf(definition);
  const native = nativeAddressOf(definition);
  const where = own.kind === 'stdio' ? `${definition.command ?? ''} (a program)` : withoutQuery(own.url);
  const paths = [
    ...(native === undefined ? [] : [`native at ${withoutQuery(native)}`]),
    ...(definition.mode === 'native' ? [] : [`${own.kind} at ${where}`]),
  ];
  const state = definition.enabled ? '' : ', switched off';
  return revealed(
    `${label}: from ${source === 'file' ? 'bellhop.yaml' : 'the staff page'}${state}; ${paths.join(', or ')}`,
  );
}

const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, '');

/** What came of trying a server: its name and versions, its tools in short, its problems. */
export function trialLines(trial: Trial): string[] {
  const { server, capabilities, tookMs, tools, problems } = trial;
  const { label } = server;
  const head = capabilities
    ? `${label}: connected in ${tookMs} ms to ${revealed(`${capabilities.name} ${capabilities.version}`)}, MCP ${revealed(capabilities.protocolVersion)}; ${tools.length} tools, ${capabilities.resources.length} resources, ${capabilities.prompts.length} prompts`
    : `${label}: not connected`;
  return [head, ...tools.flatMap(toolLines), ...problems.map((problem) => `  problem: ${revealed(problem)}`)];
}

const TRUST: Record<TrustedTool['trust'], string> = {
  approved: 'approved',
  new: 'not approved yet',
  changed: 'CHANGED since it was approved',
  gone: 'gone, was approved',
};

function toolLines({ tool, trust, flags }: TrustedTool): string[] {
  const description = revealed(tool.description);
  const short =
    description.length > LONGEST_DESCRIPTION ? `${description.slice(0, LONGEST_DESCRIPTION)}…` : description;
  return [
    `  ${revealed(tool.name)}  [${TRUST[trust]}; ${effectOf(tool)}]  ${short}`,
    ...flags.map((flag) => `    beware: ${revealed(flag)}`),
  ];
}

function effectOf({ annotations = {} }: TrustedTool['tool']): string {
  if (annotations.readOnlyHint === true) return 'says it only reads';
  return annotations.destructiveHint === false ? 'says it destroys nothing' : 'may change anything';
}

/** All that a model would be told by a tool, for whoever approves it; of a changed one what it was before too. */
export function fullToolLines({ tool, trust, flags, before, hash }: TrustedTool): string[] {
  const part = (name: string, value: unknown): string[] =>
    value === undefined ? [] : [`  ${name}: ${revealed(typeof value === 'string' ? value : JSON.stringify(value))}`];
  return [
    `${revealed(tool.name)}  [${TRUST[trust]}]`,
    ...part('title', tool.title),
    ...part('description', tool.description),
    ...part('arguments', tool.inputSchema),
    ...part('answers', tool.outputSchema),
    ...part('hints', tool.annotations),
    ...part('hash', hash),
    ...(before ? part('was approved as', before) : []),
    ...flags.map((flag) => `  beware: ${revealed(flag)}`),
  ];
}
