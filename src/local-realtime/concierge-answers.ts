/** A guest's yes, no, thanks, goodbye and small talk, as answers to what was asked. */
import type { Memory } from './concierge-memory.ts';
import type { Understood } from './concierge-understanding.ts';

/** Yes, no, thanks, goodbye and small talk. @param hasContent something else was said with it. */
export function takeAnswer(memory: Memory, { acts }: Understood, asked: Memory['asked'], hasContent: boolean): boolean {
  const isNo = acts.has('no');
  if (asked === 'confirm') return takeConfirmation(memory, acts, hasContent);
  const isClosing =
    acts.has('bye') || ((acts.has('done') || isNo) && !hasContent && memory.wishes.length === 0 && !memory.inquiry);
  if (isClosing && (acts.has('bye') || asked === 'anything-else' || acts.has('done'))) return leave(memory, hasContent);
  if (hasContent) return true;
  if (asked === 'change' && isNo) return (memory.asked = 'confirm') === 'confirm';
  if (isNo && (asked === 'room' || asked === 'name' || asked === 'request-number')) {
    memory.offersDesk = true;
    return true;
  }
  return smallTalk(memory, acts, asked, isNo);
}

function takeConfirmation(memory: Memory, acts: Understood['acts'], hasContent: boolean): boolean {
  const presented = memory.wishes.filter(({ isPresented, isConfirmed }) => isPresented && !isConfirmed);
  const isClosing = acts.has('thanks') || acts.has('done') || acts.has('bye');
  const agrees = acts.has('yes') || (isClosing && !hasContent);
  if (acts.has('bye')) memory.isLeaving = true;
  if (presented.length === 0) return hasContent || agrees;
  if (agrees && !acts.has('no')) {
    for (const wish of presented) wish.isConfirmed = true;
    return true;
  }
  if (hasContent || !acts.has('no')) return hasContent;
  if (acts.has('thanks') || acts.has('bye')) {
    memory.wishes = memory.wishes.filter((wish) => !presented.includes(wish));
    memory.reactions.push(memory.language.say.nothingSent);
  } else memory.asked = 'change';
  return true;
}

function leave(memory: Memory, hasContent: boolean): boolean {
  if (!hasContent && memory.wishes.some(({ isConfirmed }) => !isConfirmed)) {
    memory.wishes = memory.wishes.filter(({ isConfirmed }) => isConfirmed);
    memory.reactions.push(memory.language.say.nothingSent);
  }
  if (!hasContent) memory.inquiry = undefined;
  memory.isLeaving = memory.wishes.every(({ isConfirmed }) => isConfirmed);
  return true;
}

function smallTalk(memory: Memory, acts: Understood['acts'], asked: Memory['asked'], isNo: boolean): boolean {
  if (isNo && asked === 'opening') {
    memory.reactions.push(memory.language.say.allRight);
    memory.asked = 'anything-else';
  } else if (acts.has('abilities'))
    memory.reactions.push(memory.language.say.abilityWords({ records: true, informs: true, transfers: true }));
  else if (acts.has('how-are-you')) memory.reactions.push(memory.language.say.well);
  else if (acts.has('thanks')) memory.reactions.push(memory.language.say.welcome);
  else if (asked === 'still-there' && (acts.has('yes') || acts.has('hello'))) return true;
  else if (acts.has('hello')) memory.reactions.push(memory.language.say.hello);
  else if (acts.has('yes') && (asked === 'anything-else' || asked === 'opening')) memory.asked = 'opening';
  else return false;
  return true;
}
