import type { EndpointKindName } from '@carillon/wire';
import type { EndpointSettings } from '../endpoint-settings.ts';
import { discordWire } from './discord.ts';
import type { EndpointWire } from './endpoint-wire.ts';
import { slackWire } from './slack.ts';
import { teamsWire } from './teams.ts';
import { webhookWire } from './webhook.ts';

const WIRES: Readonly<Record<EndpointKindName, EndpointWire<EndpointSettings>>> = {
  webhook: webhookWire,
  slack: slackWire,
  discord: discordWire,
  teams: teamsWire,
};

/** How a kind is spoken to. What it writes takes settings of that kind. */
export function wireOf(kind: EndpointKindName): EndpointWire<EndpointSettings> {
  return WIRES[kind];
}
