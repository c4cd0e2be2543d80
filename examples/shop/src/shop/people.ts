import { Random } from './random.ts';

interface Place {
  readonly language: string;
  readonly country: string;
  readonly timezone: string;
  readonly first: readonly [string, ...string[]];
  readonly last: readonly [string, ...string[]];
}

const PLACES: readonly [Place, ...Place[]] = [
  {
    language: 'en',
    country: 'GB',
    timezone: 'Europe/London',
    first: ['Amelia', 'Oscar', 'Isla', 'Rupert', 'Freya', 'Callum', 'Poppy', 'Edmund', 'Harriet', 'Finn'],
    last: ['Ashworth', 'Pembroke', 'Hartley', 'Lockwood', 'Marsh', 'Penhale', 'Tunstall', 'Wetherby'],
  },
  {
    language: 'en',
    country: 'IE',
    timezone: 'Europe/Dublin',
    first: ['Aoife', 'Cormac', 'Niamh', 'Declan', 'Orla', 'Fergus', 'Maeve', 'Ronan'],
    last: ['Kinsella', 'Brogan', 'Tierney', 'Costigan', 'Geraghty', 'Lenihan'],
  },
  {
    language: 'de',
    country: 'DE',
    timezone: 'Europe/Berlin',
    first: ['Greta', 'Jonas', 'Liesel', 'Matthias', 'Frieda', 'Henrik', 'Ida', 'Konrad', 'Marlene'],
    last: ['Aschenbach', 'Brandt', 'Eichhorn', 'Lindner', 'Rosenthal', 'Seidel', 'Vogt'],
  },
  {
    language: 'fr',
    country: 'FR',
    timezone: 'Europe/Paris',
    first: ['Camille', 'Baptiste', 'Margaux', 'Lucien', 'Odette', 'Rémi', 'Solène', 'Thibault'],
    last: ['Beaumont', 'Chevalier', 'Delacroix', 'Fontaine', 'Marchand', 'Perrault'],
  },
  {
    language: 'nl',
    country: 'NL',
    timezone: 'Europe/Amsterdam',
    first: ['Femke', 'Joris', 'Lotte', 'Maarten', 'Saskia', 'Wouter', 'Anouk'],
    last: ['de Wit', 'Hoekstra', 'Kuipers', 'van Dam', 'Visser', 'Zijlstra'],
  },
  {
    language: 'es',
    country: 'ES',
    timezone: 'Europe/Madrid',
    first: ['Alba', 'Joaquín', 'Lucía', 'Mateo', 'Noelia', 'Rafael', 'Ximena'],
    last: ['Aguirre', 'Campos', 'Herrera', 'Montero', 'Salinas', 'Vidal'],
  },
];

export interface Person {
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly language: string;
  readonly country: string;
  readonly timezone: string;
  readonly wants_mail: boolean;
}

/** The `number`th customer of the shop: always the same one. Seven in eight want mail. */
export function personOf(number: number): Person {
  const random = new Random(number * 7919);
  const { first, last, ...place } = random.pick(PLACES);
  const first_name = random.pick(first);
  const last_name = random.pick(last);
  return {
    first_name,
    last_name,
    email: `${plain(first_name)}.${plain(last_name)}.${number}@example.com`,
    ...place,
    wants_mail: random.below(8) > 0,
  };
}

/** Letters as an address may hold them everywhere. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}|\s/gu, '')
    .toLowerCase();
}
