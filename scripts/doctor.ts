/** Says what is wrong with this installation, one sentence each, and how to mend it: `npm run doctor`. */
import { styleText } from 'node:util';
import type { Finding } from './set-up/probes.ts';
import { examine } from './set-up/examination.ts';

const MARKS: Record<Finding['state'], string> = {
  good: styleText('green', 'good '),
  note: styleText('yellow', 'note '),
  wrong: styleText('red', 'wrong'),
};

const isSound = await examine(process.env, process.cwd(), (finding) => {
  console.log(`${MARKS[finding.state]}  ${finding.sentence}`);
  if (finding.state !== 'good') console.log(`       ${finding.mend}`);
});
process.exitCode = isSound ? 0 : 1;
