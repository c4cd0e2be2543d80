import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';

/** What is said of the app, whatever the credentials. */
export const appFields = {
  bundle_id: Type.String({ maxLength: 155, description: 'The bundle id of your app: `com.example.shop`.' }),
  environment: Type.Enum(['production', 'sandbox'], {
    description:
      'Which of Apple’s two services knows the tokens of your app: `production` (when absent) for builds from the App Store, TestFlight and ad hoc, `sandbox` for builds from Xcode. Subscriptions with `test_type` 1 go to `sandbox` in any case, and a token that one service does not know is tried at the other.',
  }),
};

export function bundleIdOf(text: string): string {
  if (/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(text)) return text;
  throw invalidField('bundle_id', 'must be letters, digits, hyphens and dots: com.example.shop');
}
