// The theme: the system's, light or dark, in turn.
import { h } from "../instruments/shared/html";
import { theme } from "../memory";

const order = ["auto", "light", "dark"] as const;
type Theme = (typeof order)[number];

const icons: Record<Theme, string> = {
  auto: `<circle cx="10" cy="10" r="6.5"/><path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor"/>`,
  light: `<circle cx="10" cy="10" r="3.4"/><path d="M10 2v2.2M10 15.8V18M2 10h2.2M15.8 10H18M4.3 4.3l1.6 1.6M14.1 14.1l1.6 1.6M4.3 15.7l1.6-1.6M14.1 5.9l1.6-1.6"/>`,
  dark: `<path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z"/>`,
};

function current(): Theme {
  const stored = theme.get();
  return stored === "light" || stored === "dark" ? stored : "auto";
}

export function themeButton(): HTMLButtonElement {
  const button = h("button", { type: "button", class: "icon-button" });
  const paint = (): void => {
    const now = current();
    if (now === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
    button.innerHTML = `<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">${icons[now]}</svg>`;
    button.setAttribute("aria-label", `Theme: ${now}`);
    button.title = `Theme: ${now}`;
  };
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(current()) + 1) % order.length] as Theme;
    theme.set(next === "auto" ? null : next);
    paint();
  });
  paint();
  return button;
}
