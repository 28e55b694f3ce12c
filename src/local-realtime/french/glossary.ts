/**
 * What guests say in French, phrase by phrase, and the words by which the concierge knows it. French ones are regular
 * expressions over uniform words (no accents, no apostrophes); the longest at each place counts. Tables only.
 */
import { HOTEL_TALK } from './hotel-talk.ts';
import { NOUNS, PLACES } from './nouns.ts';

const ASK = '(?:est ce que )?(?:(?:pouvez|pourriez) vous|vous (?:pouvez|pourriez))';

/** Moves before the thing it stands behind. */
export const EXTRA = '(extra)';
/** Bears no meaning. */
const NOTHING = '';

export const GLOSSARY: readonly (readonly [string, string])[] = [
  // Answers and manners.
  ['oui|ouais|volontiers|avec plaisir|absolument|ca marche', 'yes'],
  ['d accord|tres bien|parfait|ca va|bien sur', 'okay'],
  ['c est (?:bien )?ca|c est exact|c est correct|exactement|tout a fait', "that's right"],
  ['non', 'no'],
  ['non merci', 'no thank you'],
  ['ce n est pas ca|c est pas ca|ce n est pas correct|c est faux|pas vraiment|pas du tout', "that's not right"],
  ['pas encore', 'not yet'],
  ['merci(?: beaucoup| bien)?|je vous remercie|c est tres gentil|merci pour votre aide', 'thank you'],
  ['c est tout|ce sera tout|rien d autre|ca ira|c est bon', 'that is all'],
  ['au revoir|a bientot|a plus tard|bonne (?:journee|soiree|nuit)', 'goodbye'],
  ['bonjour|bonsoir|allo|salut', 'hello'],
  ['s il (?:vous|te) plait', 'please'],
  ['euh|ah|oh|bon|voila', NOTHING],
  ['alors', 'so'],
  ['monsieur', 'mr'],
  ['madame', 'mrs'],
  [`${ASK} repeter|repetez|pardon|comment|je n ai pas (?:compris|entendu)|qu avez vous dit`, 'can you repeat that'],
  ['excusez moi', 'sorry'],
  [`vous pouvez parler plus fort`, 'speak louder again please'],
  ['un (?:instant|moment)|une (?:seconde|minute)|attendez(?: un instant| une seconde)?|je reflechis', 'one moment'],
  ['laissez tomber|oubliez(?: ca)?|tant pis|j ai change d avis', 'never mind'],
  [
    '(?:je (?:voudrais|veux) )?annuler(?: ma demande| ca)?|annulez(?: ma demande| ca)?|je n en ai plus besoin',
    'cancel my request',
  ],
  // Wanting.
  [
    'je (?:voudrais|veux|souhaite)|j aimerais|nous (?:voudrions|aimerions)|il (?:me|nous) fau(?:t|drait)',
    'i would like',
  ],
  ['(?:je (?:voudrais|veux)|j aimerais|puis je) commander', 'i would like to order'],
  ['j ai besoin(?: de| d)?|nous avons besoin(?: de| d)?', 'i need'],
  [
    '(?:est ce que je peux|est ce que je pourrais|pourrais je|puis je|est ce qu on peut|on peut|je peux) avoir',
    'can i have',
  ],
  ['(?:est ce que je peux|puis je|pourrais je|est ce qu on peut|peut on|pouvons nous)', 'can i'],
  [
    `${ASK}(?: s il vous plait)?(?: m| nous)? (?:apporter|envoyer|donner|faire monter)|apportez moi|envoyez moi`,
    'can you bring me',
  ],
  [ASK, 'can you'],
  [
    '(?:il n y a|je n ai|nous n avons) (?:pas|plus) (?:d|de)(?= (?:eau chaude|electricite|internet|chauffage|lumiere|wifi))',
    'there is no',
  ],
  ['il (?:n y a plus|n y a pas|manque)(?: de| d)?', 'i need'],
  ['une autre|un autre|encore une?', 'another'],
  ['d autres|plus de|encore des', 'more'],
  ['supplementaires?|de plus|en plus', EXTRA],
  ['propres?', 'clean'],
  // The room.
  ['chambre(?: numero)?', 'room'],
  ['(?:dans|pour|a|de) la chambre', 'to room'],
  ['(?:dans|a|pour) (?:ma|notre) chambre', 'to my room'],
  ['(?:je suis|nous sommes|j appelle) (?:dans|a|en|de|au)(?: la)? chambre', "i'm in room"],
  ['ma chambre est la', 'my room is room'],
  ['je suis (?:au|a la|le)', "i'm in"],
  ['(?:ce n est pas|c est pas) la bonne chambre', 'that is the wrong room'],
  ['(?:ce n est pas|c est pas|pas) la chambre', 'not room'],
  ['non (?:c est )?(?:la )?chambre', 'no room'],
  ['je voulais dire|plutot', 'i meant'],
  ['j ai dit', 'i said'],
  ['seulement|juste', 'only'],
  ['numero', 'number'],
  ...HOTEL_TALK,
  // Questions.
  ['(?:a|jusqu a) quelle heure|quand|quels sont les horaires|les horaires', 'what time is'],
  ['(?:le |du |au )?petit dejeuner', 'breakfast'],
  ['est servi|est ouverte?|ouvre|ferme|commence|finit', 'open'],
  ['la salle de sport|de la salle de sport|une salle de sport|salle de sport', 'the gym'],
  ['piscine', 'pool'],
  ['diner|dejeuner', 'dinner'],
  ['parking', 'parking'],
  ['(?:une )?navette', 'shuttle'],
  ['(?:ou (?:est|sont)|ou se trouve)', 'where is'],
  ['y a t il|est ce qu il y a|avez vous|vous avez', 'is there'],
  ['combien coute', 'how much is'],
  [
    '(?:quel est |c est quoi |donnez moi )?(?:le )?(?:mot de passe|code)(?: (?:du |pour le |d )?(?:wifi|internet))?',
    'what is the wifi password',
  ],
  ['comment (?:se connecter|me connecter|je me connecte) au wifi', 'how do i get online'],
  ['wi fi', 'wifi'],
  [
    '(?:a|jusqu a) quelle heure (?:est le depart|faut il (?:partir|liberer la chambre|quitter la chambre)|doit on partir|dois je (?:partir|liberer la chambre))|(?:quelle est )?l heure (?:du|de) depart',
    'what time is check out',
  ],
  ['(?:a quelle heure est|quelle est l heure de) l arrivee', 'what time is check in'],
  ['ou (?:puis je|peut on) (?:se garer|me garer)', 'where can i park'],
  ['ou (?:puis je|peut on) manger', 'where can i eat'],
  ['(?:ou )?(?:puis je|peut on) fumer(?: dans la chambre)?', 'can i smoke what about smoking'],
  [
    '(?:les (?:chiens|animaux) sont ils (?:acceptes|autorises)|acceptez vous les (?:chiens|animaux))',
    'are pets allowed',
  ],
  ['quelle est l adresse(?: de l hotel)?|ou est l hotel', 'what is the address'],
  ['j ai une question', 'i have a question'],
  // Requests that exist.
  [
    `(?:ou en est|quand arrivent?|vous appelle pour|voudrais savoir ou en est) (?:ma demande|ma commande|mes serviettes|mes oreillers|mon taxi|mon repas|mon linge|mes bagages|le technicien)`,
    'what is the status of my request',
  ],
  [
    '(?:avez vous )?des nouvelles de ma demande|quelles sont mes demandes|personne n est venu|(?:j attends|nous attendons) (?:toujours|encore)',
    'what is the status of my request',
  ],
  [
    '(?:quel (?:est|etait)|c etait quoi) (?:le|mon) numero(?: de (?:ma )?demande)?(?: deja)?|repeter le numero',
    'what is my request number',
  ],
  ['demande(?: numero)?', 'request number'],
  ['le numero est', 'the number is'],
  ['c est (?:tres |vraiment )?urgent|d urgence|ca ne peut pas attendre', 'it is urgent'],
  ['(?:pouvez|pourriez) vous (?:faire plus vite|vous depecher)|depechez vous', 'hurry up'],
  // People.
  ['parler (?:a|avec)|passez moi|me passer', 'speak to'],
  ['quelqu un|une (?:vraie )?personne|un (?:etre )?humain|un employe|un collegue|un agent|une personne', 'a person'],
  [
    'je ne veux pas parler a une machine|je veux pas parler a un robot|je (?:ne )?veux pas parler a (?:une machine|un robot)',
    'i want to speak to a person',
  ],
  ['(?:a )?(?:la |le )?reception(?:niste)?|la receptionniste', 'the front desk'],
  ['(?:la |le )?concierge(?:rie)?', 'the concierge'],
  ['(?:le )?service technique|(?:le |un )?technicien', 'maintenance'],
  ['(?:le )?service d etage|(?:la )?femme de chambre|(?:les )?femmes de chambre', 'housekeeping'],
  ['(?:le |un )?(?:directeur|responsable)', 'the manager'],
  [
    'j ai une reclamation|(?:une question|une erreur) sur ma facture|prolonger mon sejour|je voudrais payer|changer de chambre',
    'i want to complain',
  ],
  ['qui est dans la chambre', 'who is in room'],
  ['est ce que (?=(?:monsieur|madame))', 'is'],
  ['est (?:dans l hotel|chez vous|arrivee?|ici)', 'staying in the hotel'],
  ['(?:dans )?quelle chambre est', 'what room is'],
  ['quelle est la chambre de', 'what is the room of'],
  ['(?:passez moi|pouvez vous me passer) la chambre', 'connect me to room'],
  ['qui etes vous|comment vous appelez vous', 'who are you'],
  [
    '(?:etes vous|est ce que je parle a|je parle a) (?:un robot|une machine|un ordinateur|une vraie personne|une personne)',
    'are you a robot',
  ],
  ['que pouvez vous faire(?: pour moi)?', 'what can you do'],
  ['comment allez vous', 'how are you'],
  ['je m appelle|mon nom(?: de famille)? est|le nom est', 'my name is'],
  ['au nom de', 'under the name of'],
  // Danger.
  ['il y a le feu|au feu|il y a un incendie', 'there is a fire'],
  ['il y a de la fumee', 'there is smoke'],
  ['au secours|a l aide|aidez moi', 'help me'],
  [
    '(?:appelez|il faut appeler|pouvez vous appeler|j ai besoin d|il me faut|nous avons besoin d) une ambulance',
    'call an ambulance',
  ],
  [
    '(?:appelez|il faut appeler|pouvez vous appeler|j ai besoin d|il me faut|nous avons besoin d) un (?:medecin|docteur)',
    'i need a doctor',
  ],
  ['(?:appelez|il faut appeler|pouvez vous appeler) la police', 'call the police'],
  ['(?:appelez|il faut appeler|pouvez vous appeler) les pompiers', 'call the fire brigade'],
  [
    '(?:mon mari|ma femme|mon fils|ma fille|mon ami|mon bebe) (?:ne respire (?:pas|plus)|saigne|est inconscient|(?:a fait|fait) un malaise|est tombe|est tres malade)',
    'my friend is unconscious',
  ],
  ['j ai mal a la poitrine|je fais une crise cardiaque', 'chest pain heart attack'],
  ['je n arrive pas a respirer', "i can't breathe"],
  ['c est une urgence', 'it is an emergency'],
  ['quelqu un (?:est|essaie d entrer) dans ma chambre', 'someone is trying to break into my room'],
  // Time.
  ['du matin', 'in the morning'],
  ['du soir', 'in the evening'],
  ['de l apres midi', 'in the afternoon'],
  ['cet apres midi', 'this afternoon'],
  ['demain matin', 'tomorrow morning'],
  ['demain soir', 'tomorrow evening'],
  ['demain', 'tomorrow'],
  ['ce soir', 'tonight'],
  ['aujourd hui', 'today'],
  ['tout de suite|maintenant|immediatement', 'right now'],
  ['des que possible|le plus vite possible|vite', 'as soon as possible'],
  ['dans une demi heure', 'in half an hour'],
  ['dans une heure', 'in an hour'],
  ['dans deux heures', 'in two hours'],
  ['minutes?', 'minutes'],
  ['vers', 'around'],
  ['jusqu a', 'until'],
  ['avant', 'before'],
  // Places.
  ...PLACES.map(
    ([name, , said]) => [`(?:(?:a|pour|vers|au|jusqu a) )?(?:l |la |le )?(?:${said})`, `to the ${name}`] as const,
  ),
  // Things.
  ...NOUNS.flatMap(([one, many, english, plural]) => [[one, english] as const, [many, plural] as const]),
  ['de l eau|eau', 'water'],
  ['de la glace', 'ice'],
  ['mes|mon|ma|nos|notre', 'my'],
  // Small words.
  ['le|la|les|l', 'the'],
  ['des|du|quelques', 'some'],
  ['de|d', 'of'],
  ['un|une', 'a'],
  ['et|avec', 'and'],
  ['aussi', 'also'],
  ['mais', 'but'],
  ['pour', 'for'],
  ['a|au|aux', 'at'],
  ['dans', 'in'],
  ['c est', 'it is'],
  ['je', 'i'],
  ['est', 'is'],
  ['sont', 'are'],
  ['pas', 'not'],
];
