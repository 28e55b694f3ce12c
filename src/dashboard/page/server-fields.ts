/** The fields a tool server is set up with, in the order of the form. */
import { element } from './dom.ts';
import {
  choiceField,
  linesField,
  numberField,
  pairsField,
  secretField,
  secretPairsField,
  textField,
  type Field,
} from './form-fields.ts';
import type { SentDefinition, ServerJson } from './tool-api.ts';

type Definition = ServerJson['definition'];

/** @param initial what is being changed; undefined: a new server. */
export function serverFields(initial: Definition | undefined): { basic: Field[]; more: Field[] } {
  return { basic: basicFields(initial), more: moreFields(initial) };
}

function basicFields(initial: Definition | undefined): Field[] {
  const modes = {
    auto: 'Whichever works (recommended)',
    native: 'The model’s side calls it',
    client: 'Bellhop calls it',
  };
  return [
    textField(
      { name: 'description', label: 'What it is for', hint: 'The agent reads this too.' },
      initial?.description,
    ),
    choiceField({ name: 'mode', label: 'Who calls it' }, initial?.mode ?? 'auto', modes),
    textField(
      { name: 'server_url', label: 'Address', hint: 'Where the model’s side reaches it: https.' },
      initial?.server_url,
    ),
    choiceField(
      { name: 'transport', label: 'Bellhop reaches it by', hint: 'Programs on this machine are set up in its file.' },
      initial?.transport === 'stdio' ? '' : (initial?.transport ?? ''),
      { '': 'streamable HTTP at the same address', http: 'streamable HTTP', sse: 'HTTP with SSE (older servers)' },
    ),
    textField(
      { name: 'url', label: 'Own address', hint: 'Where Bellhop reaches it, when that is another address.' },
      initial?.url,
    ),
    signInFields(initial),
    approvalFields(initial),
  ];
}

/** A token, OAuth, or neither: what is not chosen is not sent. */
function signInFields(initial: Definition | undefined): Field {
  const now = initial?.oauth ? 'oauth' : initial?.authorization === undefined ? 'none' : 'token';
  const choices = { none: 'Nothing', token: 'A token', oauth: 'OAuth client credentials' };
  const kind = choiceField({ name: 'sign-in', label: 'Signs in with' }, now, choices);
  const token = secretField({ name: 'authorization', label: 'Token' }, initial?.authorization);
  const { oauth } = initial ?? {};
  const oauthFields = [
    textField({ name: 'client_id', label: 'Client' }, oauth?.client_id),
    secretField({ name: 'client_secret', label: 'Client secret' }, oauth?.client_secret),
    textField(
      { name: 'token_url', label: 'Token address', hint: 'Empty: as the server’s metadata says.' },
      oauth?.token_url,
    ),
    textField({ name: 'scope', label: 'Scope' }, oauth?.scope),
  ];
  const group = element('div', { class: 'group' }, ...oauthFields.map((field) => field.element));
  const show = (): void => {
    token.element.hidden = kind.value() !== 'token';
    group.hidden = kind.value() !== 'oauth';
  };
  show();
  kind.onChange(show);
  return {
    element: element('div', { class: 'group' }, kind.element, token.element, group),
    put(definition) {
      delete definition.authorization;
      delete definition.oauth;
      if (kind.value() === 'token') return token.put(definition);
      if (kind.value() !== 'oauth') return undefined;
      const sent: SentDefinition = {};
      for (const field of oauthFields) field.put(sent);
      definition.oauth = sent;
      return undefined;
    },
  };
}

function approvalFields(initial: Definition | undefined): Field {
  const rule = initial?.require_approval ?? 'always';
  const choices = { always: 'Before every call', never: 'Never', tools: 'By tool' };
  const about = { name: 'require_approval', label: 'Staff are asked' };
  const kind = choiceField(about, typeof rule === 'string' ? rule : 'tools', choices);
  const byTool = pairsField<string>(
    { name: 'by-tool', label: 'By tool', hint: 'tool = always or tool = never; of others staff are asked.' },
    typeof rule === 'string' ? {} : rule,
    (text) => (text === 'always' || text === 'never' ? text : undefined),
  );
  const show = (): void => void (byTool.element.hidden = kind.value() !== 'tools');
  show();
  kind.onChange(show);
  return {
    element: element('div', { class: 'group' }, kind.element, byTool.element),
    put(definition) {
      if (kind.value() !== 'tools') return kind.put(definition);
      const sent: SentDefinition = {};
      const mistake = byTool.put(sent);
      definition.require_approval = sent['by-tool'] ?? {};
      return mistake;
    },
  };
}

function moreFields(initial: Definition | undefined): Field[] {
  const wholeNumber = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);
  return [
    secretPairsField({ name: 'headers', label: 'Headers' }, initial?.headers),
    linesField(
      { name: 'allowed_tools', label: 'Only these tools', hint: 'One a line. Empty: all that are approved.' },
      initial?.allowed_tools,
    ),
    pairsField<string>(
      {
        name: 'from_call',
        label: 'Arguments from the call',
        hint: 'argument = room, guest_name or call_id: filled in by Bellhop, unseen by the model.',
      },
      initial?.from_call,
      (text) => text,
    ),
    pairsField<number>(
      { name: 'cache', label: 'Results that are kept', hint: 'tool = seconds; for tools that only read.' },
      initial?.cache,
      wholeNumber,
    ),
    contextFields(initial),
    textField(
      { name: 'phrase', label: 'Said meanwhile', hint: 'When a call takes longer than a moment.' },
      initial?.phrase,
    ),
    numberField({ name: 'timeout', label: 'Longest call in milliseconds' }, initial?.timeout ?? 5_000),
    limitFields(initial),
    numberField(
      { name: 'priority', label: 'Priority', hint: 'Lower wins when two servers have a tool of one name.' },
      initial?.priority ?? 100,
    ),
  ];
}

function limitFields(initial: Definition | undefined): Field {
  const fields = [
    numberField({ name: 'per_minute', label: 'Calls of a tool in a minute' }, initial?.limits.per_minute ?? 60),
    numberField({ name: 'per_call', label: 'Calls of a tool in a phone call' }, initial?.limits.per_call ?? 10),
  ];
  return {
    element: element('div', { class: 'group' }, ...fields.map((field) => field.element)),
    put(definition) {
      const limits: SentDefinition = {};
      for (const field of fields) field.put(limits);
      definition.limits = limits;
      return undefined;
    },
  };
}

/** Resources and prompts that the agent is given. */
function contextFields(initial: Definition | undefined): Field {
  const { resources } = initial ?? {};
  const choices = { no: 'No', yes: 'Yes, by a tool' };
  const tool = choiceField(
    { name: 'tool', label: 'The agent may read resources' },
    resources?.tool ? 'yes' : 'no',
    choices,
  );
  const context = linesField(
    { name: 'context', label: 'Resources that the agent knows from the start', hint: 'One address a line.' },
    resources?.context,
  );
  const prompts = linesField(
    { name: 'prompts', label: 'Prompts that go into its instructions', hint: 'One a line: name {"argument": "value"}' },
    initial?.prompts?.map((prompt) => `${prompt.name} ${JSON.stringify(prompt.arguments)}`),
  );
  return {
    element: element('div', { class: 'group' }, tool.element, context.element, prompts.element),
    put(definition) {
      const sent: { context?: string[]; prompts?: string[] } = {};
      context.put(sent);
      prompts.put(sent);
      const isUsed = tool.value() === 'yes' || sent.context !== undefined;
      definition.resources = isUsed ? { tool: tool.value() === 'yes', context: sent.context ?? [] } : undefined;
      const read = (sent.prompts ?? []).map(promptOf);
      definition.prompts = read.length === 0 ? undefined : read;
      const wrong = read.indexOf(undefined);
      return wrong < 0 ? undefined : `Prompts: “${sent.prompts?.[wrong]}” is not understood.`;
    },
  };
}

function promptOf(line: string): SentDefinition | undefined {
  const [, name, json = ''] = /^(\S+)\s*(\{.*\})?$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  try {
    return { name, arguments: json === '' ? {} : (JSON.parse(json) as unknown) };
  } catch {
    return undefined;
  }
}
