import type { Status } from '../status/read-status.ts';

interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** Label values are words of ours, never of a person. */
  readonly values: readonly (readonly [labels: string, value: number | null])[];
}

/** A status as Prometheus reads it, text format 0.0.4. */
export function writeMetrics(status: Status): string {
  return metricsOf(status)
    .map(({ name, type, help, values }) => {
      const full = `carillon_connector_${name}`;
      const lines = values.flatMap(([labels, value]) =>
        value === null ? [] : [`${full}${labels} ${value}`],
      );
      return lines.length === 0
        ? ''
        : `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('\n')}\n`;
    })
    .join('');
}

function metricsOf({ told, outbox, lagMs, rejects, slot, pass }: Status): Metric[] {
  const sent = Object.entries(told?.sent ?? {}).map(
    ([what, count]) => [`{what="${what}"}`, Number(count)] as const,
  );
  return [
    { name: 'sent_total', type: 'counter', help: 'Items with an answer in this run.', values: sent },
    {
      name: 'returned_total',
      type: 'counter',
      help: 'Message events written in this run.',
      values: [['', told?.returned ?? null]],
    },
    {
      name: 'troubles_total',
      type: 'counter',
      help: 'Tries that failed and were repeated in this run.',
      values: [['', told?.troubles ?? null]],
    },
    {
      name: 'outbox_items',
      type: 'gauge',
      help: 'Items that wait to be sent.',
      values: [['', outbox.items]],
    },
    { name: 'outbox_bytes', type: 'gauge', help: 'Bytes of them.', values: [['', outbox.bytes]] },
    {
      name: 'lag_seconds',
      type: 'gauge',
      help: 'Age of the oldest item that waits.',
      values: [['', lagMs / 1000]],
    },
    {
      name: 'rate_per_second',
      type: 'gauge',
      help: 'Items with an answer a second, over the last minute.',
      values: [['', told?.rate ?? null]],
    },
    {
      name: 'pass_done',
      type: 'gauge',
      help: '1 once all users were compared.',
      values: [['', pass === 'done' ? 1 : 0]],
    },
    {
      name: 'started_timestamp_seconds',
      type: 'gauge',
      help: 'When the run began.',
      values: [['', seconds(told?.startedAt)]],
    },
    {
      name: 'caught_up_timestamp_seconds',
      type: 'gauge',
      help: 'When nothing waited last.',
      values: [['', seconds(told?.caughtUpAt)]],
    },
    {
      name: 'rejects',
      type: 'gauge',
      help: 'What is not accepted now.',
      values: Object.entries(rejects).map(([what, count]) => [`{what="${what}"}`, count] as const),
    },
    {
      name: 'slot_retained_bytes',
      type: 'gauge',
      help: "Bytes of the source's log that the slot holds back.",
      values: [['', slot !== null && 'bytes' in slot ? slot.bytes : null]],
    },
  ];
}

function seconds(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1000;
}
