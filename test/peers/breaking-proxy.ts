/**
 * A way to a TCP server that breaks when told: new connections are refused or never get through, those of now are cut or
 * swallow all bytes without a word. It can also be slow.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What becomes of a connection that comes: `hang` takes it and lets nothing through. */
export type Admission = 'pass' | 'refuse' | 'hang';
/** How connections of now go: with a reset, with an orderly end, or by going dead while they look alive. */
export type Break = 'reset' | 'end' | 'half-open';

export class BreakingProxy {
  /** What becomes of the next connections, in order; when none is left it is `otherwise`. */
  readonly next: Admission[] = [];
  otherwise: Admission = 'pass';
  /** Connections that came, refused ones too. */
  arrivals = 0;
  readonly #server: Server;
  readonly #target: URL;
  readonly #delayMs: number;
  readonly #pairs = new Set<{ near: Socket; far: Socket | undefined }>();

  /** @param target where it leads, host and port. @param delayMs by how much bytes are late, each way. */
  static async open(target: string, delayMs = 0): Promise<BreakingProxy> {
    const proxy = new BreakingProxy(new URL(target), delayMs);
    await new Promise<void>((listening) => proxy.#server.listen(0, '127.0.0.1', listening));
    return proxy;
  }

  private constructor(target: URL, delayMs: number) {
    this.#target = target;
    this.#delayMs = delayMs;
    this.#server = createServer((near) => this.#arrived(near));
  }

  /** The target's address with this port in it. */
  get url(): string {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Connections that are held now, dead ones too. */
  get held(): number {
    return this.#pairs.size;
  }

  /** Breaks all connections of now, or only one of them. @param share from 0 to 1, which one: 0 is the oldest. */
  break(how: Break, share?: number): void {
    const all = [...this.#pairs];
    const only = share === undefined ? all : all.slice(Math.floor(share * all.length)).slice(0, 1);
    for (const { near, far } of only) {
      for (const socket of [near, far]) socket?.pause().removeAllListeners('data');
      if (how === 'half-open') continue;
      // The server loses its side too, as it would when the line between goes.
      far?.destroy();
      if (how === 'reset') near.resetAndDestroy();
      else near.destroySoon();
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far?.destroy();
    }
    await closed;
  }

  #arrived(near: Socket): void {
    this.arrivals++;
    near.setNoDelay(true).on('error', () => {});
    const admission = this.next.shift() ?? this.otherwise;
    if (admission === 'refuse') return void near.resetAndDestroy();
    const far = admission === 'hang' ? undefined : connect(Number(this.#target.port), this.#target.hostname);
    const pair = { near, far };
    this.#pairs.add(pair);
    near.on('close', () => {
      this.#pairs.delete(pair);
      far?.destroy();
    });
    if (!far) return;
    far.setNoDelay(true).on('error', () => {});
    far.on('close', () => near.destroySoon());
    near.on('data', (bytes) => this.#later(() => far.write(bytes)));
    far.on('data', (bytes) => this.#later(() => near.write(bytes)));
  }

  /** Timers of one length run in order, so bytes stay in order. */
  #later(task: () => void): void {
    if (this.#delayMs === 0) task();
    else setTimeout(task, this.#delayMs);
  }
}
