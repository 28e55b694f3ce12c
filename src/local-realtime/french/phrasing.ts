/** The concierge's own sentences in French: short, one question at a time, numbers digit by digit. Pure. */
import type { Phrasing, Sentences } from '../concierge-phrasing.ts';
import type { Moment } from '../concierge-times.ts';
import type { Line } from '../concierge-understanding.ts';
import { isSameThing, type Wish } from '../concierge-wish.ts';
import { sentence } from '../concierge-words.ts';
import { languageOfText } from '../language-of-text.ts';
import { FIXTURES, ITEMS, PLACES, SERVICES } from './nouns.ts';
import { writeCount, writeDigits } from './written-numbers.ts';

const SAY: Sentences = {
  opening: 'Comment puis-je vous aider ?',
  anythingElse: 'Puis-je faire autre chose pour vous ?',
  askRoom: 'Quel est votre numéro de chambre, s’il vous plaît ?',
  askName: 'Et votre nom de famille, s’il vous plaît ?',
  askItem: 'Que désirez-vous commander ?',
  askDestination: 'Où voulez-vous aller ?',
  askChange: 'Que dois-je changer ?',
  askNumber: 'Quel est le numéro de la demande ?',
  askSpecific: 'Que puis-je faire pour vous ?',
  offerDesk: 'Voulez-vous que je vous passe la réception ?',
  notCaught: 'Je suis désolé, je n’ai pas bien compris.',
  whereWereWe: 'Pardon, où en étions-nous.',
  notUnderstood: 'Je suis désolé, je n’ai toujours pas compris.',
  cannotHelp: 'Je suis désolé, je ne peux pas vous aider pour cela.',
  cannotDo: 'Je suis désolé, je ne peux pas faire cela.',
  cannotRecord: 'Je suis désolé, je ne peux pas noter de demandes sur cette ligne.',
  cannotLookUp: 'Je suis désolé, je n’ai pas cette information sur cette ligne.',
  cannotTransfer: 'Je suis désolé, je ne peux pas passer d’appels sur cette ligne. Appelez la réception directement.',
  cannotCancel: 'Je suis désolé, je ne peux pas annuler une demande déjà enregistrée.',
  notRecorded: 'Je suis désolé, je n’ai pas pu l’enregistrer.',
  notChecked: 'Je suis désolé, je n’ai pas pu le vérifier pour le moment.',
  noMatch: 'Je suis désolé, le numéro de chambre et le nom ne correspondent pas.',
  notVerified: 'Je suis désolé, je ne peux le dire qu’au client de la chambre.',
  otherGuests: 'Je suis désolé, je ne peux rien dire des autres clients.',
  noRooms: 'Je suis désolé, je ne peux pas passer d’appels vers les chambres.',
  departmentsOnly: 'Je suis désolé, je ne peux vous passer que les services de l’hôtel.',
  takeYourTime: 'Bien sûr. Prenez votre temps.',
  oneMoment: 'Un instant, s’il vous plaît.',
  left: 'Très bien, j’ai laissé cela.',
  nothingSent: 'Très bien. Je n’ai rien envoyé.',
  allRight: 'Très bien.',
  welcome: 'Je vous en prie.',
  hello: 'Bonjour.',
  well: 'Je vais bien, merci.',
  whoIAm: 'Je suis l’assistant automatique de l’hôtel, pas une personne.',
  stillThere: 'Êtes-vous toujours là ?',
  puttingThrough: 'Je vous mets en relation maintenant.',
  noAnswer: 'Je suis désolé, personne n’a pu prendre votre appel.',
  goodbye: 'Merci de votre appel. Au revoir.',
  lookUpFailed: 'Je suis désolé, je n’ai pas pu le trouver.',
  changeFailed: 'Je suis désolé, je n’ai pas pu le changer.',
};

function enumerate(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} et ${parts.at(-1)}`;
}

function lineWords({ item, count, isMany, isExtra }: Line): string {
  const [one, many] = ITEMS[item.one] ?? [item.one, item.many];
  if (count !== undefined && count > 1) return `${writeCount(count)} ${many}${isExtra ? ' supplémentaires' : ''}`;
  if (isMany) return `des ${many}${isExtra ? ' supplémentaires' : ''}`;
  return `${one}${isExtra ? ' supplémentaire' : ''}`;
}

/** The concierge knows places in English. */
function placeWords(destination: string): string {
  return PLACES.find(([name]) => destination.includes(name))?.[1] ?? destination;
}

function momentWords(moment: Moment): string {
  if (moment.kind === 'soon') {
    if (moment.minutes === 0) return 'dès que possible';
    return moment.minutes % 60 === 0
      ? `dans ${moment.minutes === 60 ? 'une heure' : `${writeCount(moment.minutes / 60)} heures`}`
      : `dans ${writeCount(moment.minutes)} minutes`;
  }
  const { half, day, minute } = moment;
  const hour = half === undefined ? moment.hour : (moment.hour % 12) + (half === 'pm' ? 12 : 0);
  const hours = hour === 1 ? 'une heure' : `${writeCount(hour)} heures`;
  const clock =
    half !== undefined && minute === 0 && hour % 12 === 0
      ? hour === 0
        ? 'minuit'
        : 'midi'
      : `${hours}${minute === 0 ? '' : ` ${writeCount(minute)}`}${half === 'am' && day === undefined ? ' du matin' : ''}`;
  return `${day === undefined ? '' : day === 'tomorrow' ? 'demain ' : 'aujourd’hui '}à ${clock}`;
}

const fixtureWords = (name: string): string => FIXTURES.find(([known]) => known === name)?.[1] ?? name;

function wishWords({ what, moment, destination }: Wish): string {
  if (what.kind === 'lines') return enumerate(what.lines.map(lineWords));
  if (what.kind === 'fault') return `quelqu’un pour ${fixtureWords(what.fixture.name)}`;
  const noun = SERVICES[what.service.id]?.[0] ?? what.service.noun;
  return `${noun}${moment ? ` ${momentWords(moment)}` : ''}${destination ? ` pour ${placeWords(destination)}` : ''}`;
}

/** In the fewest words, behind "pour". */
function subjectWords({ what }: Wish): string {
  if (what.kind === 'fault') return fixtureWords(what.fixture.name);
  if (what.kind === 'service') return SERVICES[what.service.id]?.[1] ?? what.service.noun;
  return enumerate(what.lines.map(lineWords));
}

export const frenchPhrasing: Phrasing = {
  ...SAY,
  confirmation(wishes, room) {
    const where = room === undefined ? '' : `, chambre ${writeDigits(room)}`;
    const parts = wishes
      .filter((wish, index) => !wishes.slice(0, index).some((other) => isSameThing(other, wish)))
      .map(wishWords);
    const instead = wishes.some(({ replaces }) => replaces) ? ' à la place' : '';
    return `${sentence(enumerate(parts))}${where}${instead}, c’est bien ça ?`;
  },
  askTime: ({ what }) =>
    what.kind === 'service'
      ? `Pour quelle heure voulez-vous ${SERVICES[what.service.id]?.[0] ?? what.service.noun} ?`
      : 'Pour quelle heure ?',
  recorded(wish, number, isDuplicate) {
    const digits = writeDigits(number);
    if (isDuplicate) return `C’est déjà enregistré. Le numéro de la demande est le ${digits}.`;
    return `Votre numéro de demande${wish ? ` pour ${subjectWords(wish)}` : ''} est le ${digits}.`;
  },
  noted(wish, wasNoted) {
    const request = wish ? `votre demande pour ${subjectWords(wish)}` : 'votre demande';
    const told = wasNoted ? `${sentence(request)} est déjà notée` : `J’ai noté ${request}`;
    return `${told}, mais je ne peux pas encore la confirmer. Notre système ne répond pas pour le moment.`;
  },
  abilityWords({ records, informs, transfers }) {
    const parts = [
      ...(records
        ? ['faire monter des choses dans votre chambre', 'envoyer quelqu’un', 'organiser réveils et taxis']
        : []),
      ...(informs ? ['répondre à vos questions sur l’hôtel'] : []),
      ...(transfers ? ['vous passer un collègue'] : []),
    ];
    return parts.length === 0 ? SAY.cannotHelp : `Je peux ${enumerate(parts)}.`;
  },
  roomHeard: (room) => `Chambre ${writeDigits(room)}.`,
  requestNumbers: (numbers) =>
    numbers.length > 1
      ? `Vos numéros de demande sont le ${enumerate(numbers.map(writeDigits))}.`
      : `Votre numéro de demande est le ${numbers.map(writeDigits).join('')}.`,
  replaced: (number) =>
    `Je ne peux pas retirer la demande numéro ${writeDigits(number)}, mais la nouvelle dit qu’elle la remplace.`,
  prioritySet: (number, isUrgent) =>
    `La demande numéro ${writeDigits(number)} est maintenant ${isUrgent ? 'urgente' : 'plus urgente'}.`,
  transferFailed: (why, where) =>
    `Je suis désolé, ${why}. Je peux prendre une demande pour ${where}. ${SAY.askSpecific}`,
  numberPart: (number) => ` est le ${writeDigits(number)}.`,
  // Another model's words, or a server's, may be in another language: then the concierge says it in its own.
  result: (spoken) => (languageOfText(spoken) === 'fr' ? spoken : ''),
};
