/** What is known of a tool server: how it is set up, how it does, what it offers besides tools. */
import type { Desk } from './desk.ts';
import { element } from './dom.ts';
import type { CapabilitiesJson, ServerJson } from './tool-api.ts';
import { MODE_WORDS, PATH_WORDS, sourceWords, STATUS_WORDS, statusDetails } from './tool-words.ts';
import { visible } from './visible-text.ts';

type Fact = [name: string, value: string];

export function serverFacts(desk: Desk, { definition, status, source, path, version }: ServerJson): HTMLElement {
  const [since = '', error = ''] = statusDetails(desk, status);
  const facts: Fact[] = [
    ['Status', `${STATUS_WORDS[status.kind]}, ${since}`],
    ['Error', error],
    ['Path', `${PATH_WORDS[path]}; allowed: ${MODE_WORDS[definition.mode]}`],
    ['Source', `${sourceWords(source)}, version ${version}`],
    ['Description', definition.description],
    ['Address', definition.server_url ?? ''],
    ['Own address', definition.url ?? ''],
    ['Program', definition.command === undefined ? '' : [definition.command, ...(definition.args ?? [])].join(' ')],
    ['Signs in with', signInWords(definition)],
    ['Headers', pairs(definition.headers)],
    ['Environment', pairs(definition.env)],
    ['Staff are asked', approvalWords(definition.require_approval)],
    ['Only these tools', (definition.allowed_tools ?? []).join(', ')],
    ['Limits', limitWords(definition)],
    ['Said meanwhile', definition.phrase ?? ''],
    ['From the call', pairs(definition.from_call)],
    ['Kept results', pairs(definition.cache, ' s')],
  ];
  const shown = facts.filter(([, value]) => value !== '');
  return element(
    'dl',
    { class: 'facts card whole' },
    ...shown.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, ...visible(value))]),
  );
}

type Definition = ServerJson['definition'];

function signInWords({ authorization, oauth }: Definition): string {
  if (oauth) return `OAuth as ${oauth.client_id}, secret ${oauth.client_secret}`;
  return authorization === undefined ? 'nothing' : `token ${authorization}`;
}

function approvalWords(rule: Definition['require_approval']): string {
  if (rule === 'always') return 'before every call';
  if (rule === 'never') return 'never';
  const named = Object.entries(rule).map(([tool, how]) => `${tool}: ${how}`);
  return `by tool (${named.join(', ')}); before every call of others`;
}

function limitWords({ timeout, limits, priority }: Definition): string {
  return `${timeout} ms a call, ${limits.per_minute} a minute, ${limits.per_call} a phone call; priority ${priority}`;
}

function pairs(values: Record<string, unknown> | undefined, unit = ''): string {
  return Object.entries(values ?? {})
    .map(([name, value]) => `${name} = ${String(value)}${unit}`)
    .join(', ');
}

/** Resources and prompts; tools are shown where they are judged. */
export function otherCapabilities({
  name,
  version,
  protocolVersion,
  resources,
  prompts,
}: CapabilitiesJson): HTMLElement {
  const row = (title: string, details: string): HTMLElement =>
    element('li', {}, element('b', {}, ...visible(title)), element('span', { class: 'quiet' }, ...visible(details)));
  const rows = [
    ...resources.map(({ name: title, uri, description, isTemplate }) =>
      row(title, [isTemplate ? 'resources like' : 'resource', uri, description ?? ''].join(' ').trim()),
    ),
    ...prompts.map((prompt) => {
      const inputs = prompt.arguments.map((input) => (input.isRequired ? input.name : `${input.name}?`)).join(', ');
      return row(prompt.name, `prompt(${inputs}) ${prompt.description ?? ''}`.trim());
    }),
  ];
  return element(
    'div',
    { class: 'card' },
    element('p', { class: 'pad quiet' }, ...visible(`Calls itself ${name} ${version}, speaks MCP ${protocolVersion}.`)),
    rows.length === 0
      ? element('p', { class: 'pad quiet' }, 'No resources and no prompts.')
      : element('ul', { class: 'history' }, ...rows),
  );
}
