import { Type } from 'typebox';

/** How all routes of journeys are opened, and how they refuse. */
export const config = { access: 'app', envelope: 'structured', denied: 'access-denied' } as const;

const uuid = Type.String({ format: 'uuid' });

export const ofApp = Type.Object({ app_id: uuid });
export const ofJourney = Type.Object({ app_id: uuid, journey_id: uuid });
export const ofNode = Type.Object({ app_id: uuid, journey_id: uuid, node_id: uuid });

export const pageQuery = {
  cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
  limit: Type.Integer({ minimum: 1, maximum: 50, default: 50 }),
};
