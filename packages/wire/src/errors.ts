/**
 * The error catalogue: every refusal of the API, once. The key is the stable code that the
 * structured envelope carries; the title is the sentence, with `{name}` where a value goes; both
 * are the documented ones wherever they are known. docs/reference/errors.md is generated from it.
 */
export interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  /** Structured envelope: the code on the wire where it is not the key; null leaves it out. */
  readonly code?: string | null;
  /** Basic envelope: sentences after the title. */
  readonly also?: readonly string[];
  /** Basic envelope: members beside `errors`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** The answer is `text/plain` without a body, whatever the envelope. */
  readonly empty?: true;
  /** The answer is structured, whatever the envelope. */
  readonly structured?: true;
}

export const catalogue = {
  'access-denied': {
    status: 403,
    title:
      "Access denied.  Please include an 'Authorization: ...' header with a valid API key (https://documentation.onesignal.com/docs/en/keys-and-ids#api-keys).",
  },
  'access-denied-export': { status: 401, title: 'Missing or invalid REST API key for the app.' },
  'access-denied-events': { status: 401, title: 'Missing or invalid API key.', empty: true },
  'authorization-missing': {
    status: 400,
    title: 'Please include a case-sensitive header of Authorization',
  },
  'plan-not-permitted': {
    status: 403,
    title: 'This API is not available for applications on your plan.',
  },
  forbidden: { status: 403, title: 'Forbidden' },
  'auth-1': { status: 401, title: "This operation requires 'Authorization' in the HTTP header" },
  // The documented code and sentence; `meta` says what is wrong with the token, on every route alike.
  'identity-token': {
    status: 401,
    code: 'auth-1',
    title: "This operation requires 'Authorization' in the HTTP header",
    structured: true,
  },
  'identity-token-scope': {
    status: 403,
    title: 'The identity token does not allow this: {field} {rule}',
    structured: true,
  },
  'request-1': { status: 400, title: 'Invalid UUID' },
  'request-invalid': { status: 400, title: '{field} {rule}' },
  'user-2': { status: 409, title: 'One or more Aliases claimed by another User' },
  'user-3': { status: 400, title: 'Creating a User requires at least one Alias or Subscription' },
  'user-not-found': {
    status: 404,
    code: null,
    title: "Given alias `({label}: {value})` doesn't match an existing user",
  },
  'alias-not-found': { status: 404, title: 'This user has no alias with the label `{label}`' },
  'alias-limit': {
    status: 400,
    title:
      'A user can have at most {limit} aliases besides external_id. Delete one with DELETE .../identity/<label> first.',
  },
  'tag-limit': {
    status: 400,
    title:
      'A user of this app can have at most {limit} tags. Remove some with "" first, in a request of its own.',
  },
  // The documented code of this route, with a sentence that says what is missing.
  'subscription-user-not-found': {
    status: 404,
    code: 'subscription-0',
    title: "Given alias `({label}: {value})` doesn't match an existing user",
  },
  'subscription-0': { status: 404, title: 'Subscription not found' },
  'unsubscribe-subscription': {
    status: 404,
    code: 'subscription-0',
    title: 'Subscription not found',
    structured: true,
  },
  'subscription-token-taken': {
    status: 409,
    title:
      'Another subscription of this app has this token. Move it with PATCH .../subscriptions/<id>/owner, or delete it first.',
  },
  'channel-not-configured': {
    status: 404,
    title:
      'This app has no provider for {channel}. Set one with PUT /apps/<app_id>/channels/{channel} first.',
  },
  'provider-not-found': {
    status: 404,
    title:
      'This app has no provider {name} for {channel}. GET /apps/<app_id>/channels/{channel}/providers lists those it has.',
  },
  'too-many-providers': {
    status: 409,
    title: 'This app has {most} providers for {channel}, and may have no more: delete one that is not used.',
  },
  'endpoint-not-found': {
    status: 404,
    title: 'This app has no endpoint {name}. GET /apps/<app_id>/endpoints lists those it has.',
  },
  'too-many-endpoints': {
    status: 409,
    title: 'This app has {most} endpoints, and may have no more: delete one that is not used.',
  },
  'endpoint-post-not-found': {
    status: 404,
    title: 'The endpoint {name} has no post with the id {id}: posts are kept for 30 days after their end.',
  },
  'event-name-not-found': {
    status: 404,
    title:
      'No event with the name {name} has come. GET /apps/<app_id>/custom_events/names lists those that have.',
  },
  'webhook-not-found': {
    status: 404,
    title: 'This app has no webhook with the id {id}. GET /apps/<app_id>/webhooks lists those it has.',
  },
  'webhook-name-taken': {
    status: 409,
    title: 'This app has a webhook with the name {name} already: choose another one, or change that webhook.',
  },
  'too-many-webhooks': {
    status: 409,
    title: 'This app has {most} webhooks, and may have no more: delete one that is not used.',
  },
  'webhook-in-use': {
    status: 409,
    title: 'Journeys call this webhook: {journeys}. Take it out of them, or archive them, first.',
  },
  'webhook-test-user-not-found': {
    status: 404,
    title:
      'This app has no user with the external_id {external_id}. Leave it out to test with a made-up one.',
  },
  'event-stream-not-found': {
    status: 404,
    title: 'This app has no event stream {name}. GET /apps/<app_id>/event_streams lists those it has.',
  },
  'too-many-event-streams': {
    status: 409,
    title: 'This app has {most} event streams, and may have no more: delete one that is not used.',
  },
  'event-stream-kind': {
    status: 409,
    title:
      'The event stream {name} is of the kind {kind}, and stays so: delete it first, or take another name.',
  },
  'event-stream-unsigned': {
    status: 409,
    title: 'The event stream {name} is no webhook: it signs nothing.',
  },
  'event-stream-behind': {
    status: 409,
    title:
      'Events that the event stream {name} has not sent are no longer kept. Resume it with {"skip_missing": true} to go on with the oldest that is.',
  },
  'event-stream-replaying': {
    status: 409,
    title:
      'The event stream {name} is replaying a message. Wait until replaying is null, or replay from a time.',
  },
  'event-stream-no-such-event': {
    status: 404,
    title: 'There is no such message in this app, or none of its events is kept any more.',
  },
  'feed-cursor-behind': {
    status: 410,
    title:
      'Events that came after this cursor are no longer kept. Read without a cursor to go on with the oldest that is.',
  },
  'provider-event-signature': {
    status: 401,
    title:
      'webhook-signature does not match: sign "<webhook-id>.<webhook-timestamp>.<body>" with the shared secret, and send it within five minutes.',
  },
  'email-report-unproven': {
    status: 403,
    title: 'This does not come from {provider}, or it cannot be known: {proof}.',
  },
  'sms-opt-out-not-found': {
    status: 404,
    title:
      'This number has not opted out of texts from this sender. GET /apps/<app_id>/channels/sms/opt-outs lists who has.',
  },
  'suppression-not-found': {
    status: 404,
    title: 'This address is not on the suppression list of the app.',
  },
  'twilio-signature': {
    status: 403,
    title:
      "X-Twilio-Signature does not match {url}: sign with the auth token of this app's settings, and give Twilio the address as CARILLON_PUBLIC_URL has it.",
  },
  'vonage-signature': {
    status: 401,
    title:
      "The webhook is not signed by Vonage: its bearer token must be signed with the signature secret of this app's settings, over this body and for this application.",
  },
  'sandbox-local-only': {
    status: 403,
    title: 'The sandbox shows every message, so it answers only requests from the machine that it runs on.',
  },
  'sandbox-message-not-found': {
    status: 404,
    title: 'The sandbox has no message with the id {id}: it keeps only the newest.',
  },
  'sandbox-action-refused': {
    status: 409,
    title: 'This cannot be done with message {id} of the sandbox: {reason}',
  },
  'not-found': { status: 404, title: 'No such route: {method} {path}' },
  internal: { status: 500, title: 'Something went wrong here. The request may be retried.' },
  'journey-not-found': { status: 404, title: 'Journey not found' },
  'journey-changed': {
    status: 409,
    title:
      'The journey has been changed meanwhile. Read it again and repeat the change with its concurrency_key.',
  },
  'journey-invalid': {
    status: 422,
    title:
      'The journey cannot go live like this. {path}: {problem}: {fix}. meta.errors has all that is wrong.',
  },
  'journey-node-not-found': { status: 404, title: 'The journey has no node with the id {id}' },
  'journey-version-not-found': { status: 404, title: 'The journey has no version {version}' },
  'journey-state': { status: 422, title: 'The state of the journey does not allow this: {reason}' },
  'journey-simulation-too-large': {
    status: 422,
    title:
      'The simulation is too large for one answer: {found}. Make the period shorter, ask for a sample_percent, or name people in users.',
  },
  'journey-simulation-busy': {
    status: 429,
    title: 'This server works on {limit} simulations already. Send the request again in a moment.',
  },
  'feed-cursor': {
    status: 400,
    title: 'cursor must be one that this feed gave out; leave it away to read from the start',
  },
  'feed-live-too-many': {
    status: 429,
    title:
      'At most {most} callers of an app follow its feed at a time. End one of them, or pull with a cursor.',
  },
  'erasure-not-found': { status: 404, title: 'Erasure not found' },
  'cursor-invalid': {
    status: 400,
    title:
      'cursor must be the next_cursor of an earlier page, sent with the same filters; leave it away to begin at the start',
  },
  unavailable: { status: 503, title: 'Service temporarily unavailable' },

  // What the HTTP layer itself refuses.
  'app-id-missing': {
    status: 400,
    title: 'app_id not found. You may be missing a Content-Type: application/json header.',
    extra: { reference: ['/docs/accounts-and-keys#section-keys-ids'] },
  },
  'app-id-unparsed': {
    status: 400,
    title: 'Request is malformed: Failed to parse app_id from request',
  },
  'app-id-unparsed-twice': {
    status: 400,
    title: 'Request is malformed: Failed to parse app_id from request',
    also: ['JSON body is None for app_id_location=body request'],
  },
  'app-id-invalid': { status: 400, title: 'app_id must be a valid UUID' },
  'body-malformed': { status: 400, title: 'The request body is not valid JSON: {reason}' },
  'body-too-large': {
    status: 413,
    title: 'The request body is larger than {limit} bytes. Send it in several requests.',
  },
  'content-type': {
    status: 415,
    title: 'The Content-Type {type} is not understood here. Send Content-Type: application/json.',
  },
  'url-malformed': { status: 400, title: 'The path is not a valid URL: percent-encode it as UTF-8.' },
  'method-not-allowed': {
    status: 405,
    title: '{method} is not possible on this path. It knows {allowed}.',
  },
  'rate-limit': { status: 429, code: 'Rate Limit Exceeded', title: 'API rate limit exceeded' },

  // Apps and keys.
  'apps-list-denied': { status: 403, title: 'You do not have permission to list apps.' },
  'apps-too-many': {
    status: 400,
    title:
      'This API endpoint is disabled for organizations with over 1000 apps. Please contact support if you need access to this endpoint.',
  },
  'app-view-denied': { status: 403, title: 'You do not have permission to view this app.' },
  'app-update-denied': { status: 403, title: 'You do not have permission to update this app.' },
  'app-create-denied': {
    status: 403,
    title: 'You do not have permission to create an app in this organization.',
  },
  'app-not-found': { status: 404, title: "Couldn't find app with id = {app_id}" },
  'organization-not-found': { status: 404, title: 'Organization not found' },
  'organization-permission': {
    status: 403,
    title: 'Current organization permissions do not allow this action.',
  },
  'app-organization-fixed': {
    status: 400,
    title: 'organization_id cannot be changed: an app stays in its organization. Leave it out.',
  },
  'app-delete-unconfirmed': {
    status: 400,
    title:
      'confirm must be the name of the app, as GET /apps/{app_id} shows it: DELETE /apps/{app_id}?confirm=<name>, percent-encoded. Nothing was deleted.',
  },
  'app-delete-denied': { status: 403, title: 'You do not have permission to delete this app.' },
  'deleted-app-not-found': {
    status: 404,
    title: 'This organization has deleted no app with the id {app_id}.',
  },
  'token-app-not-found': { status: 404, title: 'App not found' },
  'token-not-found': { status: 404, title: 'Token not found' },
  'token-limit': {
    status: 400,
    title: 'An app or an organization can have at most {limit} API keys. Delete one first.',
  },
  'token-last': {
    status: 409,
    title:
      'This is the only API key of the organization: without it nobody could manage its apps and keys. Create another one first, with POST /organizations/{organization_id}/auth/tokens.',
  },
  'token-locks-out': {
    status: 409,
    title:
      'This is the only API key of the organization, and ip_allowlist leaves out {ip}, from where you call: nobody there could manage its apps and keys any more. Add that address, or create another key first, with POST /organizations/{organization_id}/auth/tokens.',
  },

  // Outcomes.
  'outcome-aggregation': { status: 400, title: 'Add .sum or .count to every requested outcome id' },

  // Identity verification.
  'identity-key-not-found': { status: 404, title: 'This app has no identity key with the id {id}' },
  'identity-key-limit': {
    status: 400,
    title: 'An app can have at most {limit} identity keys. Delete one first.',
  },
  'identity-key-known': { status: 409, title: 'This app has this key already: its kid is {kid}' },
  'identity-key-last': {
    status: 409,
    title:
      'This is the only identity key, and the app requires identity tokens: without it every device would be locked out. Add another key first, or set identity_verification to off.',
  },

  // Bulk upsert of users: of the whole request, before or after its first lines.
  'bulk-content-type': {
    status: 415,
    title:
      'A bulk request has one JSON object on each line. Send it with Content-Type: application/x-ndjson, not {type}.',
  },
  'bulk-content-encoding': {
    status: 415,
    title: 'Content-Encoding {encoding} is not understood here. Send the body as it is, or with gzip.',
  },
  'bulk-empty': {
    status: 400,
    title: 'The request body has nothing from line {line} on. Send one user on each line, as JSON.',
  },
  'bulk-busy': {
    status: 429,
    title: 'This server works on {limit} bulk requests already. Send the request again in a moment.',
  },
  'bulk-too-large': {
    status: 413,
    title:
      'The request has more than {limit} bytes, counted after decompression. Send the lines from {line} on in another request.',
  },
  'bulk-too-many-lines': {
    status: 413,
    title: 'A request can have at most {limit} lines. Send the same lines again with from_line={line}.',
  },
  'bulk-gzip': {
    status: 400,
    title: 'The body is not whole and valid gzip ({reason}): nothing can be read from line {line} on.',
  },
  'bulk-stalled': {
    status: 408,
    title: 'Nothing came for {seconds} seconds. Send the same lines again with from_line={line}.',
  },
  'bulk-too-long': {
    status: 408,
    title: 'A request can take at most {minutes} minutes. Send the same lines again with from_line={line}.',
  },
  'bulk-unread': {
    status: 408,
    title:
      'Nothing of the answer was read for {seconds} seconds, and more than {bytes} bytes of it do not wait. Read while you send, or send fewer lines at a time. Send the same lines again with from_line={line}.',
  },
  'bulk-stopping': {
    status: 503,
    title: 'The server is shutting down. Send the same lines again with from_line={line}.',
  },

  // Bulk upsert of users: of one line.
  'bulk-line-too-long': { status: 413, title: 'The line has more than {limit} bytes' },
  'bulk-line-not-utf8': { status: 400, title: 'The line is not UTF-8' },
  'bulk-line-malformed': { status: 400, title: 'The line is not valid JSON: {reason}' },

  // Messages.
  'message-not-found': { status: 404, title: 'Notification not found' },
  'message-contents': {
    status: 400,
    title: 'Message Notifications must have English language content',
  },
  'message-channels': {
    status: 400,
    title:
      'Platforms You may only send to one delivery channel at a time. Make sure you are only including one of push platforms, Email, or SMS.',
  },
  'message-targeting': {
    status: 400,
    title: 'You must include which players, segments, or tags you wish to send this notification to.',
  },
  'message-subscription-ids': {
    status: 400,
    title: 'Incorrect subscription_id format in include_subscription_ids (not a valid UUID): [{ids}]',
  },
  'message-field': { status: 400, title: '{field} {rule}' },
  'live-activity-not-found': { status: 404, title: 'activity_id not found in this app' },
  'live-activity-nobody': { status: 400, title: 'All included players are not subscribed' },
  'live-activity-too-many': {
    status: 400,
    title: 'activity_id goes on on more than {most} devices: give activities ids of smaller groups',
  },
  'message-not-cancellable': {
    status: 400,
    title: 'The message can not be cancelled: it was sent to everyone already, or cancelled before.',
  },
  'message-audience-guard': {
    status: 400,
    title:
      'This message is for {recipients} recipients, and the app has {used} in the {minutes} minutes before: more than {most}, which is {times} times its {subscribed} subscriptions that can be sent to. If that is meant, send confirm_recipients: {recipients}. The limit is audience_guard in PATCH /apps/<app_id>/policy.',
  },
  'message-not-pausable': {
    status: 400,
    title: 'The message can not be paused or resumed: it was sent to everyone already, or cancelled.',
  },
  'ab-test-not-found': { status: 404, title: 'This app has no A/B test with the id {id}' },
  'ab-test-decided': {
    status: 409,
    title:
      'The A/B test was decided before: {winner} goes to the rest, and cannot be changed for another variant.',
  },
  'ab-test-cancelled': {
    status: 409,
    title: 'The A/B test was cancelled: nothing of it goes out any more. Create another one.',
  },
  'ab-test-over': {
    status: 409,
    title: 'The A/B test can not be cancelled: everything was sent already.',
  },
  'idempotency-key-reused': {
    status: 409,
    title: 'idempotency_key was used for another request body. Send a new key, or the same body again.',
  },
  'message-filter-field': {
    status: 400,
    title: 'Segment {field} is not a valid filter field.',
    also: [
      'field of a filter must be one of tag, last_session, first_session, session_count, session_time, language, country, app_version, location, amount_spent, bought_sku, email, device_type, test_user, external_id, rooted, created_at, subscription_status, message_event, custom_event.',
    ],
  },
  'segment-not-found': { status: 404, title: 'segment not found', extra: { success: false } },
  'segment-name-taken': {
    status: 400,
    title: 'Segment name is already taken.',
    extra: { success: false },
  },
  'segment-id-taken': {
    status: 409,
    title: 'Segment with the given id already exists.',
    extra: { success: false },
  },
  'segment-limit': {
    status: 422,
    title: 'You have reached the maximum number of segments allowed for your plan.',
    also: ['An app can have 1000 segments that are not paused: delete or pause one first.'],
    extra: { success: false },
  },
  'segment-read-only': {
    status: 400,
    title: 'Every app has this segment, and it cannot be changed, paused or deleted: create one of your own.',
    extra: { success: false },
  },
  'history-events': {
    status: 400,
    title: 'param `events` must be sent or clicked',
    extra: { success: false },
  },
  'export-file-not-found': {
    status: 404,
    title: 'There is no such file: it is not ready yet, or it has expired. Files are kept for 3 days.',
  },
  'export-file-not-ready': {
    status: 403,
    title: 'The file is not ready yet: ask again in some seconds.',
  },
  'export-not-found': { status: 404, title: 'This app has no export with the id {id}' },
  'export-limit': {
    status: 429,
    title:
      'This app has {limit} exports that are not ready yet: wait until one is, or cancel one with POST /apps/<app id>/exports/<its id>/cancel.',
  },
  'export-ended': {
    status: 409,
    title: 'The export cannot be cancelled any more: it is {state}. DELETE takes its file away.',
  },
  'import-not-found': { status: 404, title: 'This app has no import with the id {id}' },
  'import-content-type': {
    status: 415,
    title:
      'Content-Type is {type}: it must be text/csv or application/gzip with the file as the body, multipart/form-data with it as a field, or application/json with its url.',
  },
  'import-form': {
    status: 400,
    title: 'The form cannot be read: {reason}. It must have one file, in the field "{field}".',
  },
  'import-too-large': {
    status: 413,
    title: 'The file is larger than {limit} bytes after decompression: split it.',
  },
  'import-gzip': { status: 400, title: 'The file cannot be decompressed: {reason}' },
  'import-stalled': { status: 408, title: 'Nothing of the file came for {seconds} seconds: send it again.' },
  'import-unreadable': { status: 400, title: 'The file cannot be read: {reason}' },
  'import-state': {
    status: 409,
    title: 'The import is {state}: {action} is for one that is {states}.',
  },
  'import-limit': {
    status: 429,
    title: 'This app has {limit} imports that have not ended: wait until one has, or cancel one.',
  },
  'history-email': {
    status: 400,
    title: 'param `email` must be a valid email',
    extra: { success: false },
  },

  // Templates.
  'template-not-found': { status: 404, title: 'template not found' },
  'template-email-body': {
    status: 400,
    title: "'message' Email body can not be blank",
    extra: { success: false },
  },
  'template-contents': {
    status: 400,
    title: "'message' Notifications must have Any/English language content",
    extra: { success: false },
  },
  'liquid-invalid': {
    status: 400,
    title: '{field} is not valid Liquid at line {line}, column {column}: {problem}',
    extra: { success: false },
  },
  'mjml-invalid': {
    status: 400,
    title: '{field} is not valid MJML at line {line}: {problem}',
    extra: { success: false },
  },
  'mjml-uncompiled': {
    status: 400,
    title: '{field} is MJML that cannot be compiled: {problem}',
    extra: { success: false },
  },
  'mjml-busy': {
    status: 503,
    title: 'Too many MJML documents wait to be compiled. Send the request again in a moment.',
    extra: { success: false },
  },
  'template-limit': { status: 400, title: 'Invalid limit, must be within 1 to 50' },
  'template-channel': { status: 400, title: 'Invalid channel' },
  'template-copy-not-found': {
    status: 404,
    title: 'There is no such template, or no such app in your organization.',
    extra: { success: false },
  },
  'template-in-use': {
    status: 400,
    title: 'Can not delete a template that has journeys using it.',
    extra: { success: false },
  },

  // Data feeds.
  'data-feed-not-found': { status: 404, title: 'This app has no data feed with the id {id}' },
  'data-feed-alias-taken': {
    status: 409,
    title: 'This app has a data feed with the alias {alias} already: choose another one, or change that feed',
  },
  'data-feed-limit': { status: 400, title: 'An app can have at most {limit} data feeds. Delete one first.' },
  'data-feed-in-use': {
    status: 409,
    title: 'A template names this data feed: take data_feed "{alias}" out of the templates first.',
  },

  // Players, the model before users.
  'player-not-found': { status: 400, title: 'No user with this id found' },
  'player-not-found-on-delete': {
    status: 404,
    title: 'No user with this id found',
    extra: { success: false },
  },
  // Old SDKs look for "not a valid device_type", and then make their player anew.
  'player-not-found-on-session': {
    status: 400,
    title:
      'No user with this id found. A missing device_type is not a valid device_type to make one. Valid options are: {options}',
  },
  'player-device-type': {
    status: 400,
    title: 'Device type {given} is not a valid device_type. Valid options are: {options}',
  },
  'player-tags-per-request': {
    status: 400,
    title: 'Please limit your tag updates to {limit} per request',
  },
  'player-tag-limit': {
    status: 400,
    title: 'App is limited to a maximum of {limit} tags on a given player',
  },
  'players-too-many': {
    status: 400,
    title:
      'This list is closed to apps with more than {limit} players, because each page looks at all of them.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof catalogue;
