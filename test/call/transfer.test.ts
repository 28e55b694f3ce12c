import { describe, expect, it } from 'vitest';
import type { TransferTarget } from '../../src/call/ports.ts';
import { Transfer } from '../../src/call/transfer.ts';

const cold: TransferTarget = { department: 'spa', announcement: 'One moment.', colleagueWords: undefined };
const warm: TransferTarget = { ...cold, colleagueWords: { summary: 'wants a massage', again: 'keys' } };

function dialled(target: TransferTarget): Transfer {
  const transfer = new Transfer();
  transfer.announce(target);
  transfer.redirect();
  transfer.dialled(target);
  return transfer;
}

describe('transfer', () => {
  it('[XFER-36] the department is dialled once, and only after the announcement', () => {
    const transfer = new Transfer();
    expect(transfer.redirect()).toBeUndefined();
    transfer.announce(warm);
    expect(transfer.expectsStreamToEnd).toBe(false);
    expect(transfer.redirect()).toEqual(warm);
    expect(transfer.redirect()).toBeUndefined();
    expect(transfer.expectsStreamToEnd).toBe(true);
  });

  it.each(['busy', 'no-answer', 'declined', 'failed'] as const)(
    '[XFER-36] %s brings the guest back with the reason, once',
    (outcome) => {
      const transfer = dialled(warm);
      expect(transfer.dialEnded(outcome)).toBe('comes-back');
      expect(transfer.dialEnded(outcome)).toBeUndefined();
      expect(transfer.cameBack()).toEqual({ department: 'spa', outcome });
      expect(transfer.cameBack()).toBeUndefined();
    },
  );

  it('a call that was answered does not come back, nor does one that no agent can take again', () => {
    expect(dialled(warm).dialEnded('connected')).toBe('transferred');
    const transfer = new Transfer();
    transfer.toDesk('front-desk', 'agent-lost');
    expect(transfer.dialEnded('busy')).toBe('agent-lost');
  });

  it('[XFER-47] a guest who goes before a colleague took the call has hung up', () => {
    const transfer = dialled(warm);
    expect(transfer.endsAs).toBe('caller-hung-up');
    expect(transfer.dialEnded('cancelled')).toBe('caller-hung-up');
    expect(transfer.accepted()).toBe('spa');
    expect(transfer.accepted()).toBeUndefined();
    expect(transfer.endsAs).toBe('transferred');
    expect(dialled(cold).endsAs).toBe('transferred');
  });

  it('a dial that nobody started ends nothing, and a key pressed then takes nothing', () => {
    expect(new Transfer().dialEnded('busy')).toBeUndefined();
    expect(new Transfer().accepted()).toBeUndefined();
    expect(dialled(cold).accepted()).toBeUndefined();
  });
});
