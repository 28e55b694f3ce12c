/** Who can reach us where, and which servers of others the model's side calls itself. */
import { describe, expect, test } from 'vitest';
import { mcpReach, nativeProblem } from '../src/reach.ts';

describe('[TOOL-48] our own tools', () => {
  test('the local engine reaches them on this machine, whatever the public address is', () => {
    expect(mcpReach('local', undefined, 'http://127.0.0.1:3000')).toEqual({ url: 'http://127.0.0.1:3000/mcp' });
  });

  test('a provider elsewhere reaches them at a public https address alone', () => {
    const reach = (url: string | undefined) => mcpReach('hosted', url, 'http://127.0.0.1:3000');
    expect(reach('https://phone.example.com')).toEqual({ url: 'https://phone.example.com/mcp' });
    expect(reach(undefined)).toMatchObject({ reason: expect.stringContaining('not set') });
    expect(reach('http://phone.example.com')).toMatchObject({ reason: expect.stringContaining('not https') });
    for (const host of ['localhost', '10.0.0.8', '192.168.1.4', '172.20.0.1', '[::1]', '[fd00::1]', 'pbx.local'])
      expect(reach(`https://${host}`), host).toMatchObject({ reason: expect.stringContaining('not public') });
  });
});

describe('servers of others', () => {
  test('a provider elsewhere calls those at public https addresses itself', () => {
    expect(nativeProblem('hosted', 'auto', 'https://mcp.example.com/mcp')).toBeUndefined();
    expect(nativeProblem('hosted', 'native', 'https://homeassistant.local/mcp')).toContain('not public');
    expect(nativeProblem('hosted', 'auto', 'http://mcp.example.com/mcp')).toContain('not https');
    for (const host of ['pms', 'rooms.lan', 'rooms.home.arpa'])
      expect(nativeProblem('hosted', 'auto', `https://${host}/mcp`), host).toContain('not public');
  });

  test('the token of a server in the hotel’s own network is not handed to a provider elsewhere', () => {
    expect(nativeProblem('hosted', 'native', 'https://rooms.hotel.example/mcp', true)).toContain('not public');
    expect(nativeProblem('hosted', 'auto', 'https://rooms.hotel.example/mcp', false)).toBeUndefined();
  });

  test('the local engine calls itself only what is to be called natively and no other way', () => {
    expect(nativeProblem('local', 'native', 'http://127.0.0.1:9/mcp')).toBeUndefined();
    expect(nativeProblem('local', 'auto', 'https://mcp.example.com/mcp')).toContain('to us');
  });
});
