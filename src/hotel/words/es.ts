/** Spanish, as far as the call itself speaks; what tools answer, the model tells in the guest's language. */
import { english } from './en.ts';
import type { HotelWords } from './hotel-words.ts';

export const spanish: HotelWords = {
  ...english,
  locale: 'es-ES',
  notice: (agent, hotel) => `Hola, soy ${agent}, el asistente de IA de ${hotel}, y esta llamada se transcribe.`,
  question: '¿En qué puedo ayudarle?',
  offer: 'Para español, diga «español».',
  switched: 'Por supuesto, en español.',
  farewell: (hotel) => `Gracias por llamar a ${hotel}. Adiós.`,
  stillThere: '¿Sigue usted ahí?',
  tooLong: 'Lo siento, esta llamada ha llegado a su duración máxima. Vuelva a llamar si necesita algo más. Adiós.',
  askingColleague: 'Un momento, tengo que preguntárselo a un compañero.',
  apology: 'Lo sentimos, ahora no se puede localizar a nadie. Vuelva a llamar dentro de unos minutos.',
  departments: {
    'front-desk': 'la recepción',
    reception: 'la recepción',
    housekeeping: 'el servicio de limpieza',
    maintenance: 'el servicio técnico',
    'room-service': 'el servicio de habitaciones',
    concierge: 'la conserjería',
    restaurant: 'el restaurante',
    spa: 'el spa',
  },
  transfer: {
    ...english.transfer,
    announcement: (department) => `Un momento, por favor. Le paso con ${department}.`,
  },
  colleague: {
    intro: (name) => `Un huésped al teléfono para ${name}.`,
    keys: 'Para atender la llamada, pulse uno. Para rechazarla, pulse dos.',
  },
};
