// While a slider is in the hand the picture follows it at once; what glides is what changes by itself.
const after = 250; // ms from the last move until things may glide again

let rest: ReturnType<typeof setTimeout> | undefined;

export function held(): void {
  document.documentElement.dataset.held = "true";
  clearTimeout(rest);
  rest = setTimeout(() => delete document.documentElement.dataset.held, after);
}
