import type { Envelope, RenderedPush } from '@carillon/server';

const CONTENT: RenderedPush = {
  appId: '0193a000-0000-7000-8000-000000000001',
  title: 'Your order is on its way',
  subtitle: null,
  body: 'The courier has taken it this morning, and will be with you between ten and twelve. You need not be at home.',
  template: null,
  fields: {
    data: { order: 'A-4711', parcels: 2 },
    url: 'https://shop.example/orders/A-4711',
    collapse_id: 'order-A-4711',
    buttons: [
      { id: 'track', text: 'Track' },
      { id: 'move', text: 'Another day' },
    ],
  },
  confirmsDelivery: false,
  expiresAt: Date.now() + 3 * 24 * 3_600_000,
};

/** An order's news for the device of number `index`, some 400 bytes. */
export function sampleEnvelope(index: number, token: string): Envelope<RenderedPush> {
  const hex = index.toString(16).padStart(12, '0');
  return {
    messageId: '0193a000-0000-7000-8000-000000000007',
    lane: index % 256,
    recipient: { subscriptionId: `0193a000-0000-7000-8000-${hex}`, token },
    content: CONTENT,
    attempt: 1,
  };
}
