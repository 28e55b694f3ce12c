/** Seals secrets for the database: AES-256-GCM, bound to the row they belong to (T12). */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Sealed bytes cannot be opened; the message is one line and tells nothing of them. */
export class SealedSecretError extends Error {
  override name = 'SealedSecretError';
  readonly why: 'unknown-key' | 'tampered';

  constructor(why: 'unknown-key' | 'tampered', message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}

export interface Sealed {
  /** Nonce, tag, ciphertext. */
  bytes: Buffer;
  keyId: string;
}

export class SecretBox {
  readonly #keys = new Map<string, Buffer>();
  readonly #current: string;

  /**
   * @param current the key that seals: 32 bytes in base64. @param old keys of before, for opening alone.
   * @throws RangeError when one is no such key.
   */
  constructor(current: string, old: readonly string[] = []) {
    for (const key of [...old, current].map(bytesOf)) this.#keys.set(idOf(key), key);
    this.#current = idOf(bytesOf(current));
  }

  /** @param context what the bytes belong to: whoever opens them must name the same. */
  seal(secrets: object, context: string): Sealed {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key(this.#current), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    const text = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
    return { bytes: Buffer.concat([nonce, cipher.getAuthTag(), text]), keyId: this.#current };
  }

  /** @returns what was sealed. @throws SealedSecretError when the key is unknown, or bytes or context are not those of then. */
  open(bytes: Uint8Array, keyId: string, context: string): unknown {
    const key = this.#key(keyId);
    try {
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      return JSON.parse(text.toString('utf8')) as unknown;
    } catch (error) {
      throw new SealedSecretError('tampered', 'the sealed secrets were changed, or belong to something else', {
        cause: error,
      });
    }
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id);
    if (!key)
      throw new SealedSecretError('unknown-key', `the secrets were sealed with the key ${id}, which is not set`);
    return key;
  }
}

function bytesOf(key: string): Buffer {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== KEY_BYTES) throw new RangeError(`expected a key of ${KEY_BYTES} bytes in base64`);
  return bytes;
}

const idOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);
