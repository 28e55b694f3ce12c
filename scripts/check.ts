/** Types, lint and format: `npm run check`. */
import { CHECKS, runChecks } from './checks.ts';

const failed = runChecks((line) => console.log(line));
console.log(failed.length === 0 ? `${CHECKS.length} checks passed` : `failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
