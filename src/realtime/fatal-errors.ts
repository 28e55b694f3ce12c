/** Errors of the provider that no redial can mend: a closed list (rule MODEL-20). */

const FATAL = new Set([
  'invalid_api_key',
  'insufficient_quota',
  'billing_hard_limit_reached',
  'account_deactivated',
  'model_not_found',
  'organization_not_found',
]);

export const isFatalError = (code: string | null | undefined): boolean => FATAL.has(code ?? '');
