// A round in words: what it makes, what that takes without a draft, and whether it pays.
import { amount, digits, percent } from "../shared/format";
import type { Round } from "./types";

export const nounOf = ({ what }: Round): string => what ?? "tokens";

/** The target's own token, which no draft proposed; a round of frames has none. */
export const isOwn = ({ label }: Round["tokens"][number]): boolean => label === "own";

export function total({ parts }: Round): number {
  return parts.reduce((sum, part) => sum + part.time, 0);
}

/** How many times as fast a round is as the same tokens one by one. */
export const gain = ({ expected, even }: Round): number => expected / even;

export const pays = ({ expected, even }: Round): boolean => expected > even;

/** How likely a token is kept, short enough for its cell. */
export const chanceOf = (chance: number): string => digits(chance * 100, chance >= 0.995 ? 3 : 2);

export function describe(picture: Round): string {
  const { title, tokens, plain, parts, unit, expected, even } = picture;
  const kept = tokens.map(({ label, chance }) => `${label} ${percent(chance)}`).join(", ");
  const spent = parts.map((part) => `${part.label} ${amount(part.time, unit)}`).join(", ");
  return `${title}. Chance to be kept: ${kept}. ${plain.label}: ${amount(plain.time, unit)}. A round: ${spent}. It makes ${digits(expected)} ${nounOf(picture)}; ${digits(even)} would break even.`;
}
