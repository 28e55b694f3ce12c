/**
 * Speech of any kind as a network of sounds, each as likely after the one before as in the language's words. What fits it
 * much better than hotel talk was something else.
 */
import type { Pronunciations } from './decoder.ts';
import type { SpeechNetwork } from './hotel-talk.ts';

const EDGE = '';

/** @returns the network, and its "words": one for each sound. */
export function anySpeech(pronunciations: Pronunciations): { network: SpeechNetwork; sounds: Pronunciations } {
  const counts = countPairs(pronunciations);
  const phones = [...counts.keys()].filter((phone) => phone !== EDGE);
  const [start, end] = [phones.length, phones.length + 1];
  const network: SpeechNetwork = { states: phones.length + 2, start, end, arcs: [] };
  for (const [from, phone] of [...phones.entries(), [start, EDGE] as const]) {
    for (const [to, next] of phones.entries()) {
      // Within a word, or from the end of one to the beginning of the next.
      const within = share(counts, phone, next, phones.length);
      const across =
        phone === EDGE ? 0 : share(counts, phone, EDGE, phones.length) * share(counts, EDGE, next, phones.length);
      network.arcs.push({ from, to, word: `_${next}`, probability: within + across });
    }
    if (phone !== EDGE) network.arcs.push({ from, to: end, probability: 1 });
  }
  return { network, sounds: new Map(phones.map((phone) => [`_${phone}`, [phone]])) };
}

function countPairs(pronunciations: Pronunciations): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const ways of pronunciations.values())
    for (const way of ways) {
      let before = EDGE;
      for (const phone of [...way.trim().split(/\s+/), EDGE]) {
        const after = counts.get(before) ?? counts.set(before, new Map()).get(before)!;
        after.set(phone, (after.get(phone) ?? 0) + 1);
        before = phone;
      }
    }
  return counts;
}

function share(counts: ReadonlyMap<string, Map<string, number>>, phone: string, next: string, phones: number): number {
  const after = counts.get(phone)!;
  const all = [...after.values()].reduce((sum, count) => sum + count, 0);
  return ((after.get(next) ?? 0) + 1) / (all + phones + 1);
}
