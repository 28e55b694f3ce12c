/** French. */
import type { HotelWords } from './hotel-words.ts';

const DIGITS = ['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf'];
const UNITS = [
  ...DIGITS,
  ...'dix onze douze treize quatorze quinze seize'.split(' '),
  ...'dix-sept dix-huit dix-neuf'.split(' '),
];
const TENS = ['', '', 'vingt', 'trente', 'quarante', 'cinquante'];

const digits = (number: number | string): string =>
  [...String(number)].map((digit) => DIGITS[Number(digit)] ?? digit).join(' ');

/** 0 to 59. */
function count(value: number): string {
  if (value < 20) return UNITS[value] ?? String(value);
  const [tens, unit] = [TENS[Math.floor(value / 10)] ?? '', value % 10];
  if (unit === 0) return tens;
  return unit === 1 ? `${tens} et un` : `${tens}-${UNITS[unit]}`;
}

/** @param time `HH:MM`. @returns such as "neuf heures et demie". */
function time(time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  if (hour % 12 === 0 && minute === 0) return hour === 0 ? 'minuit' : 'midi';
  const hours = hour === 1 ? 'une heure' : hour === 21 ? 'vingt et une heures' : `${count(hour)} heures`;
  if (minute === 0) return hours;
  return minute === 30 ? `${hours} et demie` : `${hours} ${count(minute)}`;
}

/** Behind "à": "à la réception", "au spa". */
const to = (department: string): string => `à ${department}`.replace(/^à les /, 'aux ').replace(/^à le /, 'au ');
/** Behind "de". */
const of = (department: string): string => `de ${department}`.replace(/^de les /, 'des ').replace(/^de le /, 'du ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const tried = (tries: number): string => (tries === 1 ? 'après un essai' : `après ${count(tries)} essais`);

const PRIORITIES: Readonly<Record<string, string>> = {
  low: 'basse',
  normal: 'normale',
  high: 'haute',
  urgent: 'urgente',
};

export const french: HotelWords = {
  locale: 'fr-FR',
  notice: (agent, hotel) =>
    `Bonjour, ici ${agent}, l’assistant d’intelligence artificielle ${of(hotel)}, et cet appel est transcrit.`,
  question: 'Comment puis-je vous aider ?',
  offer: 'Pour le français, dites « français ».',
  switched: 'Bien sûr, en français.',
  farewell: (hotel) => `Merci d’avoir appelé ${hotel}. Au revoir.`,
  stillThere: 'Êtes-vous toujours là ?',
  tooLong: 'Je suis désolé, cet appel a atteint sa durée maximale. Rappelez-nous si besoin. Au revoir.',
  askingColleague: 'Un instant, je dois d’abord demander à un collègue.',
  apology: 'Nous sommes désolés, personne ne peut répondre pour le moment. Rappelez dans quelques minutes.',
  departments: {
    'front-desk': 'la réception',
    reception: 'la réception',
    housekeeping: 'le service d’étage',
    maintenance: 'le service technique',
    'room-service': 'le service en chambre',
    concierge: 'la conciergerie',
    restaurant: 'le restaurant',
    spa: 'le spa',
  },
  transfer: {
    announcement: (department) => `Un instant, s’il vous plaît. Je vous passe ${department}.`,
    came: {
      busy: 'la ligne est occupée',
      'no-answer': 'personne n’a répondu',
      declined: 'personne ne peut prendre l’appel pour le moment',
      connected: 'l’appel n’a pas abouti',
      failed: 'l’appel n’a pas abouti',
      cancelled: 'l’appel n’a pas abouti',
    },
    takesNoCalls: (department) => `${capital(department)} ne prend pas d’appels.`,
    closed: (department, until, isTomorrow) =>
      `${capital(department)} ne répond pas avant ${until}${isTomorrow ? ' demain' : ''}.`,
    notTaken: (department, tries) => `${capital(department)} n’a pas pris l’appel ${tried(tries)}.`,
    nobody: (tries) => `Personne n’a pris l’appel ${tried(tries)}.`,
    noMore: (department) => `Je ne peux plus passer d’appels ${to(department)} pour le moment.`,
  },
  colleague: {
    intro: (name) => `Un client au téléphone pour ${name}.`,
    keys: 'Pour prendre l’appel, tapez un. Pour refuser, tapez deux.',
  },
  tools: {
    recorded: (department, number) => `C’est noté pour ${department}, demande numéro ${number}.`,
    recordedAlready: (number) => `C’est déjà enregistré : c’est la demande numéro ${number}.`,
    noted: (department) => `C’est noté pour ${department}, mais je ne peux pas encore le confirmer.`,
    notedAlready: 'C’est déjà noté, mais je ne peux pas encore le confirmer.',
    noSuchRoom: (room) =>
      room === undefined
        ? 'Cette chambre n’existe pas dans cet hôtel.'
        : `Il n’y a pas de chambre ${room} dans cet hôtel.`,
    // The summary is in the language of the staff.
    requestStands: (number, _summary, department, status) =>
      `La demande numéro ${number}, pour ${department}, ${status}.`,
    statuses: {
      new: 'attend d’être prise en charge',
      accepted: 'est acceptée',
      'in-progress': 'est en cours',
      'on-hold': 'est en attente',
      done: 'est terminée',
      cancelled: 'est annulée',
    },
    more: (more) => `Et encore ${count(Math.min(59, more))}.`,
    noRequests: {
      open: 'Il n’y a pas de demande en cours pour cette chambre.',
      all: 'Il n’y a pas de demande pour cette chambre.',
      other: 'Il n’y a pas de telle demande pour cette chambre.',
    },
    opens: (department, from, until) => `${capital(department)} répond de ${from} à ${until}.`,
    alwaysOpen: (department) => `${capital(department)} répond jour et nuit.`,
    couldBeAbout: (topics) => `Il y a plusieurs réponses : ${topics.join(', ')}.`,
    nothingKnown: 'Il n’y a pas d’information à ce sujet.',
    requestUnknown: (number) => `La demande numéro ${number} n’a pas été trouvée.`,
    requestClosed: (number, status) => `La demande numéro ${number} ${status} et ne peut plus changer.`,
    prioritySet: (number, priority) =>
      `La demande numéro ${number} a maintenant une priorité ${PRIORITIES[priority] ?? priority}.`,
    noMatch: 'Le numéro de chambre et le nom ne correspondent pas.',
    notVerified: 'Je n’ai pas pu vérifier votre identité.',
    failed: {
      record: 'Je n’ai pas pu l’enregistrer pour le moment.',
      'look-up': 'Je n’ai pas pu le trouver pour le moment.',
      change: 'Je n’ai pas pu le changer pour le moment.',
      check: 'Je n’ai pas pu le vérifier pour le moment.',
    },
    late: {
      record: 'Je n’ai pas pu confirmer à temps que c’est enregistré.',
      'look-up': 'Je n’ai pas pu le trouver à temps.',
      change: 'Je n’ai pas pu confirmer à temps que c’est changé.',
      check: 'Je n’ai pas pu le vérifier à temps.',
    },
  },
  digits,
  time,
};
