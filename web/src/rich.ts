// Sentences of the engine, set with care: symbols of the Iron Law as symbols, and a number never parted from its unit.
import { h } from "./instruments/shared/html";

const symbols = /\b(BW|R|D|L|T|e)_(mem|peak|vol|lat|c|m|d|8|16)\b/g;
const amounts = /(\d) (?=%|×|(?:[kMGTPmµn]?(?:B|s|FLOP|W|J)|tokens|points|°C|K|min|FPS)\b)/g;

/** The text with its numbers tied to their units. */
export function tied(text: string): string {
  return text.replace(amounts, "$1\u00a0");
}

/** The text with its numbers tied and BW_mem as BW with a subscript. */
export function rich(sentence: string): (Node | string)[] {
  const text = tied(sentence);
  const parts: (Node | string)[] = [];
  let from = 0;
  for (const match of text.matchAll(symbols)) {
    const [whole, letter = "", sub = ""] = match;
    parts.push(text.slice(from, match.index), h("span", { class: "math" }, h("i", {}, letter), h("sub", {}, sub)));
    from = match.index + whole.length;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== "");
}

/** A sentence begins with a capital; one that begins with the name of a kernel or a call keeps it as it is. */
export function capital(text: string): string {
  const [first = ""] = text.split(" ");
  return /[._+:/]\w|[a-z][A-Z]/.test(first) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
