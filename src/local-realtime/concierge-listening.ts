/** What a guest's utterance changes in the memory: first what turns the conversation, then wishes and their pieces. */
import { offered, topicsNamed } from './concierge-calls.ts';
import { takeComforts } from './concierge-comfort-turns.ts';
import { languageAskedFor } from './concierge-language.ts';
import { FRONT_DESK } from './concierge-departments.ts';
import { hearContent } from './concierge-content.ts';
import type { Memory } from './concierge-memory.ts';
import { understand, type Understood } from './concierge-understanding.ts';
import { wishesIn } from './concierge-wish.ts';
import { wordsOf } from './concierge-words.ts';
import type { OfferedTool } from './ports.ts';

/** After this many utterances in a row that were not understood, a person takes over. */
const FAILURES_BEFORE_DESK = 3;

/** @param memory is changed. */
export function guestSpoke(memory: Memory, said: string, isUnderstood: boolean, tools: readonly OfferedTool[]): void {
  const { wasCutOff } = memory;
  const text = memory.language.read(said);
  Object.assign(memory, {
    reactions: [],
    isRepeating: false,
    isPausing: false,
    offersDesk: false,
    wasCutOff: false,
    wantsLanguage: undefined,
  });
  if (!isUnderstood || wordsOf(text).length === 0) return notUnderstood(memory, wasCutOff);
  if (wasCutOff && isListening(memory, wordsOf(text).join(' '))) {
    memory.isRepeating = true;
    return;
  }
  const words = takeComforts(memory, text, tools);
  if (words === '') {
    memory.failures = 0;
    return;
  }
  const timed = memory.wishes.filter(({ what }) => what.kind === 'service' && what.service.needs.includes('time'));
  const hint = { asked: memory.asked, wantsTime: timed.some(({ moment }) => !moment), hasTime: timed.length > 0 };
  const heard = { ...withOfferedTopics(understand(words, hint), tools), said };
  const isHeard = RULES.some((rule) => rule(memory, heard)) || hearContent(memory, heard);
  if (isHeard || words !== text) memory.failures = 0;
  else unexpected(memory, heard.text);
}

/** Questions about what the tool itself lists, such as a roof terrace. */
function withOfferedTopics(heard: Understood, tools: readonly OfferedTool[]): Understood {
  const information = offered(tools, 'get_hotel_information');
  if (!information || heard.topics.length > 0 || !heard.acts.has('question')) return heard;
  const named = topicsNamed(information, heard.text);
  const longest = named.filter((id) => !named.some((other) => other !== id && other.includes(id)));
  // "Is a late check-out possible?" is a wish and a question; "how do I get towels to the spa" is a wish.
  const asked = longest.filter(
    (id) => wishesIn(heard).length === 0 || heard.services.some((service) => service.id === id),
  );
  return { ...heard, topics: asked.map((id) => ({ kind: 'topic', ids: [id], phrases: id })) };
}

/** "Mm-hm" tells that the guest listens; "okay" does, where no question is open. Neither takes the turn. */
function isListening({ asked }: Memory, text: string): boolean {
  if (/^(mhm|aha|i see|oh|so|well|and)$/.test(text)) return true;
  return (
    /^(okay|ok|yeah|right|sure|all right|alright)$/.test(text) && (asked === 'anything-else' || asked === 'opening')
  );
}

/** Noise that cut the agent off is no utterance: what was cut is taken up again. */
function notUnderstood(memory: Memory, wasCutOff: boolean): void {
  if (wasCutOff) {
    memory.isRepeating = true;
    return;
  }
  // Where to is for the driver to know, if need be.
  const taxi =
    memory.asked === 'destination'
      ? memory.wishes.find(({ what }) => what.kind === 'service' && what.service.id === 'taxi')
      : undefined;
  if (taxi) {
    taxi.destination = 'a place that you tell the driver';
    return;
  }
  fail(memory);
}

function fail(memory: Memory): void {
  memory.failures += 1;
  if (memory.failures >= FAILURES_BEFORE_DESK) handOver(memory, FRONT_DESK, 'The guest could not be understood', '');
}

/** Words that were heard but mean nothing here: while a question is open it is asked again, else help is offered. */
function unexpected(memory: Memory, text: string): void {
  if (memory.asked !== 'opening' && memory.asked !== 'anything-else' && memory.asked !== 'still-there')
    return fail(memory);
  memory.failures = 0;
  memory.puzzle = text;
  react(memory, memory.language.say.cannotHelp);
  memory.offersDesk = true;
}

function react(memory: Memory, words: string): void {
  memory.reactions.push(words);
}

function handOver(memory: Memory, departments: readonly string[], reason: string, said: string): void {
  memory.transfer = { departments, reason, said };
}

/** @returns true when the utterance is dealt with. */
type Rule = (memory: Memory, heard: Understood) => boolean;

const hasThings = (heard: Understood): boolean =>
  heard.lines.length + heard.faults.length + heard.services.length + heard.topics.length > 0 ||
  heard.room !== undefined ||
  heard.moment !== undefined;

const INSISTS = /\b(speak|talk|speaking|talking|person|human|agent|representative|operator|manager|supervisor)\b/;
/** What no broken thing explains: "the curtain is on fire". */
const DANGER = /\b(on fire|a fire|ambulance|doctor|paramedics?|breath(e|ing))\b/;
const LOUD = /\b(noise|noisy|loud|party|music|shouting|screaming)\b/;

const RULES: readonly Rule[] = [
  function otherLanguage(memory, { said = '', text }) {
    const wanted = languageAskedFor(said) ?? languageAskedFor(text);
    if (wanted === undefined || !memory.canSwitchTo.includes(wanted)) return false;
    memory.wantsLanguage = wanted;
    return true;
  },
  function emergency(memory, { acts, text, faults, room }) {
    if (!acts.has('emergency') || (faults.length > 0 && !DANGER.test(text))) return false;
    memory.room = room ?? memory.room;
    memory.transfer = { departments: FRONT_DESK, reason: 'Emergency', said: text, isEmergency: true };
    return true;
  },
  function prompting(memory, { acts }) {
    if (!acts.has('prompt')) return false;
    react(memory, memory.language.say.cannotDo);
    if (memory.asked === 'opening') memory.asked = 'anything-else';
    return true;
  },
  function otherGuests(memory, heard) {
    if (!heard.acts.has('other-guest') || heard.topics.length > 0 || LOUD.test(heard.text)) return false;
    react(memory, memory.language.say.otherGuests);
    if (memory.asked === 'opening') memory.asked = 'anything-else';
    return true;
  },
  function roomCall(memory, heard) {
    const isCall = heard.acts.has('put-through') || /^(call|connect|dial|ring) room\b/.test(heard.text);
    if (!isCall || heard.room === undefined || heard.departments.length > 0 || wishesIn(heard).length > 0) return false;
    react(memory, memory.language.say.noRooms);
    memory.offersDesk = true;
    return true;
  },
  function selfIntroduction(memory, { acts, text }) {
    if (!acts.has('who-are-you') || /\b(?:want|need|like|let me|can i|could i) /.test(text)) return false;
    react(memory, memory.language.say.whoIAm);
    return true;
  },
  function person(memory, heard) {
    const { acts, departments, text } = heard;
    const hasWishes = wishesIn(heard).length > 0;
    const asks =
      (acts.has('person') && (!hasWishes || INSISTS.test(text))) ||
      (acts.has('put-through') && (departments.length > 0 || !hasThings(heard)));
    const isBareDepartment =
      departments.length > 0 &&
      !acts.has('question') &&
      heard.lines.length + heard.faults.length === 0 &&
      /^(?:(?:yes|yeah|okay|hi|hello|the|a) )*(?:the )?(?:front desk|reception(?:ist)?|operator|housekeeping|maintenance|concierge|security|manager|guest services|bell desk)(?: please)?$/.test(
        text,
      );
    if (!asks && !isBareDepartment) return false;
    if (acts.has('never-mind') || (acts.has('no') && /^(?:no|nope)\b/.test(text) && memory.asked === 'desk'))
      return false;
    if (departments.length === 0 && /\b(plus|dial|number|extension)\b/.test(text)) {
      react(memory, memory.language.say.departmentsOnly);
      memory.offersDesk = true;
      return true;
    }
    handOver(memory, departments[0] ?? FRONT_DESK, 'The guest asked for it', text);
    return true;
  },
  function deskAnswer(memory, heard) {
    if (memory.asked !== 'desk') return false;
    memory.asked = 'anything-else';
    const isYes = heard.acts.has('yes') && !heard.acts.has('no');
    if (isYes && wishesIn(heard).length === 0) {
      handOver(memory, FRONT_DESK, 'The guest wants help that the agent could not give', memory.puzzle);
      return true;
    }
    if (!heard.acts.has('no') || hasThings(heard) || heard.acts.has('bye') || heard.acts.has('done')) return false;
    react(memory, memory.language.say.allRight);
    return true;
  },
  function numberAgain(memory, { acts, text }) {
    const numbers = memory.stored.flatMap(({ number }) => (number ? [number] : []));
    if (!acts.has('number')) return false;
    if (numbers.length === 0) {
      // The number of an earlier call is in the list of the guest's requests.
      if (/\brequest\b/.test(text)) memory.inquiry = { kind: 'status', said: text, priority: 'high' };
      else memory.isRepeating = true;
      return true;
    }
    react(memory, memory.language.say.requestNumbers(numbers));
    return true;
  },
  function repeat(memory, heard) {
    if (!heard.acts.has('repeat') || hasThings(heard)) return false;
    memory.isRepeating = true;
    return true;
  },
  function interjection(_memory, { text }) {
    return /^(oh|so|well|and|then|please|now|oh well|well then)$/.test(text);
  },
  function hold(memory, heard) {
    // "One moment" is no time.
    const isOne = /\bone (moment|second|minute|sec)\b/.test(heard.text);
    if (
      !heard.acts.has('hold') ||
      hasThings(isOne ? { ...heard, moment: undefined } : heard) ||
      heard.acts.has('yes') ||
      heard.acts.has('correct')
    )
      return false;
    memory.isPausing = true;
    return true;
  },
  function neverMind(memory, heard) {
    if (!heard.acts.has('never-mind')) return false;
    // "Yes … leave it" says both: the question is asked again, since a wish that is dropped is gone.
    if (/^yes\b/.test(heard.text) && memory.wishes.length > 0) {
      memory.isRepeating = true;
      return true;
    }
    const isRecorded = memory.wishes.length === 0 && (memory.stored.length > 0 || /\brequest\b/.test(heard.text));
    if (isRecorded && /\b(cancel|don't need|no need)\b/.test(heard.text)) {
      react(memory, memory.language.say.cannotCancel);
      memory.offersDesk = true;
      return true;
    }
    Object.assign(memory, { wishes: [], comforts: [], inquiry: undefined, topics: [], asked: 'anything-else' });
    react(memory, memory.language.say.left);
    const goesOn = wishesIn(heard).length > 0 && !/\bcancel\b/.test(heard.text);
    if (heard.acts.has('bye')) memory.isLeaving = true;
    return !goesOn;
  },
  function deskMatters(memory, heard) {
    if (!heard.acts.has('desk-matter') || wishesIn(heard).length > 0 || heard.topics.length > 0) return false;
    memory.puzzle = heard.text;
    react(memory, memory.language.say.cannotHelp);
    memory.offersDesk = true;
    return true;
  },
];
