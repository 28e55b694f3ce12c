/** A child that says it listens, as the engine does. A message `die` ends it as a crash would. */
const args = process.argv.slice(2);
const asked = Number(args[args.indexOf('--port') + 1]);
const port = asked === 0 ? 40_000 + (process.pid % 10_000) : asked;
process.send?.({ kind: 'log', message: `pid ${process.pid}` });
process.send?.({ kind: 'listening', url: `ws://127.0.0.1:${port}/v1`, port });
process.on('disconnect', () => process.exit(0));
