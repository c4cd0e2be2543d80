/** `AARRGGBB` or `RRGGBB`, with or without `#`. */
const COLOR = /^#?([0-9a-f]{2})?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;

/** `#RRGGBB`; undefined for what is no colour. */
export function opaqueColorOf(text: string | undefined): string | undefined {
  const [, , red, green, blue] = COLOR.exec(text ?? '') ?? [];
  return red === undefined ? undefined : `#${red}${green}${blue}`;
}

/** The light of a device that blinks once a second; undefined for what is no colour. */
export function lightOf(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const parts = COLOR.exec(text ?? '');
  if (parts === null) return undefined;
  const share = (place: number) => Number.parseInt(parts[place] ?? 'ff', 16) / 255;
  return {
    color: { alpha: share(1), red: share(2), green: share(3), blue: share(4) },
    light_on_duration: '1s',
    light_off_duration: '1s',
  };
}
