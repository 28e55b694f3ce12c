import { describe, expect, it } from 'vitest';
import { Transfer } from '../../src/call/transfer.ts';

function handedOver(): Transfer {
  const transfer = new Transfer();
  transfer.announce('spa', 'wants a massage');
  transfer.redirect();
  transfer.handOver('spa', 'transferred');
  return transfer;
}

describe('transfer', () => {
  it('[XFER-36] the department is dialled once, and only after the announcement', () => {
    const transfer = new Transfer();
    expect(transfer.redirect()).toBeUndefined();
    transfer.announce('spa', 'wants a massage');
    expect(transfer.expectsStreamToEnd).toBe(false);
    expect(transfer.redirect()).toEqual({ department: 'spa', summary: 'wants a massage' });
    expect(transfer.redirect()).toBeUndefined();
    expect(transfer.expectsStreamToEnd).toBe(true);
  });

  it.each(['busy', 'no-answer', 'failed'] as const)('[XFER-36] %s brings the guest back with the reason', (outcome) => {
    const transfer = handedOver();
    expect(transfer.dialEnded(outcome, true)).toBe(true);
    expect(transfer.cameBack()).toEqual({ department: 'spa', outcome });
    expect(transfer.cameBack()).toBeUndefined();
  });

  it('a call that was answered does not come back, nor does one without an agent', () => {
    expect(handedOver().dialEnded('connected', true)).toBe(false);
    expect(handedOver().dialEnded('busy', false)).toBe(false);
  });

  it('a dial that nobody started ends nothing', () => {
    expect(new Transfer().dialEnded('busy', true)).toBe(false);
  });
});
