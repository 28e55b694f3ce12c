/** Wishes and their pieces in a guest's utterance: rooms, times, counts, corrections, confirmations, questions. */
import type { Topic } from './concierge-services.ts';
import { takeAnswer } from './concierge-answers.ts';
import { DISHES } from './concierge-things.ts';
import type { Memory, StoredRequest } from './concierge-memory.ts';
import type { Line, Understood } from './concierge-understanding.ts';
import { isSameThing, momentFor, wishesIn, type Wish } from './concierge-wish.ts';

const OLD =
  /\b((my|the|an?) (earlier |previous |open |last )*(request|order)s?|asked for|requested|called about|ordered|request number|where (is|are) (my|our))\b/;
/** What staff read of the guest's words. */
const MAX_SAID = 300;
const ADDS = /\b(also|and|too|as well|plus|another|in addition)\b/;

/** @param memory is changed. @returns whether anything in it meant something. */
export function hearContent(memory: Memory, heard: Understood): boolean {
  const isOld = isAboutOld(heard);
  const wishes = isOld ? [] : newWishes(memory, heard);
  const before = memory.asked;
  const hasPieces = takePieces(memory, heard, wishes);
  const hasTopics = !isOld && takeTopics(memory, heard, wishes);
  const hasInquiry = takeInquiry(memory, heard, isOld, wishes.length > 0);
  const added = mergeWishes(memory, heard, wishes);
  if (before === 'change' && (hasPieces || added)) memory.asked = 'confirm';
  if (heard.room !== undefined && memory.asked === 'opening' && memory.wishes.length === 0 && !memory.inquiry)
    memory.reactions.push(memory.language.say.roomHeard(heard.room));
  const isAnswer = takeAnswer(memory, heard, before, hasPieces || added || hasTopics || hasInquiry);
  return hasPieces || added || hasTopics || hasInquiry || isAnswer;
}

/** The guest speaks of a request that exists, not of a new one. */
function isAboutOld({ acts, text, requestNumber, topics }: Understood): boolean {
  if (requestNumber !== undefined) return true;
  if (topics.length > 0 && !OLD.test(text)) return false;
  return acts.has('status') || (OLD.test(text) && (acts.has('urgent') || acts.has('hurry')));
}

function newWishes(memory: Memory, heard: Understood): Wish[] {
  const wishes = wishesIn(heard);
  if (wishes.length > 0) return wishes;
  const [fault] = heard.faults;
  // "My shower, please": something is wrong with it.
  if (fault && !heard.acts.has('question') && /\b(my|our|the)\b/.test(heard.text))
    return wishesIn({ ...heard, faults: [{ ...fault, symptom: 'needs attention' }] });
  const wantsBreakfast =
    heard.topics.some(({ ids }) => ids[0] === 'breakfast') && heard.acts.has('delivery') && !heard.acts.has('question');
  const breakfast = DISHES.find(({ one }) => one === 'breakfast');
  if (wantsBreakfast && breakfast)
    return wishesIn({
      ...heard,
      lines: [{ item: breakfast, isMany: false, isExtra: false, ...(heard.count && { count: heard.count }) }],
    });
  if (memory.asked !== 'item' || heard.acts.has('no') || heard.topics.length > 0) return [];
  const dish =
    /^(?:(?:i'd like|i would like|i'll have|can i have|could i have|can i get|please|just|the|a|an|some|yes) )*(.{3,60}?)(?: please)?$/.exec(
      heard.text,
    )?.[1];
  return dish
    ? wishesIn({
        ...heard,
        lines: [{ item: { kind: 'dish', one: dish, many: dish, phrases: dish }, isMany: false, isExtra: false }],
      })
    : [];
}

/** Room, name, time, destination, count. A piece that changes what was read back asks for a new read-back. */
function takePieces(memory: Memory, heard: Understood, wishes: Wish[]): boolean {
  const roomIsNew = takeRoom(memory, heard, wishes);
  const hasMoment = takeMoment(memory, heard, wishes);
  const hasCount = takeCount(memory, heard);
  if (heard.name) memory.lastName = heard.name;
  const taxi = [...wishes, ...memory.wishes].find(
    ({ what, destination }) =>
      what.kind === 'service' &&
      what.service.id === 'taxi' &&
      (!destination || memory.asked === 'confirm' || memory.asked === 'change'),
  );
  const destination =
    heard.destination ??
    (memory.asked === 'destination' && !heard.moment && !heard.acts.has('no')
      ? /^(?:(?:to|the|i'm|we're|going|go|it's|i want to|i need to|please) )*(.{3,60}?)(?: please)?$/.exec(
          heard.text,
        )?.[1]
      : undefined);
  const hasDestination = taxi !== undefined && destination !== undefined && taxi.destination !== destination;
  if (hasDestination) taxi.destination = destination;
  if (roomIsNew || hasMoment || hasCount || hasDestination)
    for (const wish of memory.wishes) Object.assign(wish, !wish.isConfirmed && { isPresented: false });
  return roomIsNew || heard.room !== undefined || hasMoment || hasCount || hasDestination || heard.name !== undefined;
}

/** @returns whether it is another room than before. */
function takeRoom(memory: Memory, heard: Understood, wishes: Wish[]): boolean {
  if (heard.room === undefined || heard.room.length > 5) {
    // "No, not that room": which one is asked.
    const isWrong =
      (memory.asked === 'confirm' || memory.asked === 'change') &&
      /\broom\b/.test(heard.text) &&
      (heard.acts.has('no') || heard.acts.has('correct') || memory.asked === 'change') &&
      wishes.length === 0;
    if (isWrong) memory.room = undefined;
    return isWrong || takesBack(memory, heard, wishes);
  }
  const isNew = heard.room !== memory.room;
  const last = memory.stored.at(-1);
  const corrects = heard.acts.has('correct') || heard.acts.has('no') || memory.asked === 'anything-else';
  const isFree = memory.wishes.length + wishes.length === 0 && !memory.inquiry;
  if (isNew && isFree && last?.room !== heard.room && corrects) wishes.push(...correctionOf(last));
  memory.room = heard.room;
  return isNew;
}

/** "That is the wrong room" about what was just recorded: it is made right with a new request. */
function takesBack(memory: Memory, { acts, text }: Understood, wishes: Wish[]): boolean {
  const isWrong =
    memory.asked === 'anything-else' && /\b(wrong|incorrect|not right|not correct|not what i)\b/.test(text);
  if (!isWrong || acts.has('status') || memory.wishes.length + wishes.length > 0) return false;
  const correction = correctionOf(memory.stored.at(-1));
  wishes.push(...correction);
  if (correction.length > 0 && /\broom\b/.test(text)) memory.room = undefined;
  else if (correction.length > 0) memory.asked = 'change';
  return correction.length > 0;
}

function correctionOf(last: StoredRequest | undefined): Wish[] {
  if (!last?.wish) return [];
  const replaces = { number: last.number, room: last.room };
  return [{ ...last.wish, isConfirmed: false, isPresented: false, isUnderWay: false, replaces }];
}

function takeMoment(memory: Memory, { moment }: Understood, wishes: Wish[]): boolean {
  if (!moment) return false;
  const timed = (wish: Wish) => (wish.what.kind === 'service' ? wish.what.service.needs.includes('time') : false);
  const open = [...wishes, ...memory.wishes];
  const target =
    open.find((wish) => timed(wish) && !wish.moment) ??
    open.find(timed) ??
    open.find(({ what }) => what.kind !== 'fault');
  if (!target) return false;
  const isNew = JSON.stringify(target.moment) !== JSON.stringify(momentFor(target, moment));
  target.moment = momentFor(target, moment);
  // "Now" is when the taxi should come, not how urgent it is.
  if (moment.kind === 'soon' && timed(target)) target.priority = 'normal';
  return isNew;
}

/** "No, three": the count of the one thing that was read back. */
function takeCount(memory: Memory, { count, lines }: Understood): boolean {
  const wish = memory.wishes.findLast(({ what, isConfirmed }) => what.kind === 'lines' && !isConfirmed);
  if (count === undefined || count === 0 || lines.length > 0 || wish?.what.kind !== 'lines') return false;
  const line = wish.what.lines.at(-1);
  if (!line || line.count === count) return false;
  Object.assign(line, { count, isMany: count > 1 });
  return true;
}

function takeTopics(memory: Memory, heard: Understood, wishes: readonly Wish[]): boolean {
  if (heard.topics.length === 0 || (wishes.length > 0 && !heard.acts.has('question'))) return false;
  memory.topics = [...new Set<Topic>([...memory.topics, ...heard.topics])];
  return true;
}

function takeInquiry(memory: Memory, heard: Understood, isOld: boolean, hasWishes: boolean): boolean {
  const isUrgent = heard.acts.has('urgent') || heard.acts.has('hurry');
  const priority = heard.acts.has('urgent') ? 'urgent' : 'high';
  const openWishes = memory.wishes.filter(({ isConfirmed }) => !isConfirmed);
  if (isUrgent && !isOld && !hasWishes && openWishes.length > 0) {
    for (const wish of openWishes) if (!wish.moment) wish.priority = priority;
    return true;
  }
  if (memory.inquiry && heard.requestNumber !== undefined) {
    Object.assign(memory.inquiry, { number: heard.requestNumber });
    return true;
  }
  if (!isOld && !(isUrgent && !hasWishes)) return false;
  memory.inquiry = {
    kind: isUrgent ? 'urgency' : 'status',
    ...(heard.requestNumber !== undefined && { number: heard.requestNumber }),
    said: heard.text,
    priority,
  };
  return true;
}

/** Joins what is new with what is open: more of it, other counts, or something else instead. */
function mergeWishes(memory: Memory, heard: Understood, wishes: readonly Wish[]): boolean {
  const isReading = memory.asked === 'confirm' || memory.asked === 'change';
  const replaces =
    isReading &&
    (heard.acts.has('no') || heard.acts.has('correct') || memory.asked === 'change') &&
    !ADDS.test(heard.text) &&
    !heard.acts.has('yes');
  if (wishes.length > 0 && replaces)
    memory.wishes = memory.wishes.filter((open) => open.isConfirmed || wishes.some((wish) => isSameThing(open, wish)));
  if (wishes.some(({ what }) => what.kind === 'lines'))
    memory.wishes = memory.wishes.filter(
      ({ what }) => !(what.kind === 'service' && what.service.id === 'room-service'),
    );
  // "No, three beers" changes one line of an order, "no, pillows" replaces it.
  const isRecount = (wish: Wish, open: Wish) =>
    linesIn(wish).some((line) => linesIn(open).some(({ item }) => item === line.item));
  let hasNew = false;
  for (const wish of wishes) {
    const open = memory.wishes.find((other) => !other.isConfirmed && isSameThing(other, wish));
    hasNew = (open ? joined(open, wish, replaces && !isRecount(wish, open)) : memory.wishes.push(wish) > 0) || hasNew;
  }
  if (hasNew) memory.isLeaving = false;
  return wishes.length > 0;
}

const linesIn = ({ what }: Wish): Line[] => (what.kind === 'lines' ? what.lines : []);

/** @returns whether the open wish became another. */
function joined(open: Wish, wish: Wish, replaces: boolean): boolean {
  const before = JSON.stringify(open.what);
  if (open.what.kind === 'lines' && wish.what.kind === 'lines') {
    const kept = replaces
      ? []
      : open.what.lines.filter(
          ({ item }) => wish.what.kind === 'lines' && !wish.what.lines.some((line) => line.item === item),
        );
    const old = open.what.lines;
    const lines = wish.what.lines.map((line) => ({
      ...line,
      isExtra: line.isExtra || old.some(({ item, isExtra }) => item === line.item && isExtra),
    }));
    open.what = { ...open.what, lines: [...kept, ...lines] };
  }
  open.said = `${open.said}; ${wish.said}`.slice(-MAX_SAID);
  if (wish.moment) open.moment = wish.moment;
  if (wish.priority !== 'normal') open.priority = wish.priority;
  const isChanged = before !== JSON.stringify(open.what);
  if (isChanged) open.isPresented = false;
  return isChanged;
}
