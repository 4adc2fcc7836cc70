// The choice of a track: four cards, the closed ones said to be so.
import { h } from "../instruments/shared/html";
import type { Message, Track, TracksContent } from "../protocol";
import { rich, tied } from "../rich";
import type { ScreenKind } from "../screen";

function fact(label: string, value: string): HTMLElement {
  return h("div", {}, h("dt", {}, label), h("dd", {}, tied(value)));
}

function card(track: Track, first: boolean, send: (message: Message) => void): HTMLElement {
  const id = `track-${track.id}`;
  const head = h("div", { class: "card-head" }, h("h2", { id }, track.name), track.open ? h("span", { class: "minutes" }, `${track.minutes} min`) : h("span", { class: "closed" }, "Not open yet"));
  const facts = h("dl", {}, fact("You are", track.persona), fact("Who asks", track.stakeholder), fact("North Star", track.north_star), fact("Machine", track.machine));
  const body = [head, h("p", { class: "crisis" }, ...rich(track.crisis)), facts];
  if (!track.open) return h("li", { class: "card closed-card", "data-track": track.id }, ...body);
  const label = { type: "button", class: "go", "aria-describedby": id, "data-choose": track.id, "data-action": first ? "next" : null };
  const button = h("button", label, `Take ${track.name}`, h("span", { "aria-hidden": "true" }, " →"));
  button.addEventListener("click", () => send({ type: "choose", track: track.id, part: null }));
  return h("li", { class: "card", "data-track": track.id }, ...body, h("div", { class: "card-foot" }, button, ...laterParts(track, id, send)));
}

/** For who joins in the middle: a later part, with an expert's answers to what went before. */
function laterParts(track: Track, described: string, send: (message: Message) => void): HTMLElement[] {
  return track.parts.slice(1).map(({ number, title, minutes }) => {
    const props = { type: "button", class: "quiet", "aria-describedby": described, "data-choose": track.id, "data-part": number };
    const button = h("button", props, `Start at Part ${number} · ${title}`, h("small", {}, ` ${minutes} min`));
    button.addEventListener("click", () => send({ type: "choose", track: track.id, part: number }));
    return button;
  });
}

function page(content: TracksContent, send: (message: Message) => void): HTMLElement {
  const firstOpen = content.tracks.find((track) => track.open)?.id;
  const cards = content.tracks.map((track) => card(track, track.id === firstOpen, send));
  return h(
    "div",
    { class: "tracks" },
    h("div", { class: "claim" }, h("p", { class: "eyebrow" }, "A performance-engineering lab"), h("h1", { tabindex: "-1" }, "What binds this workload on this machine?"), h("p", { class: "lead" }, content.lead)),
    h("ul", { class: "cards", role: "list" }, ...cards),
  );
}

export const tracks: ScreenKind<"tracks"> = {
  key: (view) => JSON.stringify(view.content),
  open(view, stage) {
    stage.main.append(page(view.content, stage.send));
    return { paint: () => undefined };
  },
};
