/** Sealed secrets: opened with the key and context of then, and with nothing else. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SealedSecretError, SecretBox } from '../../src/storage/secret-box.ts';

const newKey = (): string => randomBytes(32).toString('base64');
const whyOf = (work: () => unknown): string => {
  try {
    work();
    return 'opened';
  } catch (error) {
    return error instanceof SealedSecretError ? error.why : String(error);
  }
};

describe('sealed secrets', () => {
  const key = newKey();
  const box = new SecretBox(key);
  const sealed = box.seal({ authorization: 'token-é' }, 'hotel/spa');

  it('[T12] are opened as they were, and show nothing of it before', () => {
    expect(box.open(sealed.bytes, sealed.keyId, 'hotel/spa')).toEqual({ authorization: 'token-é' });
    expect(sealed.bytes.toString('latin1')).not.toContain('token');
  });

  it('[T12] never look the same twice', () => {
    expect(box.seal({}, 'x').bytes).not.toEqual(box.seal({}, 'x').bytes);
  });

  it('[T12] are not opened when any of their bytes was changed, or some are missing', () => {
    for (let at = 0; at < sealed.bytes.length; at++) {
      const changed = Buffer.from(sealed.bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(whyOf(() => box.open(changed, sealed.keyId, 'hotel/spa'))).toBe('tampered');
    }
    for (const length of [0, 11, 27, sealed.bytes.length - 1])
      expect(whyOf(() => box.open(sealed.bytes.subarray(0, length), sealed.keyId, 'hotel/spa'))).toBe('tampered');
  });

  it('[T12] are not opened for another row', () => {
    expect(whyOf(() => box.open(sealed.bytes, sealed.keyId, 'hotel/pms'))).toBe('tampered');
  });

  it('[T12] are opened with an old key as long as it is set, and sealed with the current one', () => {
    const next = newKey();
    const turned = new SecretBox(next, [key]);
    expect(turned.open(sealed.bytes, sealed.keyId, 'hotel/spa')).toEqual({ authorization: 'token-é' });
    expect(turned.seal({}, 'x').keyId).toBe(new SecretBox(next).seal({}, 'x').keyId);
    expect(whyOf(() => new SecretBox(next).open(sealed.bytes, sealed.keyId, 'hotel/spa'))).toBe('unknown-key');
  });

  it('a key of another length is refused without showing it', () => {
    const short = randomBytes(31).toString('base64');
    expect(() => new SecretBox(short)).toThrow(new RangeError('expected a key of 32 bytes in base64'));
  });
});
