/**
 * The body template for OneSignal's dashboard (Data > Event Streams), in Liquid. What people name is
 * URL-encoded: a quotation mark in it would make the body no JSON.
 */
export const EVENT_STREAM_TEMPLATE = `{
  "encoding": "url",
  "id": "{{ event.id }}",
  "kind": "{{ event.kind }}",
  "at": "{{ event.datetime | url_encode }}",
  "external_id": "{{ event.external_id | url_encode }}",
  "onesignal_id": "{{ event.onesignal_id }}",
  "subscription_id": "{{ event.subscription_id }}",
  "message_id": "{{ message.id }}",
  "template_id": "{{ message.template_id }}",
  "campaign": { "name": "{{ message.name | url_encode }}" }
}
`;
