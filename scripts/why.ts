/** What went wrong in a call: `npm run why -- last`. Reads its record and tells it on one page of plain language. */
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { pricesOf } from '../src/realtime/model-prices.ts';
import { runCommand } from './command.ts';
import { readCall } from './why/call-records.ts';
import { asText, whyPage } from './why/page.ts';

const HELP = `Usage: npm run why -- <call id | its beginning | last> [options]

  --json   the same for programs: one object
  --help   this text

It reads the records of the Bellhop on this machine, running or not. Calls of the demonstration are
in those of DATA_DIR=.data/demo BELLHOP_CONFIG=bellhop.example.yaml.`;

await runCommand(main);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [wanted] = positionals;
  if (wanted === undefined || positionals.length > 1)
    throw new Error('expected one call id, the beginning of one, or last; --help tells more');
  const { callId, events } = await readCall(readConfig(process.env, process.cwd()), wanted);
  const page = whyPage(callId, events, pricesOf);
  process.stdout.write(values.json ? `${JSON.stringify(page)}\n` : asText(page));
  return 0;
}
