const acting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `act` when a signal ends that has not ended yet; what it returns takes that back. However many wait, the
 * signal has one listener: adding another looks at all that it has.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  const acts = acting.get(signal) ?? listenTo(signal);
  acts.add(act);
  return () => void acts.delete(act);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const acts = new Set<() => void>();
  acting.set(signal, acts);
  signal.addEventListener(
    'abort',
    () => {
      for (const act of acts) act();
      acts.clear();
    },
    { once: true },
  );
  return acts;
}
