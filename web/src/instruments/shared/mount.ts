// What every instrument does around its drawing: a root element with its styles, repainting, and cleaning up.
import tokens from "../../styles/tokens.css?inline";
import common from "./common.css?inline";
import type { Cleanup, Widget, WidgetModel } from "./anywidget";

export interface Painter<P> {
  paint(picture: P): void;
  stop?(): void;
}

function withStyles(el: HTMLElement, css: string): HTMLElement {
  const root = document.createElement("div");
  root.className = "il-instrument";
  // The page brings the tokens itself; a notebook does not. The element may not be in the document yet.
  const hosted = getComputedStyle(document.documentElement).getPropertyValue("--il-ink") !== "";
  const style = document.createElement("style");
  style.textContent = [...(hosted ? [] : [tokens]), common, css].join("\n");
  el.append(style, root);
  return root;
}

/** An anywidget whose `picture` is painted by one painter for as long as the element lives. */
export function widget<P>(css: string, start: (root: HTMLElement, model: WidgetModel) => Painter<P>): Widget {
  return {
    render({ model, el }): Cleanup {
      const root = withStyles(el, css);
      const painter = start(root, model);
      const repaint = (): void => {
        const picture = model.get("picture") as P | null | undefined;
        if (picture) painter.paint(picture);
      };
      model.on("change:picture", repaint);
      repaint();
      return () => {
        model.off("change:picture", repaint);
        painter.stop?.();
        el.replaceChildren();
      };
    },
  };
}
