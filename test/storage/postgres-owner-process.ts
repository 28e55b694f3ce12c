/** A process that starts the embedded server and stays, for tests that kill it. Example: node … <data folder> */
import { startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';

try {
  const { url, folder } = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '' });
  process.stdout.write(`${JSON.stringify({ url, folder })}\n`);
  setInterval(() => {}, 60_000);
} catch (error) {
  process.stderr.write(String(error));
  process.exit(1);
}
