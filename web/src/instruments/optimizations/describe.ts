// A factor as people read it, and the whole picture in a paragraph, for those who hear it.
import { amount, digits } from "../shared/format";
import { type OptimizationBar, type Optimizations, sides } from "./types";

/** "× 2.05"; a change that makes it slower says so by a factor below one. */
export function times(factor: number): string {
  return `×\u202f${factor < 9.995 ? factor.toFixed(2) : digits(factor)}`;
}

/** What a change works on, in words. */
export function meansOf({ means, side }: OptimizationBar): string {
  return means === side ? means : `${means}, the ${side}`;
}

/** Where the bar of a change goes, in words. */
export function inOrder({ before, after, factor }: OptimizationBar, unit: string): string {
  return `In the order taken ${times(factor)}: ${amount(before, unit)} → ${amount(after, unit)}`;
}

export function owed({ fair, doublings }: OptimizationBar): string {
  return `In any order ${times(fair)}, ${digits(doublings, 3).replace("-", "−")} doublings`;
}

export function describe(picture: Optimizations): string {
  const { title, quantity, unit, before, after, bars, speedup } = picture;
  const steps = bars.map((bar) => `${bar.label} (${meansOf(bar)}): ${times(bar.factor)}, in any order ${times(bar.fair)}`);
  const split = sides.map((side) => `the ${side} ${times(picture.sides[side])}`).join(", ");
  return `${title}: ${quantity}. ${before.label}: ${amount(before.value, unit)}. ${steps.join("; ")}. ${after.label}: ${amount(after.value, unit)}, ${times(speedup)} in all. In any order, ${split}.`;
}
