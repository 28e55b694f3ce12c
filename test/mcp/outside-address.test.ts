/** Which addresses of others are refused without asking the network, and which of the network's answers. */
import { describe, expect, it } from 'vitest';
import { checkOutsideUrl, mistakeOfAddress, type OutsideRules } from '../../src/mcp/outside-address.ts';

const STRICT: OutsideRules = { isLoopbackAllowed: false, trustedHosts: [], privateHosts: [] };
const LOOPBACK: OutsideRules = { ...STRICT, isLoopbackAllowed: true };
const HOTEL: OutsideRules = { ...STRICT, privateHosts: ['home.hotel.lan:8123', '10.0.4.20', '[fd00::5]:8443', 'pms'] };
const PLAIN: OutsideRules = {
  ...STRICT,
  privateHosts: ['http://homeassistant.local:8123', 'http://10.0.4.30', 'http://93.184.216.34', 'pms.local'],
};
const TRUST: OutsideRules = { ...HOTEL, trustedHosts: ['mcp.example.com', '*.tools.example.org', '93.184.216.34'] };

const SCHEME = /^expected https/;
const FORM = /^expected an address/;
const NOT_PUBLIC = /no public address$/;
const MACHINE = /own network$/;
const INSIDE = /name inside a network/;
const CREDENTIALS = /no user name or password/;

describe('[T10] addresses that are refused before anything is asked', () => {
  it.each<[string, RegExp]>([
    // Schemes.
    ['http://tools.example.com/mcp', SCHEME],
    ['HTTP://tools.example.com/mcp', SCHEME],
    ['ws://tools.example.com/mcp', SCHEME],
    ['wss://tools.example.com/mcp', SCHEME],
    ['ftp://tools.example.com/mcp', SCHEME],
    ['gopher://tools.example.com:70/_x', SCHEME],
    ['blob:https://tools.example.com/1', FORM],
    ['file:///etc/passwd', FORM],
    ['file://tools.example.com/etc/passwd', SCHEME],
    ['data:text/plain,hello', FORM],
    ['javascript:alert(1)', FORM],
    ['view-source:https://tools.example.com', FORM],
    ['jar:https://tools.example.com!/a', FORM],
    ['ldap://tools.example.com', SCHEME],
    ['dict://tools.example.com:2628/d', SCHEME],
    ['unix:/var/run/docker.sock', FORM],
    // What is no address, or another one than it looks like.
    ['', FORM],
    ['tools.example.com/mcp', FORM],
    ['//tools.example.com/mcp', FORM],
    ['https:tools.example.com', FORM],
    ['https:/tools.example.com', FORM],
    ['https:///tools.example.com', FORM],
    ['https://', FORM],
    ['https:\\\\127.0.0.1', FORM],
    ['https://tools.example.com\\@127.0.0.1', FORM],
    ['https://tools.exam\nple.com', FORM],
    ['https://tools.example.com /mcp', FORM],
    ['\thttps://tools.example.com', FORM],
    ['https://tools.example.com\u0000.evil.example', FORM],
    ['https://[::1', FORM],
    ['https://256.256.256.256', FORM],
    ['https://1.2.3.4.5.0x', FORM],
    ['https://tools.example.com:99999', FORM],
    ['https://tools%00.example.com', FORM],
    ['https://[fe80::1%25eth0]/', FORM],
    [`https://tools.example.com/${'a'.repeat(2_100)}`, /at most 2048/],
    // Credentials, also those that look like a host.
    ['https://user@tools.example.com', CREDENTIALS],
    ['https://user:secret@tools.example.com', CREDENTIALS],
    ['https://tools.example.com@127.0.0.1', CREDENTIALS],
    ['https://tools.example.com:443@10.0.0.1', CREDENTIALS],
    ['https://tools.example.com%40@93.184.216.34', CREDENTIALS],
    // This machine, however it is written.
    ['https://127.0.0.1', NOT_PUBLIC],
    ['https://127.1', NOT_PUBLIC],
    ['https://127.0.1', NOT_PUBLIC],
    ['https://2130706433', NOT_PUBLIC],
    ['https://0x7f000001', NOT_PUBLIC],
    ['https://0x7f.1', NOT_PUBLIC],
    ['https://017700000001', NOT_PUBLIC],
    ['https://0177.0.0.1', NOT_PUBLIC],
    ['https://127.0.0.1.', NOT_PUBLIC],
    ['https://127.255.255.254:8443/mcp', NOT_PUBLIC],
    ['https://0', NOT_PUBLIC],
    ['https://0.0.0.0', NOT_PUBLIC],
    ['https://00000000.1', NOT_PUBLIC],
    ['https://１２７.０.０.１', NOT_PUBLIC],
    ['https://①②⑦.⓪.⓪.①', NOT_PUBLIC],
    ['https://127。0。0。1', NOT_PUBLIC],
    ['https://%31%32%37.0.0.1', NOT_PUBLIC],
    ['https://[::]', NOT_PUBLIC],
    ['https://[::1]', NOT_PUBLIC],
    ['https://[0:0:0:0:0:0:0:1]', NOT_PUBLIC],
    ['https://[::ffff:127.0.0.1]', NOT_PUBLIC],
    ['https://[::ffff:7f00:1]', NOT_PUBLIC],
    ['https://[::127.0.0.1]', NOT_PUBLIC],
    ['https://[::ffff:0:127.0.0.1]', NOT_PUBLIC],
    // The network around it.
    ['https://10.0.0.1', NOT_PUBLIC],
    ['https://012.0.0.1', NOT_PUBLIC],
    ['https://172.16.0.1', NOT_PUBLIC],
    ['https://172.31.255.255', NOT_PUBLIC],
    ['https://192.168.1.1', NOT_PUBLIC],
    ['https://3232235777', NOT_PUBLIC],
    ['https://100.64.0.1', NOT_PUBLIC],
    ['https://169.254.1.1', NOT_PUBLIC],
    ['https://192.0.2.7', NOT_PUBLIC],
    ['https://198.18.0.1', NOT_PUBLIC],
    ['https://224.0.0.251', NOT_PUBLIC],
    ['https://255.255.255.255', NOT_PUBLIC],
    ['https://240.0.0.1', NOT_PUBLIC],
    ['https://[fc00::1]', NOT_PUBLIC],
    ['https://[fd12:3456::1]', NOT_PUBLIC],
    ['https://[fe80::1]', NOT_PUBLIC],
    ['https://[fec0::1]', NOT_PUBLIC],
    ['https://[ff02::1]', NOT_PUBLIC],
    ['https://[::ffff:10.0.0.1]', NOT_PUBLIC],
    ['https://[64:ff9b::10.0.0.1]', NOT_PUBLIC],
    ['https://[64:ff9b:1::10.0.0.1]', NOT_PUBLIC],
    ['https://[2002:a00:1::]', NOT_PUBLIC],
    ['https://[2002:5db8:d822::]', NOT_PUBLIC],
    ['https://[2001:0:5db8:d822::f5ff:fffe]', NOT_PUBLIC],
    ['https://[2001:db8::1]', NOT_PUBLIC],
    ['https://[100::1]', NOT_PUBLIC],
    ['https://[4000::1]', NOT_PUBLIC],
    // Where clouds keep a machine's secrets.
    ['https://169.254.169.254/latest/meta-data', NOT_PUBLIC],
    ['https://2852039166', NOT_PUBLIC],
    ['https://0xa9fea9fe', NOT_PUBLIC],
    ['https://[::ffff:a9fe:a9fe]', NOT_PUBLIC],
    ['https://[64:ff9b::a9fe:a9fe]', NOT_PUBLIC],
    ['https://[fd00:ec2::254]', MACHINE],
    ['https://100.100.100.200', MACHINE],
    ['https://168.63.129.16', MACHINE],
    // Names that mean something inside alone.
    ['https://localhost', INSIDE],
    ['https://LOCALHOST:8443', INSIDE],
    ['https://ｌｏｃａｌｈｏｓｔ', INSIDE],
    ['https://app.localhost', INSIDE],
    ['https://localhost.localdomain', INSIDE],
    ['https://metadata.google.internal', INSIDE],
    ['https://metadata', INSIDE],
    ['https://printer.local', INSIDE],
    ['https://kubernetes.default.svc', INSIDE],
    ['https://router.home.arpa', INSIDE],
    ['https://pms', INSIDE],
    ['https://localhost.', /without a dot at its end/],
    ['https://tools.example.com.', /without a dot at its end/],
    // Ports of other services.
    ['https://tools.example.com:22', /another service/],
    ['https://tools.example.com:25', /another service/],
    ['https://tools.example.com:5432', /another service/],
    ['https://tools.example.com:6379', /another service/],
    ['https://tools.example.com:11211', /another service/],
  ])('%s', (url, mistake) => {
    expect(checkOutsideUrl(url, STRICT)).toMatch(mistake);
  });

  it('no message repeats a secret of the address', () => {
    const url = 'https://user:hunter2@10.0.0.1:22/mcp?key=hunter2';
    expect(checkOutsideUrl(url, STRICT)).not.toContain('hunter2');
  });
});

describe('addresses that are allowed', () => {
  it.each([
    'https://tools.example.com/mcp',
    'https://TOOLS.example.com:8443/mcp?hotel=1#x',
    'https://bücher.example/mcp',
    'https://93.184.216.34/mcp',
    'https://[2606:2800:220:1::1]/mcp',
    'https://[64:ff9b::93.184.216.34]/mcp',
    'https://localhost.example.com',
    'https://internal.example.com',
    'https://tools.example.com/a@b',
  ])('%s', (url) => {
    expect(checkOutsideUrl(url, STRICT)).toBeUndefined();
  });
});

describe('what the operator’s file opens', () => {
  it.each<[string, OutsideRules, RegExp | undefined]>([
    ['http://localhost:3000/mcp', LOOPBACK, undefined],
    ['http://app.localhost:3000/mcp', LOOPBACK, undefined],
    ['http://127.0.0.2:3000', LOOPBACK, undefined],
    ['http://2130706433', LOOPBACK, undefined],
    ['https://[::1]:3000', LOOPBACK, undefined],
    ['http://10.0.0.1', LOOPBACK, SCHEME],
    ['https://10.0.0.1', LOOPBACK, NOT_PUBLIC],
    ['http://0.0.0.0', LOOPBACK, SCHEME],
    ['http://tools.example.com', LOOPBACK, SCHEME],
    ['https://home.hotel.lan:8123/mcp', HOTEL, undefined],
    ['https://home.hotel.lan/mcp', HOTEL, INSIDE],
    ['https://home.hotel.lan:8124/mcp', HOTEL, INSIDE],
    ['http://home.hotel.lan:8123/mcp', HOTEL, SCHEME],
    ['https://10.0.4.20:9443', HOTEL, undefined],
    ['https://167773204:9443', HOTEL, undefined],
    ['https://10.0.4.21', HOTEL, NOT_PUBLIC],
    ['https://[fd00::5]:8443', HOTEL, undefined],
    ['https://pms/mcp', HOTEL, undefined],
    ['http://homeassistant.local:8123/mcp', PLAIN, undefined],
    ['http://HomeAssistant.local:8123', PLAIN, undefined],
    ['http://homeassistant.local:8124/mcp', PLAIN, SCHEME],
    ['http://homeassistant.local/mcp', PLAIN, SCHEME],
    ['http://a.homeassistant.local:8123/mcp', PLAIN, SCHEME],
    ['https://homeassistant.local:8123/mcp', PLAIN, INSIDE],
    ['http://10.0.4.30/mcp', PLAIN, undefined],
    ['http://10.0.4.30:80/mcp', PLAIN, undefined],
    ['http://10.0.4.30:8080/mcp', PLAIN, SCHEME],
    ['http://10.0.4.31/mcp', PLAIN, SCHEME],
    ['http://pms.local/mcp', PLAIN, SCHEME],
    ['ws://homeassistant.local:8123/mcp', PLAIN, SCHEME],
    // Without https nothing leaves the house.
    ['http://93.184.216.34/mcp', PLAIN, /no address of the hotel's network/],
    ['https://mcp.example.com/a', TRUST, undefined],
    ['https://a.b.tools.example.org', TRUST, undefined],
    ['https://tools.example.org', TRUST, /not among the hosts/],
    ['https://eviltools.example.org', TRUST, /not among the hosts/],
    ['https://mcp.example.com.evil.example', TRUST, /not among the hosts/],
    ['https://93.184.216.34', TRUST, undefined],
    ['https://93.184.216.35', TRUST, /not among the hosts/],
    ['https://home.hotel.lan:8123/mcp', TRUST, undefined],
  ])('%s', (url, rules, mistake) => {
    const found = checkOutsideUrl(url, rules);
    if (mistake) expect(found).toMatch(mistake);
    else expect(found).toBeUndefined();
  });

  it.each(['169.254.169.254', '127.0.0.1', '0.0.0.0', '::1', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254', '224.0.0.1'])(
    'a host of the hotel’s network is still refused at %s',
    (address) => {
      expect(mistakeOfAddress(address, 'private')).toBeDefined();
      expect(mistakeOfAddress(address, 'inside')).toBeDefined();
    },
  );

  it.each(['10.1.2.3', '192.168.0.9', 'fd12::9', '100.101.102.103', '::ffff:10.1.2.3'])(
    'and may be at %s, where a public one may not',
    (address) => {
      expect(mistakeOfAddress(address, 'private')).toBeUndefined();
      expect(mistakeOfAddress(address, 'inside')).toBeUndefined();
      expect(mistakeOfAddress(address, 'public')).toMatch(NOT_PUBLIC);
    },
  );
});
