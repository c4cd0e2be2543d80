/** A process that owns lanes and counts in each of them: `new Child(counterProcess, [url, holdMs])`. */
export const counterProcess = new URL('./counter-process.ts', import.meta.url);
