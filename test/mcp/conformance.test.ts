/** The protocol's own conformance suite against our `/mcp` and against our connection to tool servers, and its Inspector. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installMcpServers } from '../peers/mcp-servers.ts';
import { forwardWithToken } from '../peers/token-forwarder.ts';
import { assistantStage, type AssistantStage } from './assistant-stage.ts';

const EXPECTED = join(import.meta.dirname, 'conformance-expected-failures.yml');
const CLIENT = join(import.meta.dirname, '../peers/conformance-client.ts');

let folder: string;
let stage: AssistantStage;
beforeAll(async () => {
  folder = await installMcpServers();
  stage = await assistantStage();
}, 180_000);
afterAll(() => stage.close());

/** @returns the exit code and what was printed. */
function run(program: string, parameters: string[]): Promise<{ code: number; text: string }> {
  const file = join(folder, 'node_modules/@modelcontextprotocol', program);
  const env = { ...process.env, NO_COLOR: '1', NODE_NO_WARNINGS: '1' };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [file, ...parameters],
      { env, timeout: 58_000, cwd: folder },
      (error, stdout, stderr) => {
        const code = error ? Number(error.code ?? 1) : 0;
        resolve({ code, text: `${stdout}\n${stderr}` });
      },
    );
  });
}

const conformance = (...parameters: string[]) =>
  run('conformance/dist/index.js', [...parameters, '--expected-failures', EXPECTED]);
const inspect = (token: string, ...parameters: string[]) =>
  run('inspector/clients/launcher/build/index.js', [
    ...['--cli', stage.url, '--transport', 'http', '--header', `Authorization: Bearer ${token}`],
    ...['--connect-timeout', '15000', '--stored-auth-only', ...parameters],
  ]);

/** @returns the scenarios that went otherwise than the list says: failed unexpectedly, or passed. */
function complaints(text: string): string[] {
  const parts = /(?:Stale baseline entries|Unexpected failures \()[\s\S]*/.exec(text)?.[0] ?? '';
  return [...parts.matchAll(/^ {2}[✓✗] (\S+)/gm)].map(([, name]) => name ?? '');
}

describe('conformance', () => {
  it('our server does what the suite asks of a server, but for what is listed with its reason', async () => {
    const forwarder = await forwardWithToken(stage.url, stage.issue());
    try {
      const { code, text } = await conformance('server', '--url', forwarder.url, '--suite', 'active');
      for (const name of ['server-initialize', 'ping', 'tools-list', 'tools-call-simple-text', 'tools-call-error'])
        expect(text).toContain(`✓ ${name}: 1 passed, 0 failed`);
      expect(text).toContain('✓ dns-rebinding-protection: 2 passed, 0 failed');
      expect(code, text).toBe(0);
    } finally {
      await forwarder.close();
    }
  }, 60_000);

  it('our connection does what the suite asks of a client, but for what is listed with its reason', async () => {
    const command = `${process.execPath} ${CLIENT}`;
    const { code, text } = await conformance('client', '--command', command, '--suite', 'all', '--timeout', '25000');
    for (const name of ['initialize', 'tools_call', 'auth/pre-registration', 'auth/client-credentials-basic'])
      expect(text).toMatch(new RegExp(`✓ ${name}: [19] passed, 0 failed`));
    // It goes by milliseconds: late as we are on purpose, a slow machine can make us look punctual.
    expect(complaints(text), text).toEqual(code === 0 ? [] : ['sse-retry']);
  }, 60_000);
});

describe('the Inspector', () => {
  it('lists our tools with a token of staff', async () => {
    const { code, text } = await inspect(stage.issue(['requests:read', 'information:read']), '--method', 'tools/list');
    expect(code, text).toBe(0);
    const names = [...text.matchAll(/"name": "(\w+)"/g)].map(([, name]) => name);
    expect(names).toEqual(['get_service_requests', 'get_hotel_information']);
  }, 60_000);

  it('calls them', async () => {
    const call = ['--method', 'tools/call', '--tool-name', 'create_service_request', '--tool-args-json'];
    const { code, text } = await inspect(stage.issue(), ...call, '{"summary":"The lamp in the lobby is broken"}');
    expect(code, text).toBe(0);
    expect(text).toContain('Recorded for maintenance as request');
    expect(stage.book.rows.map(({ summary }) => summary)).toContain('The lamp in the lobby is broken');
  }, 60_000);

  it('is not let in without one that is good', async () => {
    const { code, text } = await inspect(`bh_${'a'.repeat(43)}`, '--method', 'tools/list');
    expect(code).not.toBe(0);
    expect(text).not.toContain('get_service_requests');
  }, 60_000);
});
