const FORM = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?$/iu;

/** Seconds since midnight of `9:00AM`, `21:45` or `09:45:30`; null for anything else. */
export function parseTimeOfDay(text: string): number | null {
  const [, hours, minutes, seconds = '0', half] = FORM.exec(text.trim()) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  if (minute > 59 || second > 59) return null;
  if (half === undefined) return hour > 23 ? null : (hour * 60 + minute) * 60 + second;
  if (hour < 1 || hour > 12) return null;
  return (((hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)) * 60 + minute) * 60 + second;
}

/** `09:00`, and `09:45:30` where there are seconds. */
export function showTimeOfDay(second: number): string {
  const parts = [Math.floor(second / 3_600), Math.floor(second / 60) % 60, second % 60];
  return (second % 60 === 0 ? parts.slice(0, 2) : parts)
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
