/** What a device says of its own push subscription when it changes. */
export interface PushState {
  readonly token: string;
  readonly enabled: boolean;
  readonly notification_types: number;
}

/** How one device SDK speaks, as the protocol reference describes it. It never has a key. */
export interface DeviceVoice {
  readonly name: string;
  /** Before every path. */
  readonly prefix: '' | '/api/v1';
  readonly pushType: 'ChromePush' | 'AndroidPush' | 'iOSPush';
  /** Which requests name the push subscription in the header OneSignal-Subscription-Id. */
  readonly namesItself: 'always' | 'in sessions';
  headers(hasBody: boolean): Readonly<Record<string, string>>;
  newToken(): string;
  /** A push subscription in POST users, with permission given. */
  push(token: string): object;
  /** The same before anybody was asked for permission. */
  placeholder(): object;
  /** In PATCH subscriptions. */
  pushChange(state: PushState): object;
  /** An email or SMS subscription in POST subscriptions. */
  address(type: 'Email' | 'SMS', token: string): object;
}
