/** A way to the database that a test can shut: connections are cut and refused, or left to hang without a word. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export class DatabaseGate {
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isSilent = false;
  #port = 0;

  /** @param databaseUrl where the gate leads to. */
  static async open(databaseUrl: string): Promise<DatabaseGate> {
    const gate = new DatabaseGate(databaseUrl);
    await gate.restore();
    return gate;
  }

  private constructor(databaseUrl: string) {
    this.#target = new URL(databaseUrl);
    this.#server = createServer((socket) => this.#lead(socket));
  }

  get url(): string {
    const url = new URL(this.#target);
    url.port = String(this.#port);
    return url.href;
  }

  /** Lets everything through again, under the same address. */
  async restore(): Promise<void> {
    this.#isSilent = false;
    if (this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Cuts all connections; new ones are refused. */
  async refuse(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Connections stay and are made, and nothing passes any more: those of now are dead for good. */
  silence(): void {
    this.#isSilent = true;
    for (const socket of this.#sockets) socket.pause().removeAllListeners('data');
  }

  #lead(socket: Socket): void {
    this.#keep(socket);
    if (this.#isSilent) return;
    const server = connect(Number(this.#target.port), this.#target.hostname);
    this.#keep(server);
    socket.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes) => socket.write(bytes));
    socket.on('close', () => server.destroy());
    server.on('close', () => socket.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
